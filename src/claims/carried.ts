import { RunningCorrelation } from "../measure/running-correlation.ts";
import { mapOf } from "../measure/rate-map.ts";
import type { View } from "./cast.ts";
import { distinctModules, latticeModules, sameLattice, type LatticeModule } from "./modules.ts";

/** How a module of one view fares in another. */
export interface Carried {
  /** The module as it was seen first. */
  home: LatticeModule;
  /** The module of the other view that has most of its units, if it has one with a lattice. */
  away: LatticeModule | undefined;
  /** The share of the first one's units that are in a module with the same lattice. */
  kept: number;
  /** Whether that is most of them. */
  same: boolean;
}

/** Least share of a module's units that must keep its lattice. */
const LEAST_KEPT = 0.5;

/** What becomes of each module of `home` in `away`. */
export function carried(home: View, away: View): Carried[] {
  const there = latticeModules(away);
  return distinctModules(home).map((module) => {
    const shared = ({ module: { units } }: LatticeModule): number =>
      module.module.units.filter((unit) => units.includes(unit)).length;
    const best = there.reduce<LatticeModule | undefined>(
      (most, one) => (shared(one) > (most ? shared(most) : 0) ? one : most),
      undefined,
    );
    const alike = there.filter((one) => sameLattice(module, one)).reduce((sum, one) => sum + shared(one), 0);
    const kept = alike / module.module.units.length;
    return { home: module, away: best, kept, same: kept >= LEAST_KEPT };
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
    const [p, q] = [mapOf(home.analysis.maps, unit), mapOf(away.analysis.maps, unit)];
    const correlation = new RunningCorrelation();
    for (let row = 0; row < home.bins; row++) {
      for (let column = 0; column < home.bins; column++)
        correlation.add(p[row * home.bins + column]!, q[there[row]! * away.bins + there[column]!]!);
    }
    return correlation.value;
  });
  const sorted = correlations.filter((value) => !Number.isNaN(value)).sort((p, q) => p - q);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
