import { InputError } from "../io/error.ts";
import { PRESETS, type Config } from "../train/config.ts";

/** Seeds of the baselines. */
const SEEDS = Array.from({ length: 10 }, (_, seed) => seed);

function baseline(seed: number): string {
  return `seed-${seed}`;
}

/** The names of the baselines, `seed-0` and so on. */
export const BASELINES = SEEDS.map(baseline);

/** The preset `fast` as it was when these models were trained: L2 was taken over the states drawn for L1. */
const BASE: Config = { ...PRESETS.fast, invariancePairs: "drawn" };

/** The seed of every changed recipe. Grid modules emerge in the first attempt of the baseline with this seed. */
const ABLATED_SEED = 4;

/** The baseline with that seed, with which changed recipes are compared. */
export const REFERENCE = baseline(ABLATED_SEED);

/** What every changed recipe starts from: one attempt, without acceptance criteria. */
const oneAttempt: Config = { ...BASE, seed: ABLATED_SEED, attempts: 1, acceptanceCriteria: [] };

/**
 * A change of a config that keeps one setting constant throughout a run, whatever the preset's curriculum does with it.
 */
function throughout(key: "sigmaG" | "lambdaInv" | "lambdaCap", value: number): Partial<Config> {
  return {
    [key]: value,
    curriculum: PRESETS.fast.curriculum.map((knot) => (key in knot ? { ...knot, [key]: value } : knot)),
  };
}

/** What each ablation takes away from the preset `fast`. */
export const ABLATIONS: Record<string, Partial<Config>> = {
  "no-separation": { lambdaSep: 0 },
  "no-invariance": throughout("lambdaInv", 0),
  "no-capacity": throughout("lambdaCap", 0),
  "no-conformal-isometry": { lambdaCon: 0 },
  "no-permutation": { permute: false },
  "small-sigma-g": throughout("sigmaG", 0.1),
};

/** The number of steps for settings under which no lattice forms in the steps of `fast`. */
const LONGER = 3 * PRESETS.fast.steps;

/** Changes of the preset `fast`, each of which goes one step back to the paper's setting. */
const TOWARDS_THE_PAPER: Record<string, Partial<Config>> = {
  "paper-all-speeds": { sigmaS: PRESETS.paper.sigmaS },
  "paper-weights-at-once": { curriculum: [] },
  "paper-square-velocities": { velocityShape: PRESETS.paper.velocityShape },
  "paper-init": { init: PRESETS.paper.init },
  "paper-input-scale": { velocityScale: PRESETS.paper.velocityScale },
  "paper-velocity-range": { velocityMax: PRESETS.paper.velocityMax },
  "paper-init-longer": { init: PRESETS.paper.init, steps: LONGER },
  "paper-velocity-range-longer": { velocityMax: PRESETS.paper.velocityMax, steps: LONGER },
  "paper-learning-rate": { learningRate: PRESETS.paper.learningRate },
  "paper-slow-steps-only": { sigmaS: PRESETS.paper.sigmaS, sigmaC: PRESETS.paper.sigmaC },
  "paper-all-pairs": { pairStates: PRESETS.paper.pairStates },
  "paper-accumulation": { accumulate: PRESETS.paper.accumulate, weightDecay: PRESETS.paper.weightDecay },
};

/**
 * The config of each golden model. `seed-0` to `seed-9` have the preset `fast`, and the others change it in one
 * respect, with one seed.
 */
export const RECIPES: Record<string, Config> = {
  ...Object.fromEntries(SEEDS.map((seed) => [baseline(seed), { ...BASE, seed }])),
  ...Object.fromEntries(
    Object.entries({ ...ABLATIONS, ...TOWARDS_THE_PAPER }).map(([name, change]) => [
      name,
      { ...oneAttempt, ...change },
    ]),
  ),
};

/**
 * The recipe of that name.
 * @throws InputError for any other name
 */
export function recipe(name: string): Config {
  if (!Object.hasOwn(RECIPES, name))
    throw new InputError(`golden model is "${name}"; expected one of ${Object.keys(RECIPES).join(", ")}`);
  return RECIPES[name]!;
}
