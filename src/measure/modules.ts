import { centralRadius } from "./autocorrelogram.ts";
import type { Autocorrelogram } from "./autocorrelogram.ts";
import { requireCount, requireThat } from "../io/require.ts";
import { averageLinkage } from "./average-linkage.ts";
import { correlationDistances } from "./correlation-distances.ts";
import { median } from "../statistics/statistics.ts";

/** Largest lag at which autocorrelograms are compared, as a share of the box's side. */
const COMPARED_LAG = 0.7;

export interface ClusterOptions {
  /** Average distance (1 - Pearson correlation) at which clusters stop merging. */
  cut: number;
  /** Fewest units of a module. */
  minimumSize: number;
}

/** The lags `inner` < |lag| <= `outer` (bins) as indices; half of them, since the other half mirrors it. */
export function ringLags(size: number, inner: number, outer: number): number[] {
  const middle = (size - 1) / 2;
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
 * Groups autocorrelograms by average-linkage clustering. Their distance is 1 - Pearson correlation over lags outside the
 * central peak (the median radius) and within COMPARED_LAG of the box.
 * @returns all groups, also those of one, as ascending indices into `list`, by their lowest index
 * @throws InputError for a cut outside (0, 2]
 */
export function clusters(list: readonly Autocorrelogram[], cut: number): number[][] {
  requireThat(cut > 0 && cut <= 2, "cut", cut, "a distance above 0 and up to 2");
  return averageLinkage(correlationDistances(comparedRows(list)), list.length, cut);
}

/** The median radius of the central peaks, in bins; 0 if none has one. */
export function innerRadius(list: readonly Autocorrelogram[]): number {
  const inner = median(list.map(centralRadius));
  return Number.isNaN(inner) ? 0 : inner;
}

/** The lags at which autocorrelograms of a size are compared. */
export function comparedLags(size: number, inner: number): number[] {
  return ringLags(size, inner, (COMPARED_LAG * (size + 1)) / 2);
}

/** Of each autocorrelogram the values that are compared, in one order. */
export function comparedRows(list: readonly Autocorrelogram[], inner: number = innerRadius(list)): Float64Array[] {
  if (list.length === 0) return [];
  const lags = comparedLags(list[0]!.size, inner);
  return list.map(({ values }) => Float64Array.from(lags, (lag) => values[lag]!));
}

/**
 * The groups of at least `minimumSize` autocorrelograms that agree with one another.
 * @returns as ascending indices into `list`, largest group first
 * @throws InputError for a cut outside (0, 2] or a minimum size below 1
 * @spec M8
 */
export function cluster(list: readonly Autocorrelogram[], { cut, minimumSize }: ClusterOptions): number[][] {
  requireCount("minimumSize", minimumSize, 1);
  return clusters(list, cut)
    .filter((group) => group.length >= minimumSize)
    .sort((p, q) => q.length - p.length || p[0]! - q[0]!);
}
