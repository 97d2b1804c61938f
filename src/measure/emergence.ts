import type { Judgement, Module } from "./judgement.ts";
import { isIdentity } from "./relation.ts";

/** A grid module is a hexagonal module (M7) whose gridness is above this value and that has at least so many units. */
const GRID_MODULE_GRIDNESS = 0.8;
const GRID_MODULE_UNITS = 10;

/** A network must show so many grid modules on different lattices, and this share of its active units must be in modules of any class. */
const LEAST_GRID_MODULES = 2;
const LEAST_SHARE_IN_MODULES = 0.8;

/** Whether grid modules have emerged. */
export interface Emergence {
  /** Grid modules on different lattices. */
  gridModules: number;
  /** Share of the active units that are in a module of any class. */
  inModules: number;
  emerged: boolean;
}

/**
 * Whether a module is a grid module: hexagonal, with a gridness above GRID_MODULE_GRIDNESS and at least GRID_MODULE_UNITS units.
 * @spec M14
 */
export function isGridModule({
  class: name,
  gridness,
  size,
}: Pick<Module, "class" | "gridness"> & { size: number }): boolean {
  return name === "hexagonal" && gridness !== null && gridness > GRID_MODULE_GRIDNESS && size >= GRID_MODULE_UNITS;
}

/** The places, in the list of modules, of those that have a lattice which no module before them has (M9: nested with index 1). */
export function differentLattices({ modules, pairs }: Pick<Judgement, "modules" | "pairs">): number[] {
  const same = (i: number, j: number): boolean =>
    pairs.some((pair) => pair.modules.includes(i) && pair.modules.includes(j) && isIdentity(pair));
  return modules.reduce<number[]>(
    (kept, { angle }, i) => (angle === null || kept.some((j) => same(i, j)) ? kept : [...kept, i]),
    [],
  );
}

/**
 * Whether grid modules have emerged in a judgement: at least LEAST_GRID_MODULES of them on different lattices, and
 * at least LEAST_SHARE_IN_MODULES of the active units in modules of any class.
 * @spec M14
 */
export function emergence({ active, modules, pairs }: Pick<Judgement, "active" | "modules" | "pairs">): Emergence {
  const gridModules = differentLattices({ modules, pairs }).filter((i) => {
    const module = modules[i]!;
    return isGridModule({ ...module, size: module.units.length });
  }).length;
  const members = modules.reduce((sum, { units }) => sum + units.length, 0);
  const inModules = active === 0 ? 0 : members / active;
  return { gridModules, inModules, emerged: hasEmerged(gridModules, inModules) };
}

/** Whether so many grid modules, and that share of the active units in modules, meet the criterion of M14. */
export function hasEmerged(gridModules: number, inModules: number): boolean {
  return gridModules >= LEAST_GRID_MODULES && inModules >= LEAST_SHARE_IN_MODULES;
}
