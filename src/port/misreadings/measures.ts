import { centralRadius } from "../../../spec/oracle-measures.ts";
import type { Mat, Vec } from "../../../spec/oracle.ts";
import type { Grid } from "../operations.ts";
import { measureAnswers } from "../wire.ts";
import type { MeasureAnswers } from "../wire.ts";
import type { Misreading } from "./misreading.ts";
import { mean, median } from "../../statistics/statistics.ts";

/** Pearson's correlation of the pairs in which both have a value. */
function pearson(pairs: [number, number][]): number {
  const there = pairs.filter(([p, q]) => !Number.isNaN(p) && !Number.isNaN(q));
  const [meanP, meanQ] = [mean(there.map(([p]) => p)), mean(there.map(([, q]) => q))];
  const product = (f: (p: number, q: number) => number): number =>
    there.reduce((sum, [p, q]) => sum + f(p - meanP, q - meanQ), 0);
  return product((p, q) => p * q) / Math.sqrt(product((p) => p * p) * product((_, q) => q * q));
}

/** The value of an autocorrelogram at a lag between whole lags, interpolated bilinearly. It is NaN outside. */
function at(correlogram: Mat, lagX: number, lagY: number): number {
  const whole = (lag: number): number => (Math.abs(lag - Math.round(lag)) < 1e-6 ? Math.round(lag) : lag);
  const [x, y] = [whole(lagX), whole(lagY)];
  const middle = (correlogram.length - 1) / 2;
  const row = (r: number): number => {
    const value = (c: number): number => correlogram[r + middle]?.[c + middle] ?? NaN;
    const share = x - Math.floor(x);
    return (1 - share) * value(Math.floor(x)) + share * value(Math.ceil(x));
  };
  const share = y - Math.floor(y);
  return (1 - share) * row(Math.floor(y)) + share * row(Math.ceil(y));
}

/** M4 with another inner radius, or with another score from the correlations at 60, 120 and at 30, 90, 150 degrees. */
function gridnessWith(
  score: (agreeing: Vec, disagreeing: Vec) => number,
  innerOf: (correlogram: Mat) => number = (): number => -1,
): Misreading["change"] {
  return {
    gridness: ({ autocorrelogram }) => {
      const correlogram = autocorrelogram.map((row) => row.map((value) => value ?? NaN));
      const middle = (correlogram.length - 1) / 2;
      const radius = centralRadius(correlogram);
      const inner = innerOf(correlogram);
      const scores: Vec = [];
      for (let outer = Math.max(3 * radius, radius + 5); outer <= middle; outer++) {
        const r = (degrees: number): number => {
          const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
          const pairs = correlogram.flatMap((row, i) =>
            row.flatMap((value, j): [number, number][] => {
              const [x, y] = [j - middle, i - middle];
              const counts = Math.hypot(x, y) > inner && Math.hypot(x, y) <= outer;
              return counts ? [[value, at(correlogram, cos * x - sin * y, sin * x + cos * y)]] : [];
            }),
          );
          return pearson(pairs);
        };
        scores.push(score([r(60), r(120)], [r(30), r(90), r(150)]));
      }
      const defined = scores.filter((one) => !Number.isNaN(one));
      return { gridness: defined.length === 0 ? null : Math.max(...defined) };
    },
  };
}

const byExtremes = (agreeing: Vec, disagreeing: Vec): number => Math.min(...agreeing) - Math.max(...disagreeing);

function transposed(grid: Grid): Grid {
  return grid.map((row, i) => row.map((_, j) => grid[j]![i]!));
}

