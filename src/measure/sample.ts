import type { Autocorrelogram } from "./autocorrelogram.ts";

/**
 * The value of an autocorrelogram at a lag of (x, y) bins, bilinear between the four lags around it.
 * NaN outside, and where one of those four (that has a weight) is NaN. Coordinates within 1e-9 of a whole number count as
 * whole, so that a turn by 90 degrees asks for one lag only.
 */
export function at(correlogram: Autocorrelogram, x: number, y: number): number {
  const { size, values } = correlogram;
  const middle = (size - 1) / 2;
  const column = snapped(x + middle);
  const row = snapped(y + middle);
  const left = Math.floor(column);
  const below = Math.floor(row);
  const right = Math.ceil(column);
  const above = Math.ceil(row);
  if (left < 0 || below < 0 || right >= size || above >= size) return NaN;
  const shareX = column - left;
  const shareY = row - below;
  const lower = values[below * size + left]! * (1 - shareX) + values[below * size + right]! * shareX;
  const upper = values[above * size + left]! * (1 - shareX) + values[above * size + right]! * shareX;
  return lower * (1 - shareY) + upper * shareY;
}

/** A coordinate that rounding has moved off a whole number, put back. */
function snapped(coordinate: number): number {
  const whole = Math.round(coordinate);
  return Math.abs(coordinate - whole) < 1e-9 ? whole : coordinate;
}

/**
 * Radius of the central peak, in bins: the first whole radius at which the mean over the ring of lags around it is 0 or
 * less, or is about to rise again. NaN when that does not happen within the autocorrelogram.
 */
export function centralRadius(correlogram: Autocorrelogram): number {
  const { size, values } = correlogram;
  const middle = (size - 1) / 2;
  const sums = new Float64Array(middle + 1);
  const counts = new Float64Array(middle + 1);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const ring = Math.round(Math.hypot(row - middle, column - middle));
      const value = values[row * size + column]!;
      if (ring > middle || Number.isNaN(value)) continue;
      sums[ring]! += value;
      counts[ring]! += 1;
    }
  }
  for (let ring = 1; ring < middle; ring++) {
    const mean = sums[ring]! / counts[ring]!;
    if (mean <= 0 || sums[ring + 1]! / counts[ring + 1]! > mean) return ring;
  }
  return NaN;
}
