import * as tf from "@tensorflow/tfjs-core";
import type { Agent, Journey } from "./agent.ts";
import { initialState, move } from "../model/network.ts";
import type { Config } from "../train/config.ts";
import { parametersFrom, type ParameterName } from "../train/parameters.ts";

/** A network that walks. Needs an engine. */
export interface NetworkAgentOptions {
  /** Share of g_0 that is mixed into every new state before it is normalised anew: a network that forgets where it is. */
  leak?: number;
}

/** The agent of trained (or any) parameters, flat as they are stored: N2 at the origin, N1 and N3 at every step. */
export function networkAgent(
  values: Record<ParameterName, ArrayLike<number>>,
  { units, hidden, velocityScale }: Pick<Config, "units" | "hidden" | "velocityScale">,
  { leak = 0 }: NetworkAgentOptions = {},
): Agent {
  return {
    units,
    start(walkers): Journey {
      const p = parametersFrom(values, units, hidden);
      const initial = tf.tidy(() => tf.reshape<tf.Rank.R3>(initialState(p.gamma), [1, 1, units]));
      let g = tf.tile(initial, [walkers, 1, 1]);
      let states = g.dataSync<"float32">();
      return {
        get states() {
          return states;
        },
        step(velocities) {
          const next = tf.tidy(() => {
            const moved = move(p, tf.tensor2d(velocities, [walkers, 2]), velocityScale, g);
            return leak === 0 ? moved : leaked(moved, initial, leak);
          });
          g.dispose();
          g = next;
          states = g.dataSync<"float32">();
          return states;
        },
        end() {
          tf.dispose([g, initial]);
          tf.dispose({ ...p });
        },
      };
    },
  };
}

/** States drawn towards the initial one by a share, at length one again. */
function leaked(states: tf.Tensor3D, initial: tf.Tensor3D, leak: number): tf.Tensor3D {
  const mixed = tf.add<tf.Tensor3D>(tf.mul(states, 1 - leak), tf.mul(initial, leak));
  return tf.div(mixed, tf.norm(mixed, 2, -1, true));
}
