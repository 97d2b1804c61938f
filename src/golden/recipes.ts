import { InputError } from "../error.ts";
import { PRESETS, type Config } from "../train/config.ts";

/** Seeds of the baselines. */
const SEEDS = Array.from({ length: 10 }, (_, seed) => seed);

/** The seed that every changed recipe shares with its baseline. */
const ABLATION_SEED = 0;

/** A preset under every seed, as `name-0`, `name-1` and so on. */
function seedsOf(name: string, preset: Config): Record<string, Config> {
  return Object.fromEntries(SEEDS.map((seed) => [`${name}-${seed}`, { ...preset, seed }]));
}

/** One value of a setting throughout a run, whatever the preset's course does with it. */
function throughout(key: "sigmaG" | "lambdaInv" | "lambdaCap", value: number): Partial<Config> {
  return { [key]: value, course: PRESETS.fast.course.map((knot) => (key in knot ? { ...knot, [key]: value } : knot)) };
}

/** What each ablation takes away from the preset `fast`. */
const ABLATIONS: Record<string, Partial<Config>> = {
  "no-separation": { lambdaSep: 0 },
  "no-invariance": throughout("lambdaInv", 0),
  "no-capacity": throughout("lambdaCap", 0),
  "no-conformal-isometry": { lambdaCon: 0 },
  "no-permutation": { permute: false },
  "small-sigma-g": throughout("sigmaG", 0.1),
};

/** One step each from the preset `fast` back to the paper's setting. */
const TOWARDS_THE_PAPER: Record<string, Partial<Config>> = {
  "paper-all-speeds": { sigmaS: PRESETS.paper.sigmaS },
  "paper-weights-at-once": { course: [] },
  "paper-square-velocities": { velocityShape: PRESETS.paper.velocityShape },
  "paper-init": { init: PRESETS.paper.init },
  "paper-input-scale": { velocityScale: PRESETS.paper.velocityScale },
};

/** What each golden model is trained with: `seed-0` to `seed-9` under the preset `fast`, `modules-0` to `modules-9` under `modules`, and changes of `fast` under one seed. */
export const RECIPES: Record<string, Config> = {
  ...seedsOf("seed", PRESETS.fast),
  ...seedsOf("modules", PRESETS.modules),
  ...Object.fromEntries(
    Object.entries({ ...ABLATIONS, ...TOWARDS_THE_PAPER }).map(([name, change]) => [
      name,
      { ...PRESETS.fast, seed: ABLATION_SEED, ...change },
    ]),
  ),
};

/** The recipe of that name. Throws an InputError for any other. */
export function recipe(name: string): Config {
  if (!Object.hasOwn(RECIPES, name))
    throw new InputError(`golden model is "${name}"; expected one of ${Object.keys(RECIPES).join(", ")}`);
  return RECIPES[name]!;
}
