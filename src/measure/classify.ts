import { at } from "./autocorrelogram.ts";
import type { Autocorrelogram } from "./autocorrelogram.ts";
import { correctedGridness } from "./corrected-gridness.ts";
import { gridness } from "./gridness.ts";
import { LARGEST_LAG, LEAST_PERIODICITY, lattice, periodicity } from "./lattice.ts";
import type { Lattice } from "./lattice.ts";
import { stripe } from "./stripe.ts";
import { length, modulo } from "./vector.ts";
import type { Vector } from "./vector.ts";

export type Class = "hexagonal" | "square" | "sheared" | "stripe" | "none";

/** Largest |b| / |a| of a lattice called hexagonal or square; C3 takes it for wave vectors. */
export const LARGEST_RATIO = 1.1;

/** Largest departure from 60 or 90 degrees of a lattice called hexagonal or square, in degrees; C3 takes it for wave vectors. */
export const LARGEST_DEPARTURE = 6;

/** Least gridness of a lattice called hexagonal. */
const LEAST_GRIDNESS = 0.5;

/**
 * Largest |b| of a lattice, as a share of the box's side: of a longer one the box shows fewer than four fields, and three
 * fields anywhere look like a lattice.
 */
const LARGEST_SPACING = 2 / 3;

/** Shares of the highest peak that suffice when a lattice is sought again (M6 asks for one half). */
const LOWER_SHARES = [0.35, 0.2, 0.1];

/** What an autocorrelogram shows: its class with the reason, and the vectors that the class rests on. */
export interface Shape {
  class: Class;
  /** One sentence. */
  reason: string;
  /** M4 of the autocorrelogram. */
  gridness: number;
  /** M5 of the autocorrelogram; NaN without a lattice. */
  correctedGridness: number;
  /** How well the autocorrelogram repeats itself on the lattice found; 0 where there is none. */
  periodicity: number;
  /** Mean height of the autocorrelogram at a and b, or at the next stripe; 0 where there is none. */
  peak: number;
  /** |a| and |b| in metres, of stripes their distance and null; of class "none", what was found and not believed. */
  spacing: [number, number | null] | undefined;
  /** Of a hexagonal, square or sheared one. */
  lattice: Lattice | undefined;
  /** Of stripes: the vector from one to the next, in metres. */
  stripe: Vector | undefined;
}

/** The class of a lattice whose autocorrelogram repeats itself on it. */
function classOf(found: Lattice, score: number): Class {
  const equal = found.spacing[1] / found.spacing[0] <= LARGEST_RATIO;
  if (equal && found.angle <= 60 + LARGEST_DEPARTURE && score >= LEAST_GRIDNESS) return "hexagonal";
  return equal && found.angle >= 90 - LARGEST_DEPARTURE ? "square" : "sheared";
}

/** The mean height of an autocorrelogram at the given lags (metres). */
function heightAt(correlogram: Autocorrelogram, lags: readonly Vector[], binWidth: number): number {
  return lags.reduce((sum, [x, y]) => sum + at(correlogram, x / binWidth, y / binWidth), 0) / lags.length;
}

/** A lattice on which an autocorrelogram repeats itself, or why there is none. */
export interface PeriodicLattice {
  lattice: Lattice | undefined;
  /** 0 where no lattice was found, or one that is too long for the box. */
  periodicity: number;
  /** |a| and |b| of what was found, accepted or not, in metres. */
  spacing: [number, number] | undefined;
  /** Why there is no lattice; empty if there is one. */
  reason: string;
}

/** The side of the box that an autocorrelogram was made in, in metres. */
function boxOf({ size }: Autocorrelogram, binWidth: number): number {
  return (binWidth * (size + 1)) / 2;
}

/** Why a spacing of so many metres is not believed; undefined if it is. */
function tooLong(spacing: number, box: number): string | undefined {
  if (spacing <= LARGEST_SPACING * box) return undefined;
  return `a spacing of ${spacing.toFixed(2)} m, more than two thirds of the box of ${box.toFixed(2)} m: it takes a larger box to tell`;
}

/**
 * The lattice (M6) of an autocorrelogram, if it is short enough for the box and the autocorrelogram repeats itself on it.
 * @param leastShare as in `lattice`
 */
export function periodicLattice(correlogram: Autocorrelogram, binWidth: number, leastShare?: number): PeriodicLattice {
  const found = lattice(correlogram, binWidth, leastShare);
  const none = { lattice: undefined, periodicity: 0, spacing: found?.spacing };
  if (found === undefined) {
    const within = (LARGEST_LAG * boxOf(correlogram, binWidth)).toFixed(2);
    const reason = `no two independent peaks beside the central one within ${within} m: it takes a larger box to tell longer lattices`;
    return { ...none, reason };
  }
  const reason = tooLong(found.spacing[1], boxOf(correlogram, binWidth));
  if (reason !== undefined) return { ...none, reason };
  const repeats = periodicity(correlogram, found, binWidth);
  if (repeats >= LEAST_PERIODICITY) return { lattice: found, periodicity: repeats, spacing: found.spacing, reason: "" };
  return {
    ...none,
    periodicity: Number.isNaN(repeats) ? 0 : repeats,
    reason: `peaks that do not repeat as a lattice (periodicity ${repeats.toFixed(2)})`,
  };
}

