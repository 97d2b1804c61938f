/**
 * The measures of measures.md in float64, for reading: one function a number, no trick, no library but mathjs.
 *
 * Grids are nested arrays [y][x]; NaN marks bins without a value. An autocorrelogram is [2 bins - 1][2 bins - 1], lag y then
 * lag x, with the zero lag in the middle. Slow: sums are written as the equations have them.
 */
import { inv, mean, multiply } from "mathjs";
import { dot, matVec, norm, scale, squaredDistance, transpose, vecMat } from "./oracle-arrays.ts";
import type { Mat, Vec } from "./oracle-arrays.ts";

const { hypot, round, floor, ceil, max, min, sqrt, abs, cos, sin, exp, PI } = Math;

/** 0, 1, .., count - 1. */
const upTo = (count: number): Vec => Array.from({ length: count }, (_, i) => i);

/** from, from + 1, .., to. */
const between = (from: number, to: number): Vec => upTo(max(0, to - from + 1)).map((i) => from + i);

/** What a list holds together. */
const total = (values: Vec): number => values.reduce((sum, value) => sum + value, 0);

/** A list less its mean. */
const centred = (values: Vec): Vec => {
  const average = mean<number>(values);
  return values.map((value) => value - average);
};

/** Pearson correlation of pairs (p, q); pairs with NaN are left out. */
function pearson(pairs: Mat): number {
  const there = pairs.filter(([p, q]) => !Number.isNaN(p!) && !Number.isNaN(q!));
  if (there.length === 0) return NaN;
  const p = there.map((pair) => pair[0]!);
  const q = there.map((pair) => pair[1]!);
  return dot(centred(p), centred(q)) / sqrt(dot(centred(p), centred(p)) * dot(centred(q), centred(q)));
}

/**
 * M2. Mean state of each unit in each bin, [units][y][x]; positions [P][2] in metres, states [P][units].
 * @spec M2
 */
export function rateMap(positions: Mat, states: Mat, bins: number, box: number): number[][][] {
  const bin = (coordinate: number): number => min(bins - 1, floor((coordinate / box + 1 / 2) * bins));
  return states[0]!.map((_, unit) =>
    upTo(bins).map((y) =>
      upTo(bins).map((x) => {
        const here = states.filter((_, p) => bin(positions[p]![0]!) === x && bin(positions[p]![1]!) === y);
        return here.length === 0 ? NaN : mean<number>(here.map((state) => state[unit]!));
      }),
    ),
  );
}

/**
 * M3. Pearson correlation of a map with itself at every lag, over the bins visited in both.
 * @spec M3
 */
export function autocorrelogram(map: Mat, minimumOverlap = 20): Mat {
  const bins = map.length;
  const variance = (values: Vec): number => dot(centred(values), centred(values)) / values.length;
  const whole = variance(map.flat().filter((rate) => !Number.isNaN(rate)));
  return between(1 - bins, bins - 1).map((lagY) =>
    between(1 - bins, bins - 1).map((lagX) => {
      const pairs = upTo(bins)
        .flatMap((y) => upTo(bins).map((x) => [map[y]![x]!, map[y + lagY]?.[x + lagX] ?? NaN]))
        .filter(([p, q]) => !Number.isNaN(p!) && !Number.isNaN(q!));
      if (pairs.length < max(2, minimumOverlap)) return NaN;
      const least = min(variance(pairs.map((pair) => pair[0]!)), variance(pairs.map((pair) => pair[1]!)));
      return least < 1e-9 * whole ? NaN : pearson(pairs);
    }),
  );
}

/** The value at a lag of (x, y) bins, bilinear between the lags around it (within 1e-6 of a whole lag: that one); NaN outside. */
function at(correlogram: Mat, x: number, y: number): number {
  const middle = (correlogram.length - 1) / 2;
  const whole = (coordinate: number): number =>
    abs(coordinate - round(coordinate)) < 1e-6 ? round(coordinate) : coordinate;
  const [column, row] = [whole(x + middle), whole(y + middle)];
  const corners = [floor(row), ceil(row)].flatMap((cornerRow, up) =>
    [floor(column), ceil(column)].map((cornerColumn, right) => {
      const weightY = up === 0 ? 1 - (row - floor(row)) : row - floor(row);
      const weightX = right === 0 ? 1 - (column - floor(column)) : column - floor(column);
      return weightX * weightY * (correlogram[cornerRow]?.[cornerColumn] ?? NaN);
    }),
  );
  return total(corners);
}

/** Every lag [x, y, value] of an autocorrelogram. */
function lags(correlogram: Mat): Mat {
  const middle = (correlogram.length - 1) / 2;
  return correlogram.flatMap((row, y) => row.map((value, x) => [x - middle, y - middle, value]));
}

