import type { OperationName } from "../port/operations.ts";
import type { Precision, Tolerance } from "../port/tolerance.ts";

/**
 * The tolerance is this many times the measured error. The experiment rounds inputs only, but an implementation rounds
 * every product and sum.
 */
export const SAFETY = 30;

/** The smallest relative tolerance. For float32 it is about 34 units in the last place, and for float64 far more. */
const FLOOR: Record<Precision, number> = { float32: 2e-6, float64: 1e-12 };

/**
 * The absolute tolerance of what is made of states of length one. Their squared distances may be computed from scalar
 * products. This leaves an error of some units in the last place of 1, however small the result is.
 */
const MADE_OF_STATES: Record<Precision, number> = { float32: 1e-6, float64: 1e-14 };

/**
 * The absolute tolerance of measures. They interpolate, smooth and solve with numbers of order one, and each of these
 * steps rounds.
 */
const MEASURE: Record<Precision, number> = { float32: 1e-5, float64: 1e-12 };

const ABSOLUTE: Partial<Record<OperationName, Record<Precision, number>>> = {
  separation: MADE_OF_STATES,
  invariance: MADE_OF_STATES,
  capacity: MADE_OF_STATES,
  conformalIsometry: MADE_OF_STATES,
  losses: MADE_OF_STATES,
  gradients: MADE_OF_STATES,
  rateMap: MEASURE,
  autocorrelogram: MEASURE,
  gridness: MEASURE,
  lattice: MEASURE,
};

/** The absolute tolerance of an operation's outputs. */
export function absoluteTolerance(operation: OperationName, precision: Precision): number {
  return ABSOLUTE[operation]?.[precision] ?? 0;
}

/** The tolerance that belongs to a measured error. */
export function toleranceOf(operation: OperationName, measured: number, precision: Precision): Tolerance {
  return {
    relative: Math.max(FLOOR[precision], upTheLadder(SAFETY * measured)),
    absolute: absoluteTolerance(operation, precision),
  };
}

/** The least of ..., 0.1, 0.2, 0.5, 1, 2, 5, 10, ... that is not below x. It is 0 for 0. */
export function upTheLadder(x: number): number {
  if (x === 0) return 0;
  const exponent = Math.floor(Math.log10(x));
  const rungs = [1, 2, 5, 10].map((digit) => Number(`${digit}e${exponent}`));
  return rungs.find((rung) => rung >= x) ?? Number(`2e${exponent + 1}`);
}
