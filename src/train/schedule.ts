/** T4: the factor on the learning rate at optimiser step `step` (from 0): linear warm-up, then a cosine down to `floor`. */
export function warmupCosine(step: number, steps: number, warmup: number, floor: number): number {
  const cosine = floor + ((1 - floor) * (1 + Math.cos((Math.PI * step) / steps))) / 2;
  return warmupShare(step, warmup) * cosine;
}

/** T4 without the cosine: linear warm-up, then 1. */
export function warmupShare(step: number, warmup: number): number {
  return warmup === 0 ? 1 : Math.min(1, (step + 1) / warmup);
}

/** T5's state: the factor in force, the best loss so far (null before the first), and how long ago it was. */
export interface Plateau {
  factor: number;
  best: number | null;
  waited: number;
}

export const freshPlateau: Plateau = { factor: 1, best: null, waited: 0 };

/** T5: reduce on plateau. A loss below best (1 - threshold) is an improvement; after more than `patience` steps without, the factor falls. */
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

/** T6: where a ramp begins and ends, as shares of the run's steps. */
export interface RampShares {
  rampStart: number;
  rampEnd: number;
}

/** T6: what goes from `start` to `end` over the ramp, at optimiser step `step` (from 0) of `steps`. */
export function ramped(step: number, steps: number, start: number, end: number, ramp: RampShares): number {
  const share = step / steps;
  if (share >= ramp.rampEnd) return end;
  const passed = Math.max(0, (share - ramp.rampStart) / (ramp.rampEnd - ramp.rampStart));
  return start + (end - start) * passed;
}

/** T6: the number of time steps of a trajectory, in whole numbers, while it grows. */
export function rampedTimesteps(step: number, steps: number, start: number, end: number, ramp: RampShares): number {
  return start + Math.floor(ramped(step, steps, 0, end - start, ramp));
}