/** Radius of the central peak: where the mean over rings first is 0 or less, or rises again. NaN if it never does. */
function centralRadius(correlogram: Mat): number {
  const middle = (correlogram.length - 1) / 2;
  const ring = (radius: number): number => {
    const values = lags(correlogram)
      .filter(([x, y, value]) => round(hypot(x!, y!)) === radius && !Number.isNaN(value!))
      .map(([, , value]) => value!);
    return values.length === 0 ? NaN : mean<number>(values);
  };
  return between(1, middle - 1).find((radius) => ring(radius) <= 0 || ring(radius + 1) > ring(radius)) ?? NaN;
}

/**
 * M4. min(r60, r120) - max(r30, r90, r150), the best over annuli around the central peak that grow bin by bin.
 * @spec M4
 */
export function gridness(correlogram: Mat): number {
  const inner = centralRadius(correlogram);
  const middle = (correlogram.length - 1) / 2;
  const scores = between(max(3 * inner, inner + 5), middle).map((outer) => {
    const annulus = lags(correlogram).filter(([x, y]) => hypot(x!, y!) > inner && hypot(x!, y!) <= outer);
    const r = (degrees: number): number => {
      const angle = (degrees * PI) / 180;
      return pearson(
        annulus.map(([x, y, value]) => [
          value!,
          at(correlogram, cos(angle) * x! - sin(angle) * y!, sin(angle) * x! + cos(angle) * y!),
        ]),
      );
    };
    return min(r(60), r(120)) - max(r(30), r(90), r(150));
  });
  const defined = scores.filter((score) => !Number.isNaN(score));
  return defined.length === 0 ? NaN : max(...defined);
}

/** Gaussian smoothing that leaves out NaN and keeps it; the kernel reaches 3 standard deviations along each axis. */
function smooth(grid: Mat, sigma: number): Mat {
  const reach = ceil(3 * sigma);
  return grid.map((row, y) =>
    row.map((value, x) => {
      if (Number.isNaN(value)) return NaN;
      const around = between(-reach, reach)
        .flatMap((dy) => between(-reach, reach).map((dx) => [dx, dy, grid[y + dy]?.[x + dx] ?? NaN]))
        .filter(([, , other]) => !Number.isNaN(other!));
      const weights = around.map(([dx, dy]) => exp(-(dx! * dx! + dy! * dy!) / (2 * sigma * sigma)));
      return (
        dot(
          weights,
          around.map(([, , other]) => other!),
        ) / total(weights)
      );
    }),
  );
}

/** The top of the paraboloid c0 + c1 x + c2 y + c3 x^2 + c4 x y + c5 y^2 fitted to 3 x 3 values, at most 1 away per axis. */
function top(values: Mat): Vec {
  const places = [-1, 0, 1].flatMap((y) => [-1, 0, 1].map((x) => [x, y]));
  const design = places.map(([x, y]) => [1, x!, y!, x! * x!, x! * y!, y! * y!]);
  const normal = multiply(transpose(design), design);
  const [, c1, c2, c3, c4, c5] = matVec(inv(normal), matVec(transpose(design), values.flat()));
  if (!(4 * c3! * c5! - c4! * c4! > 0 && c3! < 0)) return [0, 0];
  const curvature = [
    [2 * c3!, c4!],
    [c4!, 2 * c5!],
  ];
  const turning = matVec(inv(curvature), [-c1!, -c2!]);
  return turning.map((offset) => max(-1, min(1, offset)));
}

/** Peaks that may carry a lattice, [x, y] in bins, nearest first. */
function peaks(correlogram: Mat): Mat {
  const middle = (correlogram.length - 1) / 2;
  const inner = centralRadius(correlogram);
  if (Number.isNaN(inner)) return [];
  const smoothed = smooth(correlogram, max(1, inner / 4));
  const reach = max(2, round(inner / 2));
  const value = (x: number, y: number): number => smoothed[y + middle]?.[x + middle] ?? NaN;
  const found = lags(smoothed)
    .filter(([x, y]) => y! > 0 || (y === 0 && x! > 0))
    .filter(([x, y]) => hypot(x!, y!) > inner && hypot(x!, y!) <= 0.8 * (middle + 1))
    .filter(([x, y, height]) =>
      between(-reach, reach).every((dy) =>
        between(-reach, reach).every((dx) => {
          if (dx === 0 && dy === 0) return true;
          const later = dy > 0 || (dy === 0 && dx > 0);
          return later ? value(x! + dx, y! + dy) < height! : value(x! + dx, y! + dy) <= height!;
        }),
      ),
    )
    .map(([x, y, height]) => {
      const [dx, dy] = top([-1, 0, 1].map((j) => [-1, 0, 1].map((i) => value(x! + i, y! + j))));
      return [x! + dx!, y! + dy!, height!];
    });
  const highest = max(0, ...found.map(([, , height]) => height!));
  return found
    .filter(([, , height]) => height! >= max(0.1, highest / 2))
    .map(([x, y]) => [x!, y!])
    .sort((p, q) => hypot(p[0]!, p[1]!) - hypot(q[0]!, q[1]!));
}

const cross = (v: Vec, w: Vec): number => v[0]! * w[1]! - v[1]! * w[0]!;

