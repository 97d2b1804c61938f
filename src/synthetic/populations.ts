import { xoroshiro128plus } from "pure-rand/generator/XoroShiro";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { normal, uniform } from "../measure/random.ts";
import { smooth } from "../measure/smooth.ts";
import type { Vector } from "../measure/vector.ts";
import { latticeMap, mapFrom, noiseMap, polar } from "./maps.ts";
import type { LatticeMap } from "./maps.ts";

/**
 * Synthetic populations whose right judgement is known. Lengths are in metres, and angles in degrees. The same seed
 * gives the same maps.
 */

/**
 * How the units of a module differ: the standard deviation of the spacing (as a share of it) and of the orientation (in
 * degrees).
 */
export interface UnitSpread {
  spacing: number;
  orientation: number;
}

/** Units of one module whose spacings and orientations spread normally about the module's, with random phases. */
export function spreadModule(options: LatticeMap, count: number, spread: UnitSpread): Float64Array[] {
  const { seed = 1, box } = options;
  const generator = xoroshiro128plus(seed);
  return Array.from({ length: count }, (_, i) => {
    const phase: Vector = [box * uniform(generator), box * uniform(generator)];
    const stretch = 1 + spread.spacing * normal(generator);
    const turn = spread.orientation * normal(generator);
    const second = options.second === undefined ? {} : { second: options.second * stretch };
    return latticeMap({
      ...options,
      ...second,
      spacing: options.spacing * stretch,
      orientation: options.orientation + turn,
      phase,
      seed: 1000 * seed + i,
    });
  });
}

/**
 * Grid units without modules. The logarithms of their spacings are uniform between those of `least` and `most`, and all
 * have one orientation.
 */
export function continuum(
  options: Omit<LatticeMap, "spacing">,
  count: number,
  least: number,
  most: number,
): Float64Array[] {
  const { seed = 1, box } = options;
  const generator = xoroshiro128plus(seed);
  return Array.from({ length: count }, (_, i) => {
    const phase: Vector = [box * uniform(generator), box * uniform(generator)];
    const spacing = least * (most / least) ** uniform(generator);
    return latticeMap({ ...options, spacing, phase, seed: 1000 * seed + i });
  });
}

/** Smooth random fields: white noise under a Gaussian of `width` bins. */
export function randomFields(bins: number, count: number, width: number, seed: number): Float64Array[] {
  return Array.from({ length: count }, (_, i) => smooth(noiseMap(bins, 1000 * seed + i), bins, width));
}

/** Place cells with several Gaussian fields each, anywhere in the box. */
export function placeCells(
  bins: number,
  box: number,
  count: number,
  { fields, width, seed }: { fields: readonly [number, number]; width: number; seed: number },
): Float64Array[] {
  const generator = xoroshiro128plus(seed);
  return Array.from({ length: count }, () => {
    const number = fields[0] + Math.floor((fields[1] - fields[0] + 1) * uniform(generator));
    const centres = Array.from({ length: number }, (): Vector => [
      box * (uniform(generator) - 0.5),
      box * (uniform(generator) - 0.5),
    ]);
    return mapFrom(bins, box, (x, y) =>
      centres.reduce((sum, [p, q]) => sum + Math.exp(-((x - p) ** 2 + (y - q) ** 2) / (2 * width ** 2)), 0),
    );
  });
}

/** Border cells: each fires along one or two walls, the rate falling off exponentially with the distance. */
export function borderCells(bins: number, box: number, count: number, seed: number): Float64Array[] {
  const generator = xoroshiro128plus(seed);
  return Array.from({ length: count }, (_, i) => {
    const width = box * (0.03 + 0.12 * uniform(generator));
    const walls = new Set([Math.floor(4 * uniform(generator)), Math.floor(4 * uniform(generator))]);
    const noise = xoroshiro128plus(1000 * seed + i);
    return mapFrom(bins, box, (x, y) => {
      const distances = [x, -x, y, -y].map((place) => box / 2 - place);
      const nearest = Math.min(...[...walls].map((wall) => distances[wall]!));
      return Math.exp(-nearest / width) + 0.05 * normal(noise);
    });
  });
}

/** Places and headings of a walk with smooth turning that is reflected at the walls, [steps, 3]: x, y, heading. */
function wander(box: number, steps: number, generator: RandomGenerator): Float64Array {
  const path = new Float64Array(3 * steps);
  let [x, y, heading, turning] = [0, 0, 2 * Math.PI * uniform(generator), 0];
  for (let step = 0; step < steps; step++) {
    turning = 0.9 * turning + 0.1 * normal(generator);
    heading += turning;
    const length = 0.02 * Math.sqrt(-2 * Math.log(1 - uniform(generator))) * (box / 1.5);
    const [dx, dy] = polar(length, (heading * 180) / Math.PI);
    if (Math.abs(x + dx) > box / 2 || Math.abs(y + dy) > box / 2) {
      heading = 2 * Math.PI * uniform(generator);
      step -= 1;
      continue;
    }
    x += dx;
    y += dy;
    path.set([x, y, heading], 3 * step);
  }
  return path;
}

/**
 * Rate maps of cells on one common walk, whose rate depends on the heading or on anything else along it. All cells
 * therefore share the noise of the sampling.
 */
function mapsAlong(path: Float64Array, bins: number, box: number, rates: readonly ((heading: number) => number)[]) {
  const visits = new Float64Array(bins * bins);
  const sums = rates.map(() => new Float64Array(bins * bins));
  for (let step = 0; step < path.length / 3; step++) {
    const column = Math.min(bins - 1, Math.floor((path[3 * step]! / box + 0.5) * bins));
    const row = Math.min(bins - 1, Math.floor((path[3 * step + 1]! / box + 0.5) * bins));
    visits[row * bins + column]! += 1;
    rates.forEach((rate, unit) => {
      sums[unit]![row * bins + column]! += rate(path[3 * step + 2]!);
    });
  }
  return sums.map((sum) => sum.map((value, bin) => (visits[bin] === 0 ? NaN : value / visits[bin]!)));
}

/**
 * Head-direction cells on one walk of the given number of steps. A cell fires at headings around its preferred one,
 * wherever the animal is.
 */
export function headDirectionCells(
  bins: number,
  box: number,
  count: number,
  steps: number,
  seed: number,
): Float64Array[] {
  const generator = xoroshiro128plus(seed);
  const path = wander(box, steps, generator);
  const rates = Array.from({ length: count }, () => {
    const preferred = 2 * Math.PI * uniform(generator);
    const sharpness = 1 + 7 * uniform(generator);
    return (heading: number): number => Math.exp(sharpness * (Math.cos(heading - preferred) - 1));
  });
  return mapsAlong(path, bins, box, rates);
}
