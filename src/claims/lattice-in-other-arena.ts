import { meanAutocorrelogram } from "../measure/autocorrelogram.ts";
import { shape } from "../measure/classify.ts";
import { mapOf } from "../measure/rate-map.ts";
import { RunningCorrelation } from "../measure/running-correlation.ts";
import { median } from "../measure/statistics.ts";
import type { View } from "./study.ts";
import { isSameLattice } from "../measure/relation.ts";
import { distinctModules, type LatticeModule } from "./modules.ts";

/** How a module of one view fares in another. */
export interface Carried {
  /** The module as it was seen first. */
  home: LatticeModule;
  /** What the same units show in the other view: their lattice, undefined if they have none, and their gridness. */
  away: LatticeModule["lattice"] | undefined;
  gridness: number;
  /** Whether that is the lattice that they had (M9, index 1). */
  same: boolean;
}

/** What the units of each module of `home` show together in `away`. */
export function carried(home: View, away: View): Carried[] {
  return distinctModules(home).map((module) => {
    const there = module.module.units.flatMap((unit) => away.analysis.unitCorrelograms.get(unit) ?? []);
    if (there.length === 0) return { home: module, away: undefined, gridness: NaN, same: false };
    const found = shape(meanAutocorrelogram(there), away.box / away.bins);
    const { lattice, gridness } = found;
    if (lattice === undefined) return { home: module, away: undefined, gridness, same: false };
    return { home: module, away: lattice, gridness, same: isSameLattice(module.lattice, lattice) };
  });
}

/**
 * The median over units of the correlation of a unit's rate map in one view with that in another, over the places of the
 * smaller box: 1 if every field stays where it was, about 0 if the pattern has moved.
 */
export function agreement(home: View, away: View, units: readonly number[]): number {
  const centre = (bin: number): number => ((bin + 0.5) / home.bins - 0.5) * home.box;
  const there = Array.from({ length: home.bins }, (_, bin) => Math.floor((centre(bin) / away.box + 0.5) * away.bins));
  const correlations = units.map((unit) => {
    const [p, q] = [mapOf(home.analysis.smoothedMaps, unit), mapOf(away.analysis.smoothedMaps, unit)];
    const correlation = new RunningCorrelation();
    for (let row = 0; row < home.bins; row++) {
      for (let column = 0; column < home.bins; column++)
        correlation.add(p[row * home.bins + column]!, q[there[row]! * away.bins + there[column]!]!);
    }
    return correlation.value;
  });
  return median(correlations);
}
