/**
 * T4: the factor on the learning rate at optimiser step `step` (from 0): linear warm-up, then a cosine down to `floor`.
 * @spec T4
 */
export function warmupCosine(step: number, steps: number, warmup: number, floor: number): number {
  const cosine = floor + ((1 - floor) * (1 + Math.cos((Math.PI * step) / steps))) / 2;
  return warmupShare(step, warmup) * cosine;
}

/**
 * T4 without the cosine: linear warm-up, then 1.
 * @spec T4
 */
export function warmupShare(step: number, warmup: number): number {
  return warmup === 0 ? 1 : Math.min(1, (step + 1) / warmup);
}

/** The state of T5: the present factor, the best loss so far (null before the first), and the steps since then. */
export interface Plateau {
  factor: number;
  best: number | null;
  waited: number;
}

export const freshPlateau: Plateau = { factor: 1, best: null, waited: 0 };

/**
 * T5: reduce on plateau. A loss below best (1 - threshold) is an improvement; after more than `patience` steps without one, the factor falls.
 * @spec T5
 */
export function reduceOnPlateau(
  state: Plateau,
  loss: number,
  settings: { factor: number; patience: number; threshold: number },
): Plateau {
  if (state.best === null || loss < state.best * (1 - settings.threshold))
    return { factor: state.factor, best: loss, waited: 0 };
  const waited = state.waited + 1;
  if (waited <= settings.patience) return { ...state, waited };
  return { factor: state.factor * settings.factor, best: state.best, waited: 0 };
}

/** T6: the settings that may change during a training. */
export interface CurriculumSettings {
  timesteps: number;
  sigmaG: number;
  lambdaInv: number;
  lambdaCap: number;
}

/** T6: the settings at the share `at` of a training. A setting that a knot does not give has the config's value. */
export type Knot = { at: number } & { [K in keyof CurriculumSettings]?: number | undefined };

/**
 * T6: the settings at optimiser step `step` (from 0) of `steps`: on straight lines from knot to knot, T in whole numbers.
 * @spec T6
 */
export function settingsAt<S extends CurriculumSettings>(
  step: number,
  steps: number,
  own: S,
  curriculum: readonly Knot[],
): S {
  const share = step / steps;
  const passed = curriculum.filter(({ at }) => at <= share).length;
  const last = { at: 0, ...own, ...curriculum[Math.max(0, passed - 1)] };
  const next = { at: 0, ...own, ...curriculum[Math.min(passed, curriculum.length - 1)] };
  const way = next.at > last.at ? (share - last.at) / (next.at - last.at) : 0;
  const between = (key: keyof CurriculumSettings): number => last[key] + (next[key] - last[key]) * way;
  return {
    ...own,
    timesteps: last.timesteps + Math.floor((next.timesteps - last.timesteps) * way),
    sigmaG: between("sigmaG"),
    lambdaInv: between("lambdaInv"),
    lambdaCap: between("lambdaCap"),
  };
}
