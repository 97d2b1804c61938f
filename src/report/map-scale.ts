import type { MapKind } from "../claims/claim.ts";

/** The correlations between which the colours of every autocorrelogram run. */
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

/** The numbers between which the colours of a map run. Each rate map starts at 0 (or at its lowest rate below 0) and has its own highest rate. */
export function mapScale(kind: MapKind, values: ArrayLike<number | null>): readonly [number, number] {
  if (kind === "autocorrelogram") return CORRELATIONS;
  const [low, high] = rangeOf(values);
  return [Math.min(0, low), high];
}
