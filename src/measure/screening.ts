import { Fourier } from "./fourier.ts";
import { mapOf } from "./rate-map.ts";
import type { RateMaps } from "./rate-map.ts";
import { hann, windowed } from "./spectrum.ts";
import { deviation } from "../statistics/statistics.ts";

/** A map is constant if its standard deviation is below this share of its largest magnitude. */
const LEAST_DEVIATION = 1e-6;

/** The shortest wave that bins can show, in bins; a hexagonal lattice of such waves has 3.6 bins from field to field. */
const SHORTEST_WAVE = 3.15;

/** A wave stands out if its power is so many times the mean power of all waves; that of noise reaches about ten times. */
const STANDS_OUT = 20;

/** Correlation of neighbouring bins above which no wave can be as short as that. */
const LEAST_CORRELATION = 0.4;

/** Whether a map varies from bin to bin, whatever its gain, offset or sign; false for one without a visited bin. */
function varies(map: Float64Array): boolean {
  const rates = map.filter((rate) => !Number.isNaN(rate));
  if (rates.length === 0) return false;
  return deviation(rates) > LEAST_DEVIATION * rates.reduce((most, rate) => Math.max(most, Math.abs(rate)), 0);
}

/** Correlation of bins next to one another, along both axes together. */
function neighbourCorrelation(map: Float64Array, bins: number): number {
  let [count, sum, squares, products] = [0, 0, 0, 0];
  for (let bin = 0; bin < map.length; bin++) {
    const neighbours = [bin % bins < bins - 1 ? map[bin + 1]! : NaN, map[bin + bins] ?? NaN];
    for (const other of neighbours) {
      const here = map[bin]!;
      if (Number.isNaN(here) || Number.isNaN(other)) continue;
      count += 2;
      sum += here + other;
      squares += here * here + other * other;
      products += 2 * here * other;
    }
  }
  const mean = sum / count;
  return (products / count - mean * mean) / (squares / count - mean * mean);
}

/** The strongest wave of a map, if it stands out: its length in bins. */
function strongestWave(map: Float64Array, bins: number, fourier: Fourier): number | undefined {
  const { size } = fourier;
  const grid = new Float64Array(2 * size * size);
  windowed(map, hann(bins)).forEach((value, bin) => {
    grid[2 * (Math.floor(bin / bins) * size + (bin % bins))] = value;
  });
  const spectrum = fourier.forward(grid);
  let [total, most, place] = [0, 0, 0];
  for (let i = 0; i < size * size; i++) {
    const power = spectrum[2 * i]! ** 2 + spectrum[2 * i + 1]! ** 2;
    total += power;
    if (power > most) [most, place] = [power, i];
  }
  if (most < (STANDS_OUT * total) / (size * size)) return undefined;
  const along = (index: number): number => Math.min(index, size - index) / size;
  return 1 / Math.hypot(along(place % size), along(Math.floor(place / size)));
}

/**
 * The units of unsmoothed maps that are left out before anything is measured, each with the reason: those that do not vary, and those
 * whose pattern repeats within so few bins that it would be taken for another, coarser one.
 */
export function screened(maps: RateMaps): { unit: number; reason: string }[] {
  const fourier = new Fourier(2 ** Math.ceil(Math.log2(2 * maps.bins)));
  return Array.from({ length: maps.units }, (_, unit) => unit).flatMap((unit) => {
    const map = mapOf(maps, unit);
    if (!varies(map)) return [{ unit, reason: "constant: the rate does not vary from bin to bin" }];
    if (neighbourCorrelation(map, maps.bins) > LEAST_CORRELATION) return [];
    const wave = strongestWave(map, maps.bins, fourier);
    if (wave === undefined || wave >= SHORTEST_WAVE) return [];
    const reason = `too fine: a pattern that repeats every ${wave.toFixed(1)} bins needs bins that are half as wide, or less`;
    return [{ unit, reason }];
  });
}
