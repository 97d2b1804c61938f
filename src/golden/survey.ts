import { analyse, type Analysis } from "../measure/judge.ts";
import { networkAgent } from "../measure/network-agent.ts";
import { survey as surveyOf } from "../measure/survey.ts";
import { walk } from "../measure/walk.ts";
import type { GoldenModel } from "./models.ts";

/** How golden models are walked: many short walks, so that errors of path integration do not blur the maps; bins of 6.25 cm, 19 visits each on average. */
export const GOLDEN_WALK = { box: 5, bins: 80, walkers: 300, steps: 400, seed: 0 };

/** What a golden model shows in the golden walk (M1 to M9). Needs an engine; leaves no tensor behind. */
export function survey({ config, parameters }: Pick<GoldenModel, "config" | "parameters">): Analysis {
  const steps = walk({ ...GOLDEN_WALK, vMax: config.velocityMax });
  return analyse(surveyOf(networkAgent(parameters, config), steps, { ...GOLDEN_WALK, kept: 0 }).maps, { shuffles: 0 });
}