/** Misreadings of the measures. */
export const measureMisreadings: Misreading[] = [
  {
    name: "rate-map-unvisited-zero",
    requirement: "M2",
    says: "bins that were never visited have a rate of 0, not null",
    change: {
      rateMap: (input) => ({
        maps: measureAnswers.rateMap(input).maps.map((map) => map.map((row) => row.map((rate) => rate ?? 0))),
      }),
    },
  },
  {
    name: "rate-map-axes-swapped",
    requirement: "M2",
    says: "rate maps are transposed: their rows are x, not y",
    change: { rateMap: (input) => ({ maps: measureAnswers.rateMap(input).maps.map(transposed) }) },
  },
  {
    name: "autocorrelogram-one-mean",
    requirement: "M3",
    says: "each lag is normalised by the mean and variance of the whole map, not by those of its overlap",
    change: { autocorrelogram: (input) => ({ autocorrelogram: withOneMean(input.map, input) }) },
  },
  {
    name: "autocorrelogram-undefined-zero",
    requirement: "M3",
    says: "a lag without a correlation is 0, not null",
    change: {
      autocorrelogram: (input) => ({
        autocorrelogram: measureAnswers.autocorrelogram(input).autocorrelogram.map((row) => row.map((r) => r ?? 0)),
      }),
    },
  },
  {
    name: "autocorrelogram-without-floor",
    requirement: "M3",
    says: "a lag is left out only where the variance is 0, not where it is below 1e-9 of the whole map's",
    change: { autocorrelogram: (input) => ({ autocorrelogram: withoutFloor(input.map, input) }) },
  },
  {
    name: "gridness-none-as-zero",
    requirement: "M4",
    says: "lags without a value are read as 0",
    change: {
      gridness: ({ autocorrelogram }) =>
        measureAnswers.gridness({ autocorrelogram: autocorrelogram.map((row) => row.map((value) => value ?? 0)) }),
    },
  },
  {
    name: "modules-single-linkage",
    requirement: "M8",
    says: "clusters are joined by their nearest units (single linkage), not by the average",
    change: { modules: modulesWith((distances) => Math.min(...distances)) },
  },
  {
    name: "modules-complete-linkage",
    requirement: "M8",
    says: "clusters are joined by their furthest units (complete linkage), not by the average",
    change: { modules: modulesWith((distances) => Math.max(...distances)) },
  },
  {
    name: "modules-last-unit-first",
    requirement: "M8",
    says: "of two modules of equal size the one with the highest unit stands first, not the one with the lowest",
    change: {
      modules: (input) => ({
        modules: measureAnswers.modules(input).modules.sort((p, q) => q.length - p.length || q.at(-1)! - p.at(-1)!),
      }),
    },
  },
  {
    name: "gridness-with-central-peak",
    requirement: "M4",
    says: "the central peak is not left out of the annuli",
    change: gridnessWith(byExtremes),
  },
  {
    name: "gridness-of-means",
    requirement: "M4",
    says: "the means of the correlations are compared, not the least at 60 and 120 with the greatest at 30, 90 and 150 degrees",
    change: gridnessWith((agreeing, disagreeing) => mean(agreeing) - mean(disagreeing), centralRadius),
  },
];

/** M3 at the lags at which it is defined, but with one mean and one variance for all lags. */
function withOneMean(map: Grid, input: { map: Grid; minimumOverlap: number }): Grid {
  const bins = map.length;
  const rates = map.flat().filter((rate) => rate !== null);
  const centre = mean(rates);
  const variance = mean(rates.map((rate) => (rate - centre) ** 2));
  const { autocorrelogram } = measureAnswers.autocorrelogram(input);
  return autocorrelogram.map((row, i) =>
    row.map((value, j) => {
      if (value === null) return null;
      const products = map.flatMap((from, y) =>
        from.flatMap((p, x) => {
          const q = map[y + i - bins + 1]?.[x + j - bins + 1] ?? null;
          return p === null || q === null ? [] : [(p - centre) * (q - centre)];
        }),
      );
      return mean(products) / variance;
    }),
  );
}

/**
 * M3 with any variance above 0. Where the oracle leaves a lag out, a correlation without that limit takes its place.
 */
function withoutFloor(map: Grid, input: { map: Grid; minimumOverlap: number }): Grid {
  const bins = map.length;
  const { autocorrelogram } = measureAnswers.autocorrelogram(input);
  return autocorrelogram.map((row, i) =>
    row.map((value, j) => {
      const pairs = map.flatMap((from, y) =>
        from.flatMap((p, x): [number, number][] => {
          const q = map[y + i - bins + 1]?.[x + j - bins + 1] ?? null;
          return p === null || q === null ? [] : [[p, q]];
        }),
      );
      if (value !== null || pairs.length < Math.max(2, input.minimumOverlap)) return value;
      const r = pearson(pairs);
      return Number.isFinite(r) ? r : null;
    }),
  );
}

/** M8 with another distance of two clusters, computed from the distances of their units. */
function modulesWith(distanceOf: (distances: Vec) => number): MeasureAnswers["modules"] {
  return ({ autocorrelograms, cut, minimumSize }) => {
    const correlograms = autocorrelograms.map((grid) => grid.map((row) => row.map((value) => value ?? NaN)));
    const middle = (correlograms[0]!.length - 1) / 2;
    const radius = median(correlograms.map(centralRadius));
    const inner = Number.isNaN(radius) ? 0 : radius;
    const ring = correlograms.map((correlogram) =>
      correlogram.flatMap((row, i) =>
        row.filter((_, j) => {
          const distance = Math.hypot(i - middle, j - middle);
          return distance > inner && distance <= 0.7 * (middle + 1);
        }),
      ),
    );
    const correlation = (p: Vec, q: Vec): number => pearson(p.map((value, lag) => [value, q[lag]!])) || 0;
    const apart = ring.map((p) => ring.map((q) => 1 - correlation(p, q)));
    const clusters = correlograms.map((_, unit) => [unit]);
    for (;;) {
      let nearest = { distance: Infinity, i: 0, j: 0 };
      clusters.forEach((p, i) => {
        clusters.slice(0, i).forEach((q, j) => {
          const distance = distanceOf(p.flatMap((a) => q.map((b) => apart[a]![b]!)));
          if (distance < nearest.distance) nearest = { distance, i, j };
        });
      });
      if (nearest.distance > cut) break;
      clusters[nearest.j]!.push(...clusters.splice(nearest.i, 1)[0]!);
    }
    const large = clusters.filter((units) => units.length >= minimumSize).map((units) => units.sort((a, b) => a - b));
    return { modules: large.sort((p, q) => q.length - p.length || p[0]! - q[0]!) };
  };
}
