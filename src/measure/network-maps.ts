import * as tf from "@tensorflow/tfjs-core";
import { initialState, step, transition } from "../model/network.ts";
import type { Parameters } from "../model/network.ts";
import { RateMapAccumulator, type RateMaps } from "./rate-map.ts";
import { walk, type WalkOptions } from "./walk.ts";

export interface SurveyOptions extends WalkOptions {
  /** Bins along each side of the box. */
  bins: number;
  /** s_v of N1. */
  velocityScale: number;
}

/**
 * Rate maps (M2) of a network that walks in a box (M1): every walker starts in g_0 at the origin and knows only its velocities.
 * `onStep` hears how many steps are done. Needs an engine; leaves no tensor behind.
 */
export function networkRateMaps(p: Parameters, options: SurveyOptions, onStep?: (done: number) => void): RateMaps {
  const units = p.gamma.size;
  const { walkers, bins, box, velocityScale } = options;
  const sums = new RateMapAccumulator(units, bins, box);
  let g = tf.tidy(() => tf.tile(tf.reshape<tf.Rank.R3>(initialState(p.gamma), [1, 1, units]), [walkers, 1, 1]));
  let done = 0;
  for (const { velocities, positions } of walk(options)) {
    const next = tf.tidy(() => step(transition(p, tf.tensor2d(velocities, [walkers, 2]), velocityScale), g).g);
    g.dispose();
    g = next;
    sums.add(positions, g.dataSync());
    onStep?.(++done);
  }
  g.dispose();
  return sums.maps();
}
