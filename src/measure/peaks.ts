import type { Autocorrelogram } from "./autocorrelogram.ts";
import { smooth } from "./smooth.ts";

/** A local maximum of an autocorrelogram: its lag in bins, refined below a bin, and its height. */
export interface Peak {
  x: number;
  y: number;
  height: number;
}

/** Standard deviation of the smoothing before maxima are looked for, as a share of the central peak's radius. */
const SMOOTHING = 0.25;

/** A maximum is the highest of the values up to this share of the central peak's radius away along each axis. */
const REACH = 0.5;

/**
 * The top of the paraboloid fitted to the 3 x 3 values around a maximum (least squares), as an offset in bins; no
 * further than one bin from the middle along each axis.
 */
function parabolicTop(value: (dx: number, dy: number) => number): { dx: number; dy: number } {
  const column = (dx: number): number => value(dx, -1) + value(dx, 0) + value(dx, 1);
  const row = (dy: number): number => value(-1, dy) + value(0, dy) + value(1, dy);
  const slopeX = (column(1) - column(-1)) / 6;
  const slopeY = (row(1) - row(-1)) / 6;
  const curveX = (column(1) + column(-1) - 2 * column(0)) / 3;
  const curveY = (row(1) + row(-1) - 2 * row(0)) / 3;
  const twist = (value(1, 1) + value(-1, -1) - value(1, -1) - value(-1, 1)) / 4;
  const determinant = curveX * curveY - twist ** 2;
  if (!(determinant > 0 && curveX < 0)) return { dx: 0, dy: 0 };
  const clamp = (offset: number): number => Math.max(-1, Math.min(1, offset));
  return {
    dx: clamp((twist * slopeY - curveY * slopeX) / determinant),
    dy: clamp((twist * slopeX - curveX * slopeY) / determinant),
  };
}

/**
 * Local maxima of an autocorrelogram in the upper half plane (their mirror images are maxima too), nearest first.
 * @param inner leaves out lags up to this radius, in bins: the central peak
 * @param outer leaves out lags beyond this radius, in bins
 */
export function peaks(correlogram: Autocorrelogram, inner: number, outer: number): Peak[] {
  const { size } = correlogram;
  const middle = (size - 1) / 2;
  const values = smooth(correlogram.values, size, Math.max(1, SMOOTHING * inner));
  const reach = Math.max(2, Math.round(REACH * inner));
  const found: Peak[] = [];
  // One accessor for all bins: a closure made anew in each would cost more than the comparison.
  let here = 0;
  const value = (dx: number, dy: number): number => values[here + dy * size + dx]!;
  for (let row = middle; row < size - reach; row++) {
    for (let column = reach; column < size - reach; column++) {
      const x = column - middle;
      const y = row - middle;
      const radius = Math.hypot(x, y);
      if (radius <= inner || radius > outer || (y === 0 && x < 0)) continue;
      here = row * size + column;
      if (!isHighest(value, reach)) continue;
      const { dx, dy } = parabolicTop(value);
      found.push({ x: x + dx, y: y + dy, height: value(0, 0) });
    }
  }
  return found.sort((p, q) => Math.hypot(p.x, p.y) - Math.hypot(q.x, q.y));
}

/** Whether the middle value is the highest within `reach`; of equal ones the last in reading order. NaN around it: no. */
export function isHighest(value: (dx: number, dy: number) => number, reach: number): boolean {
  const top = value(0, 0);
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const later = dy > 0 || (dy === 0 && dx > 0);
      if (dx === 0 && dy === 0) continue;
      if (later ? !(value(dx, dy) < top) : !(value(dx, dy) <= top)) return false;
    }
  }
  return true;
}
