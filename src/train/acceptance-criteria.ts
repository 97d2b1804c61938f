/** The terms of L5 and their weighted sum. */
export const TERMS = ["total", "sep", "inv", "cap", "con"] as const;
export type Terms = Record<(typeof TERMS)[number], number>;

/** Share of an attempt's steps, before a criterion, over which its term is averaged. */
const WINDOW_SHARE = 0.02;

/** T8: an attempt goes on only if the mean of `term` at the share `at` of its steps lies in [least, most]. */
export interface AcceptanceCriterion {
  at: number;
  term: keyof Terms;
  least?: number | undefined;
  most?: number | undefined;
}

/**
 * T8: after how many steps of an attempt a criterion is looked at: the nearest whole number to its share, at least one.
 * @spec T8
 */
function criterionStep({ at }: Pick<AcceptanceCriterion, "at">, steps: number): number {
  return Math.max(1, Math.round(at * steps));
}

/**
 * T8: how many steps, up to the one after which a criterion is looked at, are averaged: a fiftieth of all, at least one.
 * @spec T8
 */
function criterionWindow(steps: number): number {
  return Math.max(1, Math.floor(WINDOW_SHARE * steps));
}

/**
 * T8: the sum of a criterion's term over its window after one more step.
 * @param done steps of the attempt with this one
 * @param steps all steps of an attempt
 * @spec T8
 */
export function criterionSum(
  sum: number,
  criterion: AcceptanceCriterion,
  losses: Terms,
  done: number,
  steps: number,
): number {
  const end = criterionStep(criterion, steps);
  return done > end - criterionWindow(steps) && done <= end ? sum + losses[criterion.term] : sum;
}

/**
 * T8: the first criterion that is looked at after `done` steps and is not met, with the term's mean; undefined if there is none.
 * @param sums for each criterion the sum of its term (`criterionSum`)
 * @spec T8
 */
export function unmetCriterion(
  criteria: readonly AcceptanceCriterion[],
  sums: readonly number[],
  done: number,
  steps: number,
): { criterion: AcceptanceCriterion; mean: number } | undefined {
  const window = Math.min(done, criterionWindow(steps));
  return criteria
    .map((criterion, k) => ({ criterion, mean: sums[k]! / window }))
    .find(
      ({ criterion: { at, least = -Infinity, most = Infinity }, mean }) =>
        criterionStep({ at }, steps) === done && !(mean >= least && mean <= most),
    );
}
