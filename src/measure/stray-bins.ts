import type { RateMaps } from "./rate-map.ts";

/** Most bins of a map that may be stray, as a share of its visited bins; one is always allowed. */
const MOST_STRAY = 0.001;

/** A stray bin is this many times the range of all other bins away from the nearest of them. */
const FAR_OUT = 3;

/**
 * The largest rate of a map that is not stray. The highest rates are looked at one by one: where the step down to the next is more
 * than FAR_OUT times the range of that and all lower ones, the rates above the step are stray.
 * @param rising all rates, lowest first
 */
function largestPlain(rising: Float64Array): number {
  const most = Math.max(1, Math.floor(MOST_STRAY * rising.length));
  for (let count = most; count > 0; count--) {
    const plain = rising.at(-1 - count) ?? NaN;
    const range = plain - rising[0]!;
    if (range > 0 && rising.at(-count)! - plain > FAR_OUT * range) return plain;
  }
  return Infinity;
}

/**
 * Rate maps without stray bins, which become NaN, as if they had not been visited. One such bin would outweigh all others in every
 * correlation. Fields are not stray: they are many, or their rates fall off over several bins.
 * @returns the maps, and how many units have stray bins
 * @spec M8
 */
export function withoutStrayBins(maps: RateMaps): { maps: RateMaps; units: number } {
  const area = maps.bins * maps.bins;
  const values = Float64Array.from(maps.values);
  let units = 0;
  for (let unit = 0; unit < maps.units; unit++) {
    const map = values.subarray(unit * area, (unit + 1) * area);
    const rising = map.filter((rate) => !Number.isNaN(rate)).sort();
    const most = largestPlain(rising);
    const least = -largestPlain(rising.map((rate) => -rate).reverse());
    let stray = 0;
    for (let bin = 0; bin < area; bin++) {
      if (!(map[bin]! > most || map[bin]! < least)) continue;
      map[bin] = NaN;
      stray += 1;
    }
    if (stray > 0) units += 1;
  }
  return { maps: { ...maps, values }, units };
}
