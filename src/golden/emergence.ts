import type { Judgement, Module } from "../measure/judge.ts";

/** What a module must be to count as a hexagonal grid module: gridness, lattice angle in degrees, units. */
const LEAST_GRIDNESS = 0.8;
const ANGLE = 60;
const LARGEST_DEPARTURE = 6;
const LEAST_UNITS = 10;

/** How many such modules a network must show, and which share of its active units must be in a module of any class. */
export const LEAST_MODULES = 2;
export const LEAST_SHARE = 0.8;

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

/**
 * The emergence criterion: two or more grid modules, and four fifths of the active units in modules. Two groups of units on one
 * and the same lattice count once.
 */
export function emergence({ active, modules, pairs }: Pick<Judgement, "active" | "modules" | "pairs">): Emergence {
  const grid = modules.map((module) => isGridModule({ ...module, size: module.units.length }));
  const repeats = modules.map((_, i) =>
    pairs.some(
      ({ modules: [coarse, fine], matrix, verdict }) =>
        Math.max(coarse, fine) === i &&
        grid[Math.min(coarse, fine)] &&
        verdict === "nested" &&
        Math.abs(matrix[0][0] * matrix[1][1] - matrix[0][1] * matrix[1][0]) === 1,
    ),
  );
  const hexagonal = grid.filter((isGrid, i) => isGrid && !repeats[i]).length;
  const members = modules.reduce((sum, { units }) => sum + units.length, 0);
  const inModules = active === 0 ? 0 : members / active;
  return { hexagonal, inModules, emerged: hexagonal >= LEAST_MODULES && inModules >= LEAST_SHARE };
}
