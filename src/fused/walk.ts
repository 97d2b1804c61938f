import type { move } from "../model/network.ts";
import { perParameter } from "../train/parameters.ts";
import type * as tf from "@tensorflow/tfjs-core";
import type { KernelMemory } from "./memory.ts";
import { transitionForward } from "./transition.ts";

/** N1 and N3 for walkers: the matrices of all of them, then their states, walker by walker. */
export function fusedMove(memory: KernelMemory, ...args: Parameters<typeof move>): ReturnType<typeof move> {
  const [p, velocities, velocityScale, g] = args;
  const [units, hidden, walkers] = [p.gamma.size, p.a1.size, velocities.shape[0]];
  const scaled = memory.floats(velocities.dataSync().map((v) => v / velocityScale));
  const weights = { ...perParameter((name) => memory.of(p[name])), v: scaled };
  const { W } = transitionForward(memory, { velocities: walkers, hidden, units }, weights);
  const states = memory.space(walkers * units);
  memory.run("step", walkers, walkers * units ** 2, [units, W, memory.of(g), states]);
  return memory.tensor<tf.Rank.R3>(states, g.shape);
}
