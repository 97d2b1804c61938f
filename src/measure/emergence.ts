import type { Judgement, Module } from "./judge.ts";
import { isSameLattice } from "./relation.ts";

/** What a module must be to count as a hexagonal grid module: gridness, lattice angle in degrees, units. */
const LEAST_GRIDNESS = 0.8;
const ANGLE = 60;
const LARGEST_DEPARTURE = 6;
const LEAST_UNITS = 10;

/** How many such modules a network must show, and which share of its active units must be in a module of any class. */
const LEAST_MODULES = 2;
const LEAST_SHARE = 0.8;

/** Whether grid modules have emerged. */
export interface Emergence {
  /** Modules that are hexagonal by the strict measure above. */
  hexagonal: number;
  /** Share of the active units that are in a module of any class. */
  inModules: number;
  emerged: boolean;
}

type Measured = Pick<Module, "gridness" | "angle" | "spacing"> & { size: number };

/** Strictly hexagonal: gridness above 0.8, an angle of 60 +- 6 degrees, 10 units or more. */
export function isGridModule({ gridness, angle, size }: Measured): boolean {
  return (
    gridness !== null &&
    gridness > LEAST_GRIDNESS &&
    angle !== null &&
    Math.abs(angle - ANGLE) <= LARGEST_DEPARTURE &&
    size >= LEAST_UNITS
  );
}

/** The places, in the list of modules, of those that are not on one and the same lattice as one before; stripes have none. */
export function differentLattices({ modules, pairs }: Pick<Judgement, "modules" | "pairs">): number[] {
  const same = (i: number, j: number): boolean =>
    pairs.some((pair) => pair.modules.includes(i) && pair.modules.includes(j) && isSameLattice(pair));
  return modules.reduce<number[]>(
    (kept, { angle }, i) => (angle === null || kept.some((j) => same(i, j)) ? kept : [...kept, i]),
    [],
  );
}

/**
 * The emergence criterion: two or more grid modules, and four fifths of the active units in modules. Groups of units on one and
 * the same lattice count once.
 */
export function emergence({ active, modules, pairs }: Pick<Judgement, "active" | "modules" | "pairs">): Emergence {
  const hexagonal = differentLattices({ modules, pairs }).filter((i) => {
    const module = modules[i]!;
    return isGridModule({ ...module, size: module.units.length });
  }).length;
  const members = modules.reduce((sum, { units }) => sum + units.length, 0);
  const inModules = active === 0 ? 0 : members / active;
  return { hexagonal, inModules, emerged: hasEmerged(hexagonal, inModules) };
}

/** Whether so many grid modules, and that share of the active units in modules, meet the criterion. */
export function hasEmerged(hexagonal: number, inModules: number): boolean {
  return hexagonal >= LEAST_MODULES && inModules >= LEAST_SHARE;
}
