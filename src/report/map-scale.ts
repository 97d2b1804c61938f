import type { MapKind } from "../claims/claim.ts";

/** The correlations at the two ends of the colours, for every autocorrelogram. */
export const CORRELATIONS = [-0.5, 1] as const;

/** The lowest and the highest known number of a grid; [0, 0] when it has none. */
export function rangeOf(values: ArrayLike<number | null>): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (Number.isNaN(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : [0, 0];
}

/**
 * The values at the two ends of a map's colours. Each rate map starts at 0 (or at its lowest rate if this is below 0)
 * and ends at its own highest rate.
 */
export function mapScale(kind: MapKind, values: ArrayLike<number | null>): readonly [number, number] {
  if (kind === "autocorrelogram") return CORRELATIONS;
  const [low, high] = rangeOf(values);
  return [Math.min(0, low), high];
}
