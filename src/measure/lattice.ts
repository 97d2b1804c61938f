import { at, centralRadius } from "./autocorrelogram.ts";
import type { Autocorrelogram } from "./autocorrelogram.ts";
import { peaks } from "./peaks.ts";
import type { Peak } from "./peaks.ts";
import { RunningCorrelation } from "./running-correlation.ts";
import { combined, coordinates, cross, direction, dot, length, scaled } from "./vector.ts";
import type { Vector } from "./vector.ts";

/** Least height of a peak of the autocorrelogram that may carry a lattice vector. */
export const LEAST_PEAK = 0.1;

/** Least height of such a peak as a share of the highest one. */
const LEAST_SHARE = 0.5;

/** Largest lag of such a peak, as a share of the box's side. */
export const LARGEST_LAG = 0.8;

/** Least correlation of an autocorrelogram that is periodic with itself shifted by a period. */
export const LEAST_PERIODICITY = 0.65;

/** Least angle between two peaks' directions for them to count as independent, in degrees. */
const LEAST_ANGLE = 25;

/** A peak belongs to a lattice point that is nearer than this share of the shortest vector. */
const BELONGS = 0.25;

/** A lattice in the plane, by two shortest independent vectors a and b, |a| <= |b|, with an angle of 60 to 90 degrees. */
export interface Lattice {
  /** In metres. */
  a: Vector;
  b: Vector;
  /** |a| and |b|, in metres. */
  spacing: [number, number];
  /** Between a and b, in degrees, within [60, 90]. */
  angle: number;
  /** Direction of a, in degrees within [0, 180), anticlockwise from the x axis. */
  orientation: number;
  /** Long over short axis of the ellipse through the six points +-a, +-b, +-(a - b): 1 if hexagonal, sqrt 3 if square. */
  ellipticity: number;
}

/**
 * Gauss's reduction: of all bases of the lattice spanned by v and w, one of the two shortest independent vectors,
 * shorter first, at an angle of 60 to 90 degrees.
 */
export function reduced(v: Vector, w: Vector): [Vector, Vector] {
  let [a, b] = length(v) <= length(w) ? [v, w] : [w, v];
  for (;;) {
    b = combined(1, b, -Math.round(dot(a, b) / dot(a, a)), a);
    if (length(b) >= length(a)) return [a, dot(a, b) < 0 ? scaled(b, -1) : b];
    [a, b] = [b, a];
  }
}

/**
 * The ellipse through +-a, +-b, +-(a - b), as the matrix [[p, q], [q, r]] of its quadratic form p x^2 + 2 q x y + r y^2 = 1.
 * In the basis (a, b) that form is m^2 + m n + n^2, the same for every lattice.
 */
export function ellipseOf(a: Vector, b: Vector): { p: number; q: number; r: number } {
  const [ma, na] = coordinates([1, 0], a, b);
  const [mb, nb] = coordinates([0, 1], a, b);
  return {
    p: ma * ma + ma * na + na * na,
    q: ma * mb + (ma * nb + na * mb) / 2 + na * nb,
    r: mb * mb + mb * nb + nb * nb,
  };
}

/** The lattice spanned by two vectors (metres), with its shape. */
export function latticeOf(v: Vector, w: Vector): Lattice {
  const [a, b] = reduced(v, w);
  const { p, q, r } = ellipseOf(a, b);
  const spread = Math.hypot((p - r) / 2, q);
  const mean = (p + r) / 2;
  return {
    a,
    b,
    spacing: [length(a), length(b)],
    angle: (Math.acos(Math.min(1, dot(a, b) / (length(a) * length(b)))) * 180) / Math.PI,
    orientation: direction(a, 180),
    ellipticity: Math.sqrt((mean + spread) / (mean - spread)),
  };
}

/** Whether two vectors' directions, whatever their signs, differ by LEAST_ANGLE or more. */
function independent(v: Vector, w: Vector): boolean {
  return Math.abs(cross(v, w)) >= Math.sin((LEAST_ANGLE * Math.PI) / 180) * length(v) * length(w);
}

/** The first two independent vectors among peaks sorted by length; undefined if there are none. */
function firstPair(vectors: readonly Vector[]): [Vector, Vector] | undefined {
  const a = vectors[0];
  const b = a && vectors.find((v) => independent(a, v));
  return a && b && [a, b];
}

