import { InputError } from "../error.ts";
import { PRESETS, type Config } from "../train/config.ts";

/** Seeds of the baselines. */
const SEEDS = Array.from({ length: 10 }, (_, seed) => seed);

/** A preset under every seed, as `name-0`, `name-1` and so on. */
function seedsOf(name: string, preset: Config): Record<string, Config> {
  return Object.fromEntries(SEEDS.map((seed) => [`${name}-${seed}`, { ...preset, seed }]));
}

/** One value of a setting throughout a run, whatever a preset's course does with it. */
function throughout(preset: Config, key: "sigmaG" | "lambdaInv" | "lambdaCap", value: number): Partial<Config> {
  return { [key]: value, course: preset.course.map((knot) => (key in knot ? { ...knot, [key]: value } : knot)) };
}

/** What each ablation takes away from a preset. */
function ablationsOf(preset: Config): Record<string, Partial<Config>> {
  return {
    "no-separation": { lambdaSep: 0 },
    "no-invariance": throughout(preset, "lambdaInv", 0),
    "no-capacity": throughout(preset, "lambdaCap", 0),
    "no-conformal-isometry": { lambdaCon: 0 },
    "no-permutation": { permute: false },
    "small-sigma-g": throughout(preset, "sigmaG", 0.1),
  };
}

/** One step each from a preset back to the paper's setting. */
const TOWARDS_THE_PAPER: Record<string, Partial<Config>> = {
  "paper-all-speeds": { sigmaS: PRESETS.paper.sigmaS },
  "paper-weights-at-once": { course: [] },
  "paper-square-velocities": { velocityShape: PRESETS.paper.velocityShape },
  "paper-init": { init: PRESETS.paper.init },
  "paper-input-scale": { velocityScale: PRESETS.paper.velocityScale },
  "paper-velocity-range": { velocityMax: PRESETS.paper.velocityMax },
  "paper-learning-rate": { learningRate: PRESETS.paper.learningRate },
};

/** A preset under one seed with one change each, named by a prefix and the change. */
function changesOf(prefix: string, preset: Config): Record<string, Config> {
  return Object.fromEntries(
    Object.entries({ ...ablationsOf(preset), ...TOWARDS_THE_PAPER }).map(([name, change]) => [
      `${prefix}${name}`,
      { ...preset, ...change },
    ]),
  );
}

/**
 * What each golden model is trained with: `seed-0` to `seed-9` under the preset `fast`, `modules-0` to `modules-9` under `modules`, changes of
 * `fast` under seed 0, and changes of a single try of `modules` under seed 4, which comes to grid modules in its first.
 */
export const RECIPES: Record<string, Config> = {
  ...seedsOf("seed", PRESETS.fast),
  ...seedsOf("modules", PRESETS.modules),
  ...changesOf("", { ...PRESETS.fast, seed: 0 }),
  ...changesOf("modules-", { ...PRESETS.modules, seed: 4, tries: 1, gates: [] }),
};

/** The recipe of that name. Throws an InputError for any other. */
export function recipe(name: string): Config {
  if (!Object.hasOwn(RECIPES, name))
    throw new InputError(`golden model is "${name}"; expected one of ${Object.keys(RECIPES).join(", ")}`);
  return RECIPES[name]!;
}
