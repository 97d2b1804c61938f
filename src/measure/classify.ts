import { at } from "./autocorrelogram.ts";
import type { Autocorrelogram } from "./autocorrelogram.ts";
import { correctedGridness } from "./corrected-gridness.ts";
import { gridness } from "./gridness.ts";
import { LEAST_PERIODICITY, lattice, periodicity } from "./lattice.ts";
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

/**
 * M7. The class of an autocorrelogram.
 * @param binWidth side of a bin, in metres
 * @spec M7
 */
export function shape(correlogram: Autocorrelogram, binWidth: number): Shape {
  const { score } = gridness(correlogram);
  const none: Shape = {
    class: "none",
    reason: "no two independent peaks beside the central one",
    gridness: score,
    correctedGridness: NaN,
    periodicity: 0,
    peak: 0,
    lattice: undefined,
    stripe: undefined,
  };
  const stripes = stripe(correlogram, binWidth);
  if (stripes !== undefined) {
    const { vector, periodicity } = stripes;
    const reason = `a ridge that repeats every ${length(vector).toFixed(2)} m across it and does not fall along it`;
    const peak = heightAt(correlogram, [vector], binWidth);
    return { ...none, class: "stripe", reason, periodicity, peak, stripe: vector };
  }
  const found = lattice(correlogram, binWidth);
  if (found === undefined) return none;
  const box = (binWidth * (correlogram.size + 1)) / 2;
  if (found.spacing[1] > LARGEST_SPACING * box) {
    const reason = `peaks ${found.spacing[1].toFixed(2)} m apart in a box of ${box.toFixed(2)} m: it takes a larger box to tell`;
    return { ...none, reason };
  }
  const repeats = periodicity(correlogram, found, binWidth);
  if (!(repeats >= LEAST_PERIODICITY)) {
    const reason = `peaks that do not repeat as a lattice (periodicity ${repeats.toFixed(2)})`;
    return { ...none, reason, periodicity: Number.isNaN(repeats) ? 0 : repeats };
  }
  const ratio = found.spacing[1] / found.spacing[0];
  return {
    class: classOf(found, score),
    reason: `angle ${found.angle.toFixed(1)} degrees, sides 1 : ${ratio.toFixed(2)}, gridness ${score.toFixed(2)}`,
    gridness: score,
    correctedGridness: correctedGridness(correlogram, found),
    periodicity: repeats,
    peak: heightAt(correlogram, [found.a, found.b], binWidth),
    lattice: found,
    stripe: undefined,
  };
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
