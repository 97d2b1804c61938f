import { z } from "zod";

/** Distance of the seeds of two attempts, so that the tries of neighbouring seeds differ. */
const SEED_STEP = 1000;

/** Share of a try's steps before a gate whose losses are averaged there. */
const GATE_SHARE = 0.02;

/** Share of a try's steps, at its end, whose losses are averaged to tell of it. */
const CLOSING_SHARE = 0.1;

/** The terms of L5 and their weighted sum. */
export const TERMS = ["total", "sep", "inv", "cap", "con"] as const;
export type Terms = Record<(typeof TERMS)[number], number>;

/** T8: what a term's mean must be at a share of a try's steps for the try to go on. */
export interface AcceptanceCriterion {
  at: number;
  term: keyof Terms;
  least?: number | undefined;
  most?: number | undefined;
}

/** T8: a try that was given up, as it is stored: its seed, its steps, and the gate that it did not pass, with the term's mean there. */
export const rejectedAttemptSchema = z.strictObject({
  seed: z.int().min(0),
  steps: z.int().min(1),
  at: z.number(),
  term: z.enum(TERMS),
  mean: z.number(),
});
export type RejectedAttempt = z.infer<typeof rejectedAttemptSchema>;

/**
 * T8: the seed of a try (from 0) of a run: seed, seed + 1000, seed + 2000, ..., modulo 2^31.
 * @spec T8
 */
export function trySeed(seed: number, attempt: number): number {
  return (seed + SEED_STEP * attempt) % 2 ** 31;
}

/**
 * T8: after how many of a try's steps a gate stands: the nearest whole number, at least one.
 * @spec T8
 */
export function criterionStep({ at }: Pick<AcceptanceCriterion, "at">, steps: number): number {
  return Math.max(1, Math.round(at * steps));
}

/**
 * T8: how many steps, up to the one after which a gate stands, are averaged: a fiftieth of the try's, at least one.
 * @spec T8
 */
export function criterionWindow(steps: number): number {
  return Math.max(1, Math.floor(GATE_SHARE * steps));
}

/**
 * T8: a gate's sum of its term after one more step of a try (`done` with it).
 * @spec T8
 */
export function criterionSum(
  sum: number,
  gate: AcceptanceCriterion,
  losses: Terms,
  done: number,
  steps: number,
): number {
  const end = criterionStep(gate, steps);
  return done > end - criterionWindow(steps) && done <= end ? sum + losses[gate.term] : sum;
}

/**
 * T8: the first gate after `done` steps of a try that it does not pass, and the term's mean there; none if it goes on.
 * @spec T8
 */
export function unmetCriterion(
  acceptanceCriteria: readonly AcceptanceCriterion[],
  sums: readonly number[],
  done: number,
  steps: number,
): { gate: AcceptanceCriterion; mean: number } | undefined {
  const here = acceptanceCriteria.map((gate, k) => ({ gate, mean: sums[k]! / Math.min(done, criterionWindow(steps)) }));
  return here.find(
    ({ gate: { at, least = -Infinity, most = Infinity }, mean }) =>
      criterionStep({ at }, steps) === done && !(mean >= least && mean <= most),
  );
}

/** How many steps were made in tries that were given up. */
export function stepsOf(rejectedAttempts: readonly RejectedAttempt[]): number {
  return rejectedAttempts.reduce((sum, { steps }) => sum + steps, 0);
}

/** A try's losses, averaged over the lines of metrics of the last tenth of its steps. */
export function closingLosses(lines: readonly (Terms & { step: number })[], steps: number): Terms {
  const closing = lines.filter(({ step }) => step > steps - Math.max(1, Math.floor(CLOSING_SHARE * steps)));
  const mean = (term: keyof Terms): number => closing.reduce((sum, line) => sum + line[term], 0) / closing.length;
  return Object.fromEntries(TERMS.map((term) => [term, mean(term)])) as Terms;
}