/** The basis that fits the peaks best: each is taken for the lattice point next to it, if it is near. */
function fit(basis: Mat, vectors: Mat): Mat {
  const near = min(...basis.map(norm)) / 4;
  const numbered = vectors
    .map((v) => ({ v, numbers: vecMat(v, inv(basis)).map(round) }))
    .filter(({ v, numbers }) => sqrt(squaredDistance(v, vecMat(numbers, basis))) <= near);
  const numbers = numbered.map((one) => one.numbers);
  const normal = multiply(transpose(numbers), numbers);
  return multiply(
    inv(normal),
    multiply(
      transpose(numbers),
      numbered.map((one) => one.v),
    ),
  );
}

/** The two shortest independent vectors of a lattice at an angle of at most 90 degrees, by trying all small combinations. */
function shortest(basis: Mat): Mat {
  const all = between(-4, 4)
    .flatMap((m) => between(-4, 4).map((n) => vecMat([m, n], basis)))
    .filter((v) => norm(v) > 0)
    .sort((v, w) => norm(v) - norm(w));
  const a = all[0]!;
  const b = all.find((v) => abs(cross(a, v)) > 1e-6 * norm(a) * norm(v) && dot(a, v) >= 0)!;
  return [a, b];
}

export interface LatticeOfMap {
  /** |a| and |b|, in metres. */
  spacing: Vec;
  /** Between a and b, in degrees. */
  angle: number;
  /** Of a, in degrees within [0, 180). */
  orientation: number;
  ellipticity: number;
}

/** The shape of the lattice of two vectors in metres. */
function latticeShape(basis: Mat): LatticeOfMap {
  const [a, b] = shortest(basis) as [Vec, Vec];
  const toIndex = inv(transpose([a, b]));
  const formOfIndices = [
    [1, 0.5],
    [0.5, 1],
  ];
  const form = multiply(multiply(transpose(toIndex), formOfIndices), toIndex);
  const [p, q, r] = [form[0]![0]!, form[0]![1]!, form[1]![1]!];
  const spread = sqrt(((p - r) / 2) ** 2 + q * q);
  return {
    spacing: [norm(a), norm(b)],
    angle: (Math.acos(min(1, dot(a, b) / (norm(a) * norm(b)))) * 180) / PI,
    orientation: ((Math.atan2(a[1]!, a[0]!) * 180) / PI + 360) % 180,
    ellipticity: sqrt(((p + r) / 2 + spread) / ((p + r) / 2 - spread)),
  };
}

/**
 * M6. The lattice of an autocorrelogram; undefined without two independent peaks.
 * @spec M6
 */
export function lattice(correlogram: Mat, binWidth: number): LatticeOfMap | undefined {
  const vectors = peaks(correlogram);
  const a = vectors[0];
  const b = a && vectors.find((v) => abs(cross(a, v)) >= sin((25 * PI) / 180) * norm(a) * norm(v));
  if (a === undefined || b === undefined) return undefined;
  const close = fit(
    [a, b],
    vectors.filter((v) => norm(v) <= 2.5 * norm(b)),
  );
  return latticeShape(fit(close, vectors).map((v) => scale(v, binWidth)));
}

/**
 * M8. Average-linkage clusters of autocorrelograms, as ascending indices, largest first.
 * @spec M8
 */
export function modules(correlograms: Mat[], cut: number, minimumSize: number): number[][] {
  const radii = correlograms
    .map(centralRadius)
    .filter((radius) => !Number.isNaN(radius))
    .sort((p, q) => p - q);
  const inner = radii[floor((radii.length - 1) / 2)] ?? 0;
  const outer = 0.7 * ((correlograms[0]!.length + 1) / 2);
  const compared = correlograms.map((correlogram) =>
    lags(correlogram)
      .filter(([x, y]) => hypot(x!, y!) > inner && hypot(x!, y!) <= outer)
      .map(([, , value]) => value!),
  );
  const correlation = (p: Vec, q: Vec): number => pearson(p.map((value, lag) => [value, q[lag]!]));
  const apart = compared.map((p) => compared.map((q) => 1 - (correlation(p, q) || 0)));
  const distance = (p: Vec, q: Vec): number => mean<number>(p.flatMap((i) => q.map((j) => apart[i]![j]!)));

  let clusters = correlograms.map((_, i) => [i]);
  for (;;) {
    const pairs = clusters
      .flatMap((p, i) => clusters.slice(i + 1).map((q) => ({ p, q, distance: distance(p, q) })))
      .sort((one, other) => one.distance - other.distance);
    const nearest = pairs[0];
    if (nearest === undefined || nearest.distance > cut) break;
    const { p, q } = nearest;
    clusters = [...clusters.filter((one) => one !== p && one !== q), [...p, ...q]];
  }
  return clusters
    .filter((one) => one.length >= minimumSize)
    .map((one) => one.sort((i, j) => i - j))
    .sort((p, q) => q.length - p.length || p[0]! - q[0]!);
}
