import { rightReading } from "../reading.ts";
import type { Reading } from "../reading.ts";

/**
 * A known way to misread an equation: its name, a sentence for the port's author, and the functions that it replaces.
 */
export interface Misreading {
  name: string;
  /** The requirement that is misread. */
  requirement: string;
  /** One sentence for people, on what the port seems to do. */
  says: string;
  change: Partial<Reading>;
}

const lossPieces = [
  "path",
  "positions",
  "transition",
  "initialState",
  "step",
  "separation",
  "separationStates",
  "invariance",
  "invarianceStates",
  "capacity",
  "conformalIsometry",
  "settings",
  "capacityStates",
  "capacityTerm",
  "conformalTerm",
  "total",
] as const satisfies (keyof Reading)[];

/** Whether a misreading changes the value of a loss, and not only its gradient or the optimiser. */
function changesLosses(misreading: Misreading): boolean {
  return lossPieces.some((piece) => piece in misreading.change);
}

/**
 * The whole reading that belongs to a misreading. If it changes a loss or holds parts constant, its gradient has no
 * formula.
 */
export function readingOf(misreading: Misreading): Reading {
  const hasFormula = !changesLosses(misreading) && misreading.change.slopeOf === undefined;
  return { ...rightReading, gradients: hasFormula ? rightReading.gradients : undefined, ...misreading.change };
}
