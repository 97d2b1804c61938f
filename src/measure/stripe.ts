import { at } from "./autocorrelogram.ts";
import type { Autocorrelogram } from "./autocorrelogram.ts";
import { LARGEST_LAG, LEAST_PEAK, LEAST_PERIODICITY, lowestShiftCorrelation } from "./lattice.ts";
import { scaled } from "./vector.ts";
import type { Vector } from "./vector.ts";

/** A ridge must stay up to this share of the box's side. */
const RIDGE_LENGTH = 0.5;

/** Least height along a ridge, as a share of the height of the ridge next to it. */
const LEAST_RIDGE = 0.5;

/** Stripes: the vector from one to the next, in metres, and how well the autocorrelogram repeats itself. */
export interface Stripe {
  vector: Vector;
  periodicity: number;
}

/** Lowest value along the ray from the zero lag into a direction, over lags of 1 bin to `reach` bins. */
function lowestAlong(correlogram: Autocorrelogram, [x, y]: Vector, reach: number): number {
  let lowest = Infinity;
  for (let r = 1; r <= reach; r++) {
    const value = at(correlogram, r * x, r * y);
    if (Number.isNaN(value)) return -Infinity;
    lowest = Math.min(lowest, value);
  }
  return lowest;
}

/** Steps along a ray, in bins. */
const STEP = 0.5;

/** The highest point of a ray between two radii, in steps, refined by the parabola through values a bin apart. */
function highestBetween(correlogram: Autocorrelogram, [x, y]: Vector, from: number, to: number): number {
  const height = (radius: number): number => at(correlogram, radius * x, radius * y);
  let top = from;
  for (let radius = from; radius <= to; radius += STEP) if (height(radius) > height(top)) top = radius;
  const [before, here, after] = [height(top - 1), height(top), height(top + 1)];
  const curvature = before - 2 * here + after;
  return curvature < 0 ? Math.max(from, Math.min(to, top + (before - after) / (2 * curvature))) : top;
}

/**
 * The period along a ray, in bins: from the first maximum after the values have fallen below 0, made more precise by each
 * further one that lies within the largest lag.
 */
function periodAlong(correlogram: Autocorrelogram, ray: Vector): number | undefined {
  const farthest = (LARGEST_LAG * (correlogram.size + 1)) / 2;
  const height = (radius: number): number => at(correlogram, radius * ray[0], radius * ray[1]);
  let radius = STEP;
  while (radius <= farthest && !(height(radius) < 0)) radius += STEP;
  while (radius <= farthest && !(height(radius) > 0 && height(radius) > height(radius + STEP))) radius += STEP;
  if (radius > farthest) return undefined;
  let period = highestBetween(correlogram, ray, Math.max(STEP, radius - 1), radius + 1);
  for (let k = 2; (k + 0.25) * period <= farthest; k++) {
    period = highestBetween(correlogram, ray, (k - 0.25) * period, (k + 0.25) * period) / k;
  }
  return period;
}

/**
 * The stripes of an autocorrelogram, if it is one of stripes: in some direction it
 * stays up along a ridge through the zero lag, across the ridge it falls below 0 and rises to another one, and it repeats
 * itself when shifted by that vector and by as much along the ridge.
 */
export function stripe(correlogram: Autocorrelogram, binWidth: number): Stripe | undefined {
  const reach = (RIDGE_LENGTH * (correlogram.size + 1)) / 2;
  let ridge = { lowest: -Infinity, along: [1, 0] as Vector };
  for (let degrees = 0; degrees < 180; degrees++) {
    const angle = (degrees * Math.PI) / 180;
    const along: Vector = [Math.cos(angle), Math.sin(angle)];
    const lowest = lowestAlong(correlogram, along, reach);
    if (lowest > ridge.lowest) ridge = { lowest, along };
  }
  const across: Vector = [-ridge.along[1], ridge.along[0]];
  const period = periodAlong(correlogram, across);
  if (period === undefined) return undefined;
  const height = at(correlogram, period * across[0], period * across[1]);
  if (height < LEAST_PEAK || ridge.lowest < LEAST_RIDGE * height) return undefined;
  const periodicity = lowestShiftCorrelation(correlogram, [scaled(across, period), scaled(ridge.along, period)]);
  return periodicity >= LEAST_PERIODICITY ? { vector: scaled(across, period * binWidth), periodicity } : undefined;
}
