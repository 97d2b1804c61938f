import type { ModuleLattice } from "../measure/relation.ts";
import { cellArea, isSameLattice, relation } from "../measure/relation.ts";
import type { Module } from "../measure/judge.ts";
import { lattice, type Lattice } from "../measure/lattice.ts";
import type { View } from "./study.ts";

/** Whether a module's autocorrelogram repeats itself better than its null (M10); without a null, any module's does. */
export function beyondNull({ periodicity, null: nothing }: Module): boolean {
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
    if (!beyondNull(module) || module.class === "stripe") return [];
    const found = lattice(view.analysis.moduleCorrelograms[place]!, view.box / view.bins);
    return found === undefined
      ? []
      : [{ module, lattice: found, class: module.class, orientation: module.orientation }];
  });
}

/** Whether two modules share one lattice: nested with index 1 (M9). */
export function sameLattice(p: ModuleLattice, q: ModuleLattice): boolean {
  const [coarse, fine] = cellArea(p.lattice) >= cellArea(q.lattice) ? [p, q] : [q, p];
  return isSameLattice(relation(coarse, fine));
}

/** The modules with different lattices: of those that share one, the largest. */
export function distinctModules(view: View): LatticeModule[] {
  return latticeModules(view).reduce<LatticeModule[]>(
    (kept, next) => (kept.some((other) => sameLattice(other, next)) ? kept : [...kept, next]),
    [],
  );
}

/** The geometric mean of a lattice's two spacings, metres. */
export function meanSpacing({ spacing }: Lattice): number {
  return Math.sqrt(spacing[0] * spacing[1]);
}

/** The lattice of each unit's own autocorrelogram; undefined where there is none. */
export function unitLattices(view: View, units: readonly number[]): (Lattice | undefined)[] {
  return units.map((unit) => {
    const correlogram = view.analysis.unitCorrelograms.get(unit);
    return correlogram && lattice(correlogram, view.box / view.bins);
  });
}
