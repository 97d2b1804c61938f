import type { Deciding, Verdict } from "./claim.ts";

/** A claim about every network holds if this share of them meets its rule, and fails if no more than FAILING_SHARE does. */
export const HOLDING_SHARE = 0.8;
export const FAILING_SHARE = 0.5;

/** The rule on shares in words. */
export const SHARES =
  `The claim holds if at least ${100 * HOLDING_SHARE} % of them do, fails if at most ${100 * FAILING_SHARE} % do, and is not decided in between. ` +
  "One failing seed in five is tolerated; a result seen in half of the seeds is not a rule.";

/** The verdict over `of` cases of which `met` meet the rule. Without any case nothing is decided. */
export function verdictOver(met: number, of: number): Verdict {
  if (of === 0) return "not decided";
  if (met >= HOLDING_SHARE * of) return "holds";
  return met <= FAILING_SHARE * of ? "fails" : "not decided";
}

/** How many of some cases meet the rule, as a deciding number. */
export function shareMet(cases: string, met: number, of: number): Deciding {
  const [holds, fails] = [Math.ceil(HOLDING_SHARE * of), Math.floor(FAILING_SHARE * of)];
  const limit = of === 0 ? null : `${holds} or more: holds; ${fails} or fewer: fails`;
  return { what: `${cases} that meet the rule, of ${of}`, value: met, limit };
}
