import { analyse, type Analysis } from "../measure/judge.ts";
import { networkRateMaps } from "../measure/network-maps.ts";
import { parametersFrom } from "../train/parameters.ts";
import type { GoldenModel } from "./models.ts";
import * as tf from "@tensorflow/tfjs-core";

/** How golden models are walked: many short walks, so that errors of path integration do not blur the maps; bins of 6.25 cm, 19 visits each on average. */
export const GOLDEN_WALK = { box: 5, bins: 80, walkers: 300, steps: 400, seed: 0 };

/** What a golden model shows in the golden walk (M1 to M9). Needs an engine; leaves no tensor behind. */
export function survey({ config, parameters }: Pick<GoldenModel, "config" | "parameters">): Analysis {
  const p = parametersFrom(parameters, config.units, config.hidden);
  try {
    const { velocityMax: vMax, velocityScale } = config;
    return analyse(networkRateMaps(p, { ...GOLDEN_WALK, vMax, velocityScale }), { shuffles: 0 });
  } finally {
    tf.dispose(p as unknown as tf.TensorContainer);
  }
}
