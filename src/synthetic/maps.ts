import { xoroshiro128plus } from "pure-rand/generator/XoroShiro";
import { normal, uniform } from "../measure/random.ts";
import type { RateMaps } from "../measure/rate-map.ts";
import { combined, coordinates } from "../measure/vector.ts";
import type { Vector } from "../measure/vector.ts";

/** Synthetic rate maps: the ground truth of the measures' tests. Lengths are in metres, and angles in degrees. */

export interface LatticeMap {
  bins: number;
  box: number;
  /** The length of a, and that of b if it is different, in metres. */
  spacing: number;
  second?: number;
  /** The angle between a and b in degrees. It is 60 if left out. */
  angle?: number;
  /** The direction of a in degrees. */
  orientation: number;
  /** The position of one field, in metres. */
  phase?: Vector;
  /** Standard deviation of a field's Gaussian, in units of |a|; 0.17 if left out. */
  width?: number;
  /** Standard deviation of the normal noise added to each bin, where a field's peak is 1. */
  noise?: number;
  seed?: number;
}

/** A vector of a given length and direction. */
export function polar(length: number, degrees: number): Vector {
  return [length * Math.cos((degrees * Math.PI) / 180), length * Math.sin((degrees * Math.PI) / 180)];
}

/** A map from a function of the place, sampled at the bins' centres. */
export function mapFrom(bins: number, box: number, rate: (x: number, y: number) => number): Float64Array {
  const centre = (bin: number): number => ((bin + 0.5) / bins - 0.5) * box;
  return Float64Array.from({ length: bins * bins }, (_, i) => rate(centre(i % bins), centre(Math.floor(i / bins))));
}

/** Gaussian fields on the points of a lattice, with noise. */
export function latticeMap(options: LatticeMap): Float64Array {
  const { bins, box, spacing, orientation, seed = 1, noise = 0, width = 0.17, phase = [0, 0] } = options;
  const a = polar(spacing, orientation);
  const b = polar(options.second ?? spacing, orientation + (options.angle ?? 60));
  const variance = (width * spacing) ** 2;
  const generator = xoroshiro128plus(seed);
  return mapFrom(bins, box, (x, y) => {
    const from = combined(1, [x, y], -1, phase);
    const [m, n] = coordinates(from, a, b).map(Math.round) as [number, number];
    let rate = noise === 0 ? 0 : noise * normal(generator);
    for (let i = m - 2; i <= m + 2; i++) {
      for (let j = n - 2; j <= n + 2; j++) {
        const [dx, dy] = combined(1, from, -1, combined(i, a, j, b));
        rate += Math.exp(-(dx * dx + dy * dy) / (2 * variance));
      }
    }
    return rate;
  });
}

/** Stripes: a cosine of period `spacing` along `direction`, from 0 to 1. */
export function stripeMap(bins: number, box: number, spacing: number, direction: number): Float64Array {
  const [kx, ky] = polar((2 * Math.PI) / spacing, direction);
  return mapFrom(bins, box, (x, y) => (1 + Math.cos(kx * x + ky * y)) / 2);
}

/** One Gaussian field. */
export function placeMap(bins: number, box: number, centre: Vector, width: number): Float64Array {
  return mapFrom(bins, box, (x, y) => Math.exp(-((x - centre[0]) ** 2 + (y - centre[1]) ** 2) / (2 * width ** 2)));
}

/** Normal noise, independent from bin to bin. */
export function noiseMap(bins: number, seed: number): Float64Array {
  const generator = xoroshiro128plus(seed);
  return Float64Array.from({ length: bins * bins }, () => normal(generator));
}

/** A map with a random share of its bins made NaN. */
export function withGaps(map: Float64Array, share: number, seed: number): Float64Array {
  const generator = xoroshiro128plus(seed);
  return map.map((rate) => (uniform(generator) < share ? NaN : rate));
}

/** `count` units on one lattice, with random phases. */
export function moduleMaps(options: LatticeMap, count: number): Float64Array[] {
  const generator = xoroshiro128plus(options.seed ?? 1);
  return Array.from({ length: count }, (_, i) => {
    const phase: Vector = [options.box * uniform(generator), options.box * uniform(generator)];
    return latticeMap({ ...options, phase, seed: (options.seed ?? 1) * 1000 + i });
  });
}

/** Maps of [bins, bins] put together as one population. */
export function population(maps: readonly Float64Array[], box: number): RateMaps {
  const area = maps[0]!.length;
  const values = new Float64Array(maps.length * area);
  maps.forEach((map, unit) => {
    values.set(map, unit * area);
  });
  return { units: maps.length, bins: Math.sqrt(area), box, values };
}

/** A flat grid as nested rows, as the oracle takes it. */
export function nested(grid: ArrayLike<number>): number[][] {
  const size = Math.sqrt(grid.length);
  return Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_, column) => grid[row * size + column]!),
  );
}

/** The smaller distance of two angles on a circle of `turn` degrees. */
export function apart(p: number, q: number, turn: number): number {
  const rest = (((p - q) % turn) + turn) % turn;
  return Math.min(rest, turn - rest);
}
