import { length, modulo, combined, coordinates, cross, dot, scaled } from "./vector.ts";
import type { Vector } from "./vector.ts";
import type { Class } from "./classify.ts";
import type { Lattice } from "./lattice.ts";

/** Largest misfit of lattices called nested. */
export const LARGEST_MISFIT = 0.15;

/** Largest misfit of two lattices that are one and the same: modules that differ by a tenth are two. */
export const LARGEST_MISFIT_OF_ONE = 0.07;

/** Integers with coarse.a ~ m[0][0] fine.a + m[0][1] fine.b, and coarse.b likewise by m[1]. */
export type IntegerMatrix = [[number, number], [number, number]];

export interface Relation {
  /** Geometric mean of the coarse lattice's spacings over that of the fine one. */
  ratio: number;
  /** Between the two orientations, in degrees: within [0, 30] for two hexagonal ones, [0, 45] for two square ones, else [0, 90]. */
  rotation: number;
  matrix: IntegerMatrix;
  /** Larger distance of the coarse lattice's two vectors from the points that the matrix gives, in units of |fine.a|. */
  misfit: number;
  /** Share of lattices like the coarse one, but turned and stretched (TURNS, STRETCHES), that fit at least as well. */
  chance: number;
  verdict: "nested" | "independent";
}

/** What the relation of two modules is made from. */
export interface ModuleLattice {
  lattice: Lattice;
  class: Class;
  /** Folded by the class's symmetry, in degrees. */
  orientation: number;
}

/** The integers [m, n] of the point of the lattice (a, b) next to v. */
function nearestPoint(v: Vector, { a, b }: Lattice): [number, number] {
  const [x, y] = coordinates(v, a, b);
  const corners: [number, number][] = [Math.floor(x), Math.ceil(x)].flatMap((m) =>
    [Math.floor(y), Math.ceil(y)].map((n): [number, number] => [m, n]),
  );
  const away = ([m, n]: [number, number]): number => length(combined(1, v, -1, combined(m, a, n, b)));
  return corners.reduce((best, corner) => (away(corner) < away(best) ? corner : best));
}

/** How many points of the fine lattice there are for each point of the coarse one. */
function indexOf(matrix: IntegerMatrix): number {
  return Math.abs(cross(matrix[0], matrix[1]));
}

/**
 * How one lattice is made from another that is much like it: the logarithm of the stretch (of the square root of the cell's area)
 * and the turn in radians; undefined if they are not alike, that is if they differ by more than `most` of the shorter vector.
 */
export function changeOf(from: Lattice, to: Lattice, most: number): [number, number] | undefined {
  const { matrix, misfit } = nest(to.a, to.b, from);
  if (indexOf(matrix) !== 1 || misfit > most) return undefined;
  const source = matrix.map(([m, n]) => combined(m, from.a, n, from.b));
  const turns = [to.a, to.b].map((v, i) => Math.atan2(cross(source[i]!, v), dot(source[i]!, v)));
  return [Math.log(cellArea(to) / cellArea(from)) / 2, (turns[0]! + turns[1]!) / 2];
}

/** The integer matrix that brings the vectors v and w nearest to the fine lattice, what is left, and the verdict. */
function nest(v: Vector, w: Vector, fine: Lattice): Pick<Relation, "matrix" | "misfit" | "verdict"> {
  const matrix: IntegerMatrix = [nearestPoint(v, fine), nearestPoint(w, fine)];
  const left = [v, w].map((vector, i) => {
    const [m, n] = matrix[i]!;
    return length(combined(1, vector, -1, combined(m, fine.a, n, fine.b)));
  });
  const misfit = Math.max(...left) / length(fine.a);
  const index = indexOf(matrix);
  const nested = index > 0 && misfit <= (index === 1 ? LARGEST_MISFIT_OF_ONE : LARGEST_MISFIT);
  return { matrix, misfit, verdict: nested ? "nested" : "independent" };
}

/** v turned by an angle in degrees and stretched by a factor. */
function turned([x, y]: Vector, degrees: number, factor: number): Vector {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return scaled([cos * x - sin * y, sin * x + cos * y], factor);
}

/** Turns and stretches that `chance` goes through: 0, 2, .., 178 degrees, and 0.8 to 1.25 in equal ratios. */
const TURNS = Array.from({ length: 90 }, (_, i) => 2 * i);
const STRETCHES = Array.from({ length: 9 }, (_, i) => 0.8 * (1.25 / 0.8) ** (i / 8));

/** Share of turns and stretches of the coarse lattice under which its misfit is `misfit` or less. */
function chanceOf(misfit: number, { a, b }: Lattice, fine: Lattice): number {
  const fits = TURNS.flatMap((degrees) =>
    STRETCHES.filter((factor) => nest(turned(a, degrees, factor), turned(b, degrees, factor), fine).misfit <= misfit),
  );
  return fits.length / (TURNS.length * STRETCHES.length);
}

/** The geometric mean of a lattice's two spacings, in metres. */
export function meanSpacing({ spacing }: Lattice): number {
  return Math.sqrt(spacing[0] * spacing[1]);
}

/** The mean length of a lattice's three shortest axes a, b and a - b, in metres. */
export function meanAxis({ a, b, spacing }: Lattice): number {
  return (spacing[0] + spacing[1] + length(combined(1, a, -1, b))) / 3;
}

/** Area of a lattice's cell, in square metres. */
export function cellArea({ a, b }: Lattice): number {
  return Math.abs(cross(a, b));
}

/** The turn under which both classes' lattices agree with themselves, in degrees. */
function commonTurn(p: Class, q: Class): number {
  if (p === "hexagonal" && q === "hexagonal") return 60;
  return p === "square" && q === "square" ? 90 : 180;
}

/**
 * M9. How the coarser of two lattices lies on the finer one. "nested": the coarse lattice's vectors are, within the largest
 * misfit, points of the fine lattice, so that the coarse lattice is a sub-lattice of index |det matrix| (1: the same lattice).
 * @spec M9
 */
export function relation(coarse: ModuleLattice, fine: ModuleLattice): Relation {
  const turn = commonTurn(coarse.class, fine.class);
  const difference = modulo(coarse.orientation - fine.orientation, turn);
  const { matrix, misfit, verdict } = nest(coarse.lattice.a, coarse.lattice.b, fine.lattice);
  return {
    ratio: meanSpacing(coarse.lattice) / meanSpacing(fine.lattice),
    rotation: Math.min(difference, turn - difference),
    matrix,
    misfit,
    chance: chanceOf(misfit, coarse.lattice, fine.lattice),
    verdict,
  };
}

/** Whether a relation is that of one lattice with itself: nested with index 1. */
export function isIdentity({ matrix, verdict }: Pick<Relation, "matrix" | "verdict">): boolean {
  return verdict === "nested" && indexOf(matrix) === 1;
}

/** Whether two lattices are one and the same by M9: the coarser one is nested in the other with index 1. */
export function isSameLattice(p: Lattice, q: Lattice): boolean {
  const [coarse, fine] = cellArea(p) >= cellArea(q) ? [p, q] : [q, p];
  return isIdentity(nest(coarse.a, coarse.b, fine));
}
