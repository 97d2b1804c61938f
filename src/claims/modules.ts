import type { ModuleLattice } from "../measure/relation.ts";
import { isSameLattice } from "../measure/relation.ts";
import type { Module } from "../measure/judgement.ts";
import { lattice, type Lattice } from "../measure/lattice.ts";
import type { View } from "./study.ts";

/** Whether a module's autocorrelogram repeats itself better than its null (M10). Every module does where there is no null. */
function beyondNull({ periodicity, null: nothing }: Module): boolean {
  return nothing === null || periodicity > nothing.periodicity;
}

/** The modules of a view that are beyond their null. */
export function periodicModules(view: View): Module[] {
  return view.analysis.judgement.modules.filter(beyondNull);
}

/** A module with its lattice, which stripes do not have. */
export interface LatticeModule extends ModuleLattice {
  module: Module;
}

/** The modules of a view that are beyond their null and have a lattice, largest first. */
export function latticeModules(view: View): LatticeModule[] {
  return view.analysis.judgement.modules.flatMap((module, place) => {
    const found = view.analysis.moduleLattices[place];
    return found === undefined || !beyondNull(module) ? [] : [{ module, ...found }];
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