/**
 * The lattice that the class rests on. Noise may leave the nearest peaks so low that a part of the lattice is taken for all of it:
 * if the gridness is that of a hexagonal lattice and the lattice is not hexagonal, lower peaks are let in, too.
 */
function bestLattice(correlogram: Autocorrelogram, binWidth: number, score: number): PeriodicLattice {
  const first = periodicLattice(correlogram, binWidth);
  if (score < LEAST_GRIDNESS || (first.lattice && classOf(first.lattice, score) === "hexagonal")) return first;
  const again = LOWER_SHARES.map((share) => periodicLattice(correlogram, binWidth, share));
  return again.find((one) => one.lattice && classOf(one.lattice, score) === "hexagonal") ?? first;
}

/**
 * The class of an autocorrelogram.
 * @param binWidth side of a bin, in metres
 * @spec M7
 */
export function shape(correlogram: Autocorrelogram, binWidth: number): Shape {
  const { score } = gridness(correlogram);
  const none: Shape = {
    class: "none",
    reason: "",
    gridness: score,
    correctedGridness: NaN,
    periodicity: 0,
    peak: 0,
    spacing: undefined,
    lattice: undefined,
    stripe: undefined,
  };
  const stripes = stripe(correlogram, binWidth);
  if (stripes !== undefined) {
    const { vector, periodicity: repeats } = stripes;
    const spacing = length(vector);
    const long = tooLong(spacing, boxOf(correlogram, binWidth));
    const reason = `a ridge that repeats every ${spacing.toFixed(2)} m across it and does not fall along it`;
    const found = { ...none, reason, periodicity: repeats, spacing: [spacing, null] as [number, null] };
    if (long !== undefined) return { ...found, reason: long, periodicity: 0 };
    return { ...found, class: "stripe", peak: heightAt(correlogram, [vector], binWidth), stripe: vector };
  }
  const { lattice: found, periodicity: repeats, spacing, reason } = bestLattice(correlogram, binWidth, score);
  if (found === undefined) {
    const far = spacing === undefined ? lattice(correlogram, binWidth, undefined, 1) : undefined;
    const long = far && tooLong(far.spacing[1], boxOf(correlogram, binWidth));
    return { ...none, reason: long ?? reason, periodicity: repeats, spacing: long ? far.spacing : spacing };
  }
  const name = classOf(found, score);
  const corrected = correctedGridness(correlogram, found);
  return {
    class: name,
    reason: reasonFor(found, name, score, corrected),
    gridness: score,
    correctedGridness: corrected,
    periodicity: repeats,
    peak: heightAt(correlogram, [found.a, found.b], binWidth),
    spacing: found.spacing,
    lattice: found,
    stripe: undefined,
  };
}

/** The gridness and the periodicity that `shape` gives, without the rest. */
export function regularity(correlogram: Autocorrelogram, binWidth: number): Pick<Shape, "gridness" | "periodicity"> {
  const { score } = gridness(correlogram);
  const stripes = stripe(correlogram, binWidth);
  if (stripes === undefined) {
    return { gridness: score, periodicity: bestLattice(correlogram, binWidth, score).periodicity };
  }
  const long = tooLong(length(stripes.vector), boxOf(correlogram, binWidth)) !== undefined;
  return { gridness: score, periodicity: long ? 0 : stripes.periodicity };
}

/** What the class rests on, in a sentence; and if gridness and class do not go together, that they do not. */
function reasonFor({ spacing, angle }: Lattice, name: Class, score: number, corrected: number): string {
  const numbers = `angle ${angle.toFixed(1)} degrees, sides 1 : ${(spacing[1] / spacing[0]).toFixed(2)}, gridness ${score.toFixed(2)}`;
  if (name === "hexagonal" || !(score >= LEAST_GRIDNESS)) return numbers;
  return `${numbers}: the gridness is that of a hexagonal lattice, the vectors are those of a ${name} one (after correction of the ellipse ${corrected.toFixed(2)})`;
}

/**
 * Orientation of a lattice in degrees, folded by the symmetry of its class: hexagonal within [0, 60), from all three axes;
 * square within [0, 90), from both; otherwise the direction of its shortest vector, within [0, 180).
 * @spec M7
 */
export function foldedOrientation({ a, b }: Lattice, shapeClass: Class): number {
  const angles = [Math.atan2(a[1], a[0]), Math.atan2(b[1], b[0])];
  if (shapeClass === "hexagonal") return meanAxis([...angles, Math.atan2(a[1] - b[1], a[0] - b[0])], 6);
  if (shapeClass === "square") return meanAxis(angles, 4);
  return modulo((angles[0]! * 180) / Math.PI, 180);
}

/** Circular mean of angles (radians) under a symmetry of `fold` turns, in degrees within [0, 360 / fold). */
function meanAxis(angles: readonly number[], fold: number): number {
  const sine = angles.reduce((sum, angle) => sum + Math.sin(fold * angle), 0);
  const cosine = angles.reduce((sum, angle) => sum + Math.cos(fold * angle), 0);
  return modulo((Math.atan2(sine, cosine) * 180) / Math.PI / fold, 360 / fold);
}
