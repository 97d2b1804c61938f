import { xoroshiro128plus } from "pure-rand/generator/XoroShiro";
import type { Autocorrelogram } from "./autocorrelogram.ts";
import { periodicLattice } from "./classify.ts";
import { shuffledCorrelograms } from "./field-shuffle.ts";
import { comparedLags, comparedRows } from "./modules.ts";
import { correlationDistances } from "./correlation-distances.ts";
import { mapOf } from "./rate-map.ts";
import type { RateMaps } from "./rate-map.ts";
import { RunningCorrelation } from "./running-correlation.ts";
import { wholeBelow } from "./random.ts";
import { stripe } from "./stripe.ts";
import { mean } from "../statistics/statistics.ts";

/** A module counts if fewer groups like it than that are to be expected by chance. */
export const MOST_CHANCE_GROUPS = 0.01;

/** Fewest shuffled maps that chance groups are reckoned from. */
const FEWEST_MAPS = 100;

/** How many groups of units that agree, and repeat themselves, are to be expected by chance. */
export interface ChanceGroups {
  /** The expected number of groups like that one, among all units that were searched: as large, agreeing within the cut, and as periodic. */
  expected(group: PeriodicGroup): number;
}

/** A group of units that agree. */
interface PeriodicGroup {
  /** How many different maps its units have. */
  size: number;
  /** Of its mean autocorrelogram. */
  periodicity: number;
  /** The autocorrelograms of its units. */
  correlograms: readonly Autocorrelogram[];
}

/** More different maps need not be counted: so many phases fit into the cell of a lattice. */
const ENOUGH = 30;

/** Most units of a group that are compared with the shuffled maps. */
const MOST_COMPARED = 12;

/** Maps whose correlation is above this, or below its negative, are one map. */
const ONE_MAP = 0.6;

/**
 * How many different maps some units have. Units of a module differ in phase. Where maps agree because they share one
 * noise, as those of cells on one short walk, they are one map with other gains, and as much evidence as one of them.
 */
export function distinctMaps(maps: RateMaps, units: readonly number[]): number {
  const different: Float64Array[] = [];
  for (const unit of units) {
    const map = mapOf(maps, unit);
    const isNew = different.every((other) => {
      const correlation = new RunningCorrelation();
      for (let bin = 0; bin < map.length; bin++) correlation.add(map[bin]!, other[bin]!);
      return Math.abs(correlation.value) < ONE_MAP;
    });
    if (isNew) different.push(map);
    if (different.length === ENOUGH) break;
  }
  return different.length;
}

/** ln(n choose k). */
function logChoose(n: number, k: number): number {
  let sum = 0;
  for (let i = 1; i <= k; i++) sum += Math.log((n - k + i) / i);
  return sum;
}

/** The lags at which autocorrelograms are compared, and the largest distance at which they agree. */
interface Comparison {
  lags: readonly number[];
  cut: number;
}

/** Which share of the pool an autocorrelogram agrees with, half of one added. */
function shareLike(one: Autocorrelogram, pool: readonly Autocorrelogram[], { lags, cut }: Comparison): number {
  const like = pool.filter(({ values }) => {
    const correlation = new RunningCorrelation();
    for (const lag of lags) correlation.add(one.values[lag]!, values[lag]!);
    return 1 - correlation.value <= cut;
  });
  return (like.length + 0.5) / pool.length;
}

/**
 * Chance groups among the units that were searched, reckoned from maps with the units' fields put anywhere (M10). A map that agrees with a
 * share q of these by chance is expected to be in (units - 1 choose size - 1) q^(size - 1) groups of that size. That is summed over
 * the shuffled maps that are as periodic, and over the group itself as one more, so that the sum is never 0.
 * @param maps smoothed; the shuffled ones are made from `units`, taken in turn
 * @param inner lags up to this radius, in bins, are left out of comparisons
 */
export function chanceGroups(
  maps: RateMaps,
  units: readonly number[],
  { shuffles, cut, seed, inner }: { shuffles: number; cut: number; seed: number; inner: number },
): ChanceGroups {
  const generator = xoroshiro128plus(seed);
  const count = Math.max(FEWEST_MAPS, Math.min(5 * shuffles, Math.max(2 * shuffles, units.length)));
  const unitOf = (i: number): number =>
    units.length > count ? units[wholeBelow(generator, units.length)]! : units[i % units.length]!;
  const list = shuffledCorrelograms(maps, count, unitOf, generator);
  const distances = correlationDistances(comparedRows(list, inner));
  const binWidth = maps.box / maps.bins;
  const pool = list.map((one, i) => {
    let like = 0;
    for (let j = 0; j < count; j++) if (j !== i && distances[i * count + j]! <= cut) like += 1;
    const repeats = stripe(one, binWidth)?.periodicity ?? periodicLattice(one, binWidth).periodicity;
    return { share: (like + 0.5) / count, repeats };
  });
  const comparison = { lags: comparedLags(list[0]!.size, inner), cut };
  return {
    expected({ size, periodicity, correlograms }) {
      const ways = logChoose(units.length - 1, size - 1) - Math.log(size);
      const around = (share: number): number => (size === 1 ? 1 : Math.exp(ways + (size - 1) * Math.log(share)));
      const step = Math.max(1, correlograms.length / MOST_COMPARED);
      const some = Array.from({ length: Math.floor(correlograms.length / step) }, (_, i) => Math.floor(i * step));
      const own = mean(some.map((i) => shareLike(correlograms[i]!, list, comparison)));
      const alike = pool.filter(({ repeats }) => repeats >= periodicity);
      const sum = alike.reduce((total, { share }) => total + around(share), around(own));
      return (units.length * sum) / (count + 1);
    },
  };
}
