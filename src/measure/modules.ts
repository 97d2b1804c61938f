import { agnes } from "ml-hclust";
import { centralRadius } from "./autocorrelogram.ts";
import type { Autocorrelogram } from "./autocorrelogram.ts";
import { requireCount, requireThat } from "../io/require.ts";
import { mapOf } from "./rate-map.ts";
import type { RateMaps } from "./rate-map.ts";
import { RunningCorrelation } from "./running-correlation.ts";
import { median } from "./statistics.ts";

/** A unit is active if its peak rate is at least this share of the highest peak rate of all units. */
export const ACTIVE_SHARE = 0.1;

/** Largest lag at which autocorrelograms are compared, as a share of the box's side. */
const COMPARED_LAG = 0.7;

export interface ClusterOptions {
  /** Average distance (1 - Pearson correlation) at which clusters stop merging. */
  cut: number;
  /** Fewest units of a module. */
  minimumSize: number;
}

/**
 * The units whose peak rate is at least ACTIVE_SHARE of the highest of all units; none if no rate is above 0.
 * @spec M8
 */
export function activeUnits(maps: RateMaps): number[] {
  const peakRates = Array.from({ length: maps.units }, (_, unit) =>
    mapOf(maps, unit).reduce((most, rate) => (rate > most ? rate : most), 0),
  );
  const least = ACTIVE_SHARE * Math.max(...peakRates);
  return peakRates.flatMap((rate, unit) => (rate > 0 && rate >= least ? [unit] : []));
}

/** The lags at which autocorrelograms are compared, as indices: half of them (the rest mirrors it), `inner` < |lag|. */
function comparedLags(size: number, inner: number): number[] {
  const middle = (size - 1) / 2;
  const outer = COMPARED_LAG * (middle + 1);
  const lags: number[] = [];
  for (let y = 0; y <= middle; y++) {
    for (let x = y === 0 ? 1 : -middle; x <= middle; x++) {
      const radius = Math.hypot(x, y);
      if (radius > inner && radius <= outer) lags.push((middle + y) * size + middle + x);
    }
  }
  return lags;
}

/**
 * 1 - Pearson correlation of two autocorrelograms over `lags`; 1 where that is undefined.
 */
function distance(p: Autocorrelogram, q: Autocorrelogram, lags: readonly number[]): number {
  const correlation = new RunningCorrelation();
  for (const lag of lags) correlation.add(p.values[lag]!, q.values[lag]!);
  const { value } = correlation;
  return Number.isNaN(value) ? 1 : 1 - value;
}

/**
 * M8. Groups autocorrelograms by average-linkage clustering. The distance is 1 - Pearson correlation over lags outside the
 * central peak (its median radius) and within COMPARED_LAG of the box.
 * @returns the groups of at least `minimumSize`, as indices into `list` in ascending order, largest group first
 * @throws InputError for a cut outside (0, 2] or a minimum size below 2
 * @spec M8
 */
export function cluster(list: readonly Autocorrelogram[], { cut, minimumSize }: ClusterOptions): number[][] {
  requireThat(cut > 0 && cut <= 2, "cut", cut, "a distance above 0 and up to 2");
  requireCount("minimumSize", minimumSize, 2);
  if (list.length < minimumSize) return [];
  const inner = median(list.map(centralRadius));
  const lags = comparedLags(list[0]!.size, Number.isNaN(inner) ? 0 : inner);
  const distances = list.map(() => new Array<number>(list.length).fill(0));
  for (let i = 0; i < list.length; i++) {
    for (let j = 0; j < i; j++) {
      distances[i]![j] = distances[j]![i] = distance(list[i]!, list[j]!, lags);
    }
  }
  return agnes(distances, { method: "average", isDistanceMatrix: true })
    .cut(cut)
    .map((group) => group.indices().sort((i, j) => i - j))
    .filter((group) => group.length >= minimumSize)
    .sort((p, q) => q.length - p.length || p[0]! - q[0]!);
}
