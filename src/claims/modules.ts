import type { ModuleLattice } from "../measure/relation.ts";
import { isSameLattice } from "../measure/relation.ts";
import type { Module } from "../measure/judgement.ts";
import { lattice, type Lattice } from "../measure/lattice.ts";
import type { View } from "./study.ts";

/** The modules of a view that count (M10). */
export function periodicModules(view: View): Module[] {
  return view.analysis.judgement.modules.filter(({ counts }) => counts);
}

/** A module with its lattice, which stripes do not have. */
export interface LatticeModule extends ModuleLattice {
  module: Module;
}

/** The modules of a view that count, with their lattices, largest first. */
export function latticeModules(view: View): LatticeModule[] {
  return view.analysis.judgement.modules.flatMap((module, place) => {
    const found = view.analysis.moduleLattices[place];
    return found === undefined || !module.counts ? [] : [{ module, ...found }];
  });
}

/** The modules with different lattices: of those that share one, the largest. */
export function distinctModules(view: View): LatticeModule[] {
  return latticeModules(view).reduce<LatticeModule[]>(
    (kept, next) => (kept.some((other) => isSameLattice(other.lattice, next.lattice)) ? kept : [...kept, next]),
    [],
  );
}

/** The lattice of each unit's own autocorrelogram; undefined where there is none. */
export function unitLattices(view: View, units: readonly number[]): (Lattice | undefined)[] {
  return units.map((unit) => {
    const correlogram = view.analysis.unitCorrelograms.get(unit);
    return correlogram && lattice(correlogram, view.box / view.bins);
  });
}
