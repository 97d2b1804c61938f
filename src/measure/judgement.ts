import type { Class } from "./classify.ts";
import type { Discreteness, Isolation } from "./discreteness.ts";
import type { Spread } from "./families.ts";
import type { Relation } from "./relation.ts";

/**
 * What shuffled maps of a module's units show: 95th percentiles over `shuffles` maps. A group that chance makes among so many units is
 * told without them: 0 shuffles and null.
 */
export interface Null {
  shuffles: number;
  gridness: number | null;
  periodicity: number | null;
  /** How many groups as large and as periodic are to be expected by chance among all units that were searched. */
  groups: number;
}

export interface Module {
  /** Indices of its units, ascending. */
  units: number[];
  class: Class;
  /** Why it is of that class. */
  reason: string;
  /** Whether it has a lattice, is more periodic than its null, too large a group for chance, and set apart from all other lattices. */
  counts: boolean;
  /** |a| and |b| in metres; of stripes, their distance and null. */
  spacing: [number, number | null];
  /** Mean length of the three axes a, b and a - b, in metres; null for stripes. */
  meanSpacing: number | null;
  /** How far the units' own lattices differ; null where fewer than two units have one. */
  spread: Spread | null;
  /** How far its units' lattices are set apart from all others; null where there are no others, or fewer than three units have one. */
  isolation: Isolation | null;
  /** Between a and b, in degrees within [60, 90]; null for stripes. */
  angle: number | null;
  /** In degrees, folded by the symmetry of the class; of stripes, the direction across them within [0, 180). */
  orientation: number;
  /** Of the mean autocorrelogram; null where it cannot be had. */
  gridness: number | null;
  correctedGridness: number | null;
  /** null for stripes. */
  ellipticity: number | null;
  /** How well the mean autocorrelogram repeats itself on the lattice, up to 1. */
  periodicity: number;
  /** Height of the mean autocorrelogram's peaks next to the central one. */
  peak: number;
  /** null if no shuffles were asked for. */
  null: Null | null;
}

/** Two modules by their places in the list of modules: [coarse, fine]. */
export interface Pair extends Relation {
  modules: [number, number];
}

/** A group of units that agree and are no module. */
interface DroppedGroup {
  /** Indices of its units, ascending. */
  units: number[];
  /** |a| and |b| in metres of what was found and not believed, of stripes their distance and null; null if nothing was found. */
  spacing: [number, number | null] | null;
  reason: string;
}

/** Every unit is in a module, or here. */
export interface Dropped {
  units: { unit: number; reason: string }[];
  groups: DroppedGroup[];
}

/** What rate maps show. */
export interface Judgement {
  units: number;
  /** Units whose maps vary, in a pattern that the bins can show. */
  active: number;
  /** Largest first. */
  modules: Module[];
  /** Every two modules with lattices. */
  pairs: Pair[];
  /** Whether the units' lattices fall into groups, or are a continuum; null if too few units have a lattice. */
  discreteness: Discreteness | null;
  dropped: Dropped;
  /** What a reader of the numbers should know, one sentence each. */
  warnings: string[];
}
