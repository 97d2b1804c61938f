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

/** All modules of a view that have a lattice, largest first, whether they count or not. */
export function allLatticeModules(view: View): LatticeModule[] {
  return view.analysis.judgement.modules.flatMap((module, place) => {
    const found = view.analysis.moduleLattices[place];
    return found === undefined ? [] : [{ module, ...found }];
  });
}

/** The modules of a view that count, with their lattices, largest first. */
export function latticeModules(view: View): LatticeModule[] {
  return allLatticeModules(view).filter(({ module }) => module.counts);
}

/** The modules with different lattices, of those that count unless others are given: of those that share one, the largest. */
export function distinctModules(view: View, modules = latticeModules(view)): LatticeModule[] {
  return modules.reduce<LatticeModule[]>(
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
