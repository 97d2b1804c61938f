import { at, centralRadius } from "./autocorrelogram.ts";
import type { Autocorrelogram } from "./autocorrelogram.ts";
import { RunningCorrelation } from "./running-correlation.ts";

/** Rotations, in degrees, under which a hexagonal lattice agrees with itself, and those under which it agrees least. */
const AGREEING = [60, 120];
const DISAGREEING = [30, 90, 150];

/** The smallest outer radius of an annulus: this many times its inner radius, and this many bins beyond it. */
const LEAST_SCALE = 3;
const LEAST_WIDTH = 5;

export interface Gridness {
  /** From -2 to 2; NaN when there is no annulus to take it from. */
  score: number;
  /** Inner and outer radius of the annulus that gave it, in bins. */
  inner: number;
  outer: number;
}

/** Lags of the upper half plane (the lower one is its mirror image) between two radii, nearest first, as [x, y, radius]. */
function lagsByRadius(inner: number, outer: number): [number, number, number][] {
  const lags: [number, number, number][] = [];
  for (let y = 0; y <= outer; y++) {
    for (let x = y === 0 ? 1 : -outer; x <= outer; x++) {
      const radius = Math.hypot(x, y);
      if (radius > inner && radius <= outer) lags.push([x, y, radius]);
    }
  }
  return lags.sort((p, q) => p[2] - q[2]);
}

/**
 * M4. Gridness: min(r60, r120) - max(r30, r90, r150), the best over expanding annuli, where r is the Pearson correlation
 * of the autocorrelogram with itself rotated about the zero lag, over an annulus that leaves out the central peak.
 *
 * The annuli share their inner radius (that of the central peak) and grow outwards bin by bin, up to the box's side.
 * @spec M4
 */
export function gridness(correlogram: Autocorrelogram): Gridness {
  const inner = centralRadius(correlogram);
  const best: Gridness = { score: NaN, inner, outer: NaN };
  if (Number.isNaN(inner)) return best;
  const most = (correlogram.size - 1) / 2;
  const rotations = [...AGREEING, ...DISAGREEING].map((degrees) => {
    const angle = (degrees * Math.PI) / 180;
    return { cos: Math.cos(angle), sin: Math.sin(angle), correlation: new RunningCorrelation() };
  });

  let outer = Math.max(LEAST_SCALE * inner, inner + LEAST_WIDTH);
  const settle = (): void => {
    const [r60, r120, r30, r90, r150] = rotations.map(({ correlation }) => correlation.value);
    const score = Math.min(r60!, r120!) - Math.max(r30!, r90!, r150!);
    if (Number.isNaN(best.score) || score > best.score) Object.assign(best, { score, outer });
  };
  for (const [x, y, radius] of lagsByRadius(inner, most)) {
    while (radius > outer) {
      settle();
      outer += 1;
    }
    const value = at(correlogram, x, y);
    for (const { cos, sin, correlation } of rotations) {
      correlation.add(value, at(correlogram, cos * x - sin * y, sin * x + cos * y));
    }
  }
  if (outer <= most) settle();
  return best;
}