/**
 * The basis that fits all peaks best (least squares), each taken for the lattice point (m, n) next to it; peaks that lie
 * further from it than BELONGS |a| are left out.
 */
function fitted([a, b]: [Vector, Vector], vectors: readonly Vector[]): [Vector, Vector] {
  let mm = 0;
  let mn = 0;
  let nn = 0;
  let mp: Vector = [0, 0];
  let np: Vector = [0, 0];
  const reach = BELONGS * Math.min(length(a), length(b));
  for (const v of vectors) {
    const [m, n] = coordinates(v, a, b).map(Math.round) as [number, number];
    if (length(combined(1, v, -1, combined(m, a, n, b))) > reach) continue;
    mm += m * m;
    mn += m * n;
    nn += n * n;
    mp = combined(1, mp, m, v);
    np = combined(1, np, n, v);
  }
  const determinant = mm * nn - mn * mn;
  if (determinant === 0) return [a, b];
  return [scaled(combined(nn, mp, -mn, np), 1 / determinant), scaled(combined(mm, np, -mn, mp), 1 / determinant)];
}

/** The peaks that may carry a lattice: high enough, outside the central peak, not too far out; nearest first. */
function latticePeaks(correlogram: Autocorrelogram, leastShare: number, largestLag: number): Peak[] {
  const all = peaks(correlogram, centralRadius(correlogram), (largestLag * (correlogram.size + 1)) / 2);
  const highest = all.reduce((most, { height }) => Math.max(most, height), 0);
  return all.filter(
    ({ height }) => height >= Math.max(leastShare < LEAST_SHARE ? 0 : LEAST_PEAK, leastShare * highest),
  );
}

/**
 * M6. The lattice of an autocorrelogram: from its two nearest independent peaks, fitted to all peaks, Gauss-reduced.
 * @param binWidth side of a bin, in metres
 * @param leastShare least height of a peak as a share of the highest one; below the usual share peaks of any height above 0 count
 * @param largestLag largest lag of a peak as a share of the box's side
 * @returns undefined when there are no two independent peaks
 * @spec M6
 */
export function lattice(
  correlogram: Autocorrelogram,
  binWidth: number,
  leastShare: number = LEAST_SHARE,
  largestLag: number = LARGEST_LAG,
): Lattice | undefined {
  const vectors = latticePeaks(correlogram, leastShare, largestLag).map(({ x, y }): Vector => [x, y]);
  const pair = firstPair(vectors);
  if (pair === undefined) return undefined;
  const near = 2.5 * length(pair[1]);
  const close = fitted(
    pair,
    vectors.filter((v) => length(v) <= near),
  );
  const [a, b] = fitted(close, vectors);
  if (!independent(a, b)) return undefined;
  return latticeOf(scaled(a, binWidth), scaled(b, binWidth));
}

/**
 * How well an autocorrelogram repeats itself on a lattice: its Pearson correlation with itself shifted by a, by b and by
 * a - b, the lowest of the three, over lags within the largest lag and outside the central peak before and after the shift.
 * @spec M7
 */
export function periodicity(correlogram: Autocorrelogram, { a, b }: Lattice, binWidth: number): number {
  return lowestShiftCorrelation(
    correlogram,
    [a, b, combined(1, a, -1, b)].map((shift) => scaled(shift, 1 / binWidth)),
  );
}

/** The lowest correlation of an autocorrelogram with itself shifted by some vectors (in bins), as `periodicity` takes it. */
export function lowestShiftCorrelation(correlogram: Autocorrelogram, shifts: readonly Vector[]): number {
  const inner = centralRadius(correlogram);
  const farthest = (LARGEST_LAG * (correlogram.size + 1)) / 2;
  const counts = (x: number, y: number): boolean => {
    const square = x * x + y * y;
    return square > inner * inner && square <= farthest * farthest;
  };
  const correlations = shifts.map(([dx, dy]) => {
    const correlation = new RunningCorrelation();
    for (let y = -Math.floor(farthest); y <= farthest; y++) {
      for (let x = -Math.floor(farthest); x <= farthest; x++) {
        if (!counts(x, y) || !counts(x + dx, y + dy)) continue;
        correlation.add(at(correlogram, x, y), at(correlogram, x + dx, y + dy));
      }
    }
    return correlation.value;
  });
  return Math.min(...correlations);
}
