import { meanAutocorrelogram } from "../measure/autocorrelogram.ts";
import { shape } from "../measure/classify.ts";
import { mapOf } from "../measure/rate-map.ts";
import { isSameLattice } from "../measure/relation.ts";
import { median } from "../statistics/statistics.ts";
import { RunningCorrelation } from "../measure/running-correlation.ts";
import type { View } from "./study.ts";
import { distinctModules, type LatticeModule } from "./modules.ts";

/** What the units of a module show in a test arena. */
export interface LatticeInOtherArena {
  /** The module as the training arena shows it. */
  module: LatticeModule;
  /** The lattice of the same units in the test arena, undefined where they have none, and their gridness there. */
  lattice: LatticeModule["lattice"] | undefined;
  gridness: number;
  /** Whether that is the lattice of the training arena (M9, index 1). */
  same: boolean;
}

/** What the units of each module of the training arena show together in a test arena. */
export function latticeInOtherArena(training: View, test: View): LatticeInOtherArena[] {
  return distinctModules(training).map((module) => {
    const correlograms = module.module.units.flatMap((unit) => test.analysis.unitCorrelograms.get(unit) ?? []);
    if (correlograms.length === 0) return { module, lattice: undefined, gridness: NaN, same: false };
    const found = shape(meanAutocorrelogram(correlograms), test.box / test.bins);
    const { lattice, gridness } = found;
    if (lattice === undefined) return { module, lattice, gridness, same: false };
    return { module, lattice, gridness, same: isSameLattice(module.lattice, lattice) };
  });
}

/**
 * The median over units of the correlation of a unit's rate map in the training arena with that in a test arena, over the places of the
 * training arena. It is 1 if every field stays where it was, and about 0 if the pattern has moved.
 */
export function agreement(training: View, test: View, units: readonly number[]): number {
  const centre = (bin: number): number => ((bin + 0.5) / training.bins - 0.5) * training.box;
  const there = Array.from({ length: training.bins }, (_, bin) =>
    Math.floor((centre(bin) / test.box + 0.5) * test.bins),
  );
  const correlations = units.map((unit) => {
    const [p, q] = [mapOf(training.analysis.smoothedMaps, unit), mapOf(test.analysis.smoothedMaps, unit)];
    const correlation = new RunningCorrelation();
    for (let row = 0; row < training.bins; row++) {
      for (let column = 0; column < training.bins; column++)
        correlation.add(p[row * training.bins + column]!, q[there[row]! * test.bins + there[column]!]!);
    }
    return correlation.value;
  });
  return median(correlations);
}
