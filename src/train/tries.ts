import type { ParameterName } from "./parameters.ts";

/** Share of a try's steps, at its end, whose totals are averaged to judge it. */
const CLOSING_SHARE = 0.1;

/** Distance of the seeds of two tries, so that the tries of neighbouring seeds differ. */
const SEED_STEP = 1000;

/** A finished try: which one (from 0), its closing total, and the parameters it ended with. */
export interface FinishedTry {
  attempt: number;
  total: number;
  parameters: Record<ParameterName, Float32Array>;
}

/** T8: the seed of a try (from 0) of a run: seed, seed + 1000, seed + 2000, ..., modulo 2^31. */
export function trySeed(seed: number, attempt: number): number {
  return (seed + SEED_STEP * attempt) % 2 ** 31;
}

/** T8: how many steps, at the end of a try of `steps`, are its closing steps: a tenth, at least one. */
export function closingSteps(steps: number): number {
  return Math.max(1, Math.floor(CLOSING_SHARE * steps));
}

/** T8: whether a try with this closing total is kept instead of the one kept so far: if its total is lower. */
export function isBetter(total: number, kept: Pick<FinishedTry, "total"> | null): boolean {
  return kept === null || total < kept.total;
}

/** T8: whether a run is done after that many steps: all tries are done, or the one kept is good enough. */
export function isFinished(
  done: number,
  kept: Pick<FinishedTry, "total"> | null,
  { steps, tries, enough }: { steps: number; tries: number; enough: number },
): boolean {
  return done === steps * tries || (done % steps === 0 && kept !== null && kept.total < enough);
}

/** The terms of L5 and their weighted sum. */
export type ClosingLosses = Record<"total" | "sep" | "inv" | "cap" | "con", number>;

/** T8: a try's losses, averaged over the lines of metrics of its closing steps. */
export function closingLosses(lines: readonly (ClosingLosses & { step: number })[], steps: number): ClosingLosses {
  const closing = lines.filter(({ step }) => step > steps - closingSteps(steps));
  const mean = (term: keyof ClosingLosses): number =>
    closing.reduce((sum, line) => sum + line[term], 0) / closing.length;
  return { total: mean("total"), sep: mean("sep"), inv: mean("inv"), cap: mean("cap"), con: mean("con") };
}
