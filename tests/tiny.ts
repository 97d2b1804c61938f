import { PRESETS, type Config } from "../src/train/config.ts";

/** A training of a moment: two attempts of a few steps, of which the first is rejected, with a checkpoint every two steps. */
export const TINY: Config = {
  ...PRESETS.fast,
  steps: 4,
  attempts: 2,
  acceptanceCriteria: [{ at: 0.5, term: "sep", most: -1 }],
  trajectories: 2,
  timesteps: 3,
  curriculum: [],
  units: 3,
  hidden: 2,
  pairStates: 0,
  warmup: 1,
  checkpointEvery: 2,
  logEvery: 1,
};
