import type { Analysis } from "./judge.ts";
import { mapOf } from "./rate-map.ts";
import { mean } from "../statistics/statistics.ts";

/**
 * Spatial information of a rate map, in bits: the sum over visited bins of p (r / R) log2(r / R), where p is the share of
 * one bin and R the mean rate. 0 for a constant map or one without rates above 0; rates below 0 count as 0.
 */
export function spatialInformation(map: Float64Array): number {
  const rates = map.filter((rate) => !Number.isNaN(rate)).map((rate) => Math.max(0, rate));
  const average = mean([...rates]);
  if (!(average > 0)) return 0;
  return (
    rates.reduce((sum, rate) => (rate > 0 ? sum + (rate / average) * Math.log2(rate / average) : sum), 0) / rates.length
  );
}

/** The active units that say most about place, at most `count` of them, best first. */
export function mostTuned({ smoothedMaps, unitCorrelograms }: Analysis, count: number): number[] {
  return [...unitCorrelograms.keys()]
    .map((unit) => ({ unit, information: spatialInformation(mapOf(smoothedMaps, unit)) }))
    .sort((p, q) => q.information - p.information)
    .slice(0, count)
    .map(({ unit }) => unit);
}
