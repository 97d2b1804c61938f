import { analyse, type Analysis } from "../measure/judge.ts";
import { networkAgent } from "../measure/network-agent.ts";
import { survey } from "../measure/survey.ts";
import { walk } from "../measure/walk.ts";
import type { GoldenModel } from "./models.ts";

/**
 * The walk by which every golden model is measured. It consists of many short walks, so that errors of path integration
 * do not blur the maps. The box is in metres. Bins are 6.25 cm wide and are visited 19 times on average.
 */
const GOLDEN_WALK = { box: 5, bins: 80, walkers: 300, steps: 400, seed: 0 };

/**
 * What a network shows in the golden walk (M1 to M9). It needs an engine, and disposes of all tensors that it makes.
 */
export function goldenAnalysis({ config, parameters }: Pick<GoldenModel, "config" | "parameters">): Analysis {
  const steps = walk({ ...GOLDEN_WALK, vMax: config.velocityMax });
  return analyse(survey(networkAgent(parameters, config), steps, { ...GOLDEN_WALK, kept: 0 }).maps, { shuffles: 0 });
}
