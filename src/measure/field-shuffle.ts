import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { autocorrelograms } from "./autocorrelogram.ts";
import type { Autocorrelogram } from "./autocorrelogram.ts";
import { FreeBins } from "./free-bins.ts";
import { wholeBelow } from "./random.ts";
import { mapOf } from "./rate-map.ts";
import type { RateMaps } from "./rate-map.ts";

/** A firing field: its bins, peak first, then by distance from the peak. */
type Field = number[];

/** The bins next to `bin` (up to eight) inside the box. */
function neighbours(bin: number, bins: number): number[] {
  const row = Math.floor(bin / bins);
  const column = bin % bins;
  const around: number[] = [];
  for (let y = Math.max(0, row - 1); y <= Math.min(bins - 1, row + 1); y++) {
    for (let x = Math.max(0, column - 1); x <= Math.min(bins - 1, column + 1); x++) {
      if (y !== row || x !== column) around.push(y * bins + x);
    }
  }
  return around;
}

/** Square of the distance of two bins. */
function distanceSquared(p: number, q: number, bins: number): number {
  const rows = Math.floor(p / bins) - Math.floor(q / bins);
  const columns = (p % bins) - (q % bins);
  return rows * rows + columns * columns;
}

/**
 * Parts a map into fields: every visited bin belongs to the local maximum that is reached from it by always going on to the
 * highest neighbour. Largest field first.
 */
export function fields(map: Float64Array, bins: number): Field[] {
  const next = new Int32Array(map.length).fill(-1);
  for (let bin = 0; bin < map.length; bin++) {
    if (Number.isNaN(map[bin])) continue;
    next[bin] = neighbours(bin, bins).reduce((best, other) => (map[other]! > map[best]! ? other : best), bin);
  }
  const byPeak = new Map<number, Field>();
  for (let bin = 0; bin < map.length; bin++) {
    if (next[bin] === -1) continue;
    let peak = bin;
    while (next[peak] !== peak) peak = next[peak]!;
    const field = byPeak.get(peak);
    if (field === undefined) byPeak.set(peak, [bin]);
    else field.push(bin);
  }
  return [...byPeak]
    .map(([peak, field]) => field.sort((p, q) => distanceSquared(p, peak, bins) - distanceSquared(q, peak, bins)))
    .sort((p, q) => q.length - p.length);
}

/**
 * M10. A map with its firing fields moved to random places: each field's peak goes to a visited bin drawn at random that is
 * still free, the field's other bins follow with their offsets from the peak, and those whose place is taken, unvisited or
 * outside go to the free bin nearest to it (outside: to its nearest place inside). Rates are neither lost nor made;
 * unvisited bins stay NaN.
 * @param map [bins, bins]; the generator moves on
 * @spec M10
 */
export function shuffleFields(map: Float64Array, bins: number, generator: RandomGenerator): Float64Array {
  const shuffled = new Float64Array(map.length).fill(NaN);
  const visited = Uint8Array.from(map, (rate) => (Number.isNaN(rate) ? 0 : 1));
  const free = new FreeBins(visited, bins);
  const within = (coordinate: number): number => Math.max(0, Math.min(bins - 1, coordinate));
  for (const field of fields(map, bins)) {
    let centre = wholeBelow(generator, map.length);
    while (!free.isFree(centre)) centre = wholeBelow(generator, map.length);
    const peak = field[0]!;
    const down = Math.floor(centre / bins) - Math.floor(peak / bins);
    const along = (centre % bins) - (peak % bins);
    const displaced: { rate: number; row: number; column: number }[] = [];
    const settle = (place: number, rate: number): void => {
      shuffled[place] = rate;
      free.take(place);
    };
    for (const bin of field) {
      const row = Math.floor(bin / bins) + down;
      const column = (bin % bins) + along;
      const inside = row === within(row) && column === within(column);
      if (inside && free.isFree(row * bins + column)) settle(row * bins + column, map[bin]!);
      else displaced.push({ rate: map[bin]!, row: within(row), column: within(column) });
    }
    for (const { rate, row, column } of displaced) settle(free.nearest(row, column), rate);
  }
  return shuffled;
}

/**
 * The autocorrelograms (M3) of `count` maps with their fields shuffled (M10).
 * @param unitOf the unit whose map is shuffled as the i-th
 */
export function shuffledCorrelograms(
  maps: RateMaps,
  count: number,
  unitOf: (i: number) => number,
  generator: RandomGenerator,
): Autocorrelogram[] {
  const area = maps.bins * maps.bins;
  const values = new Float64Array(count * area);
  for (let i = 0; i < count; i++) values.set(shuffleFields(mapOf(maps, unitOf(i)), maps.bins, generator), i * area);
  return autocorrelograms({ ...maps, units: count, values }, [...Array(count).keys()]);
}
