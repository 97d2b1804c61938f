import type { Verdict } from "./claim.ts";

/** A claim about every network holds if it is met in this share of them, and fails if it is not met in more than FEW. */
export const MOST = 0.8;
export const FEW = 0.5;

/** How the shares read in a finding's threshold. */
export const SHARES = `The claim holds if that is so in at least ${100 * MOST} % of them, fails if in at most ${100 * FEW} %, and is not decided between: one seed in five may go astray without the claim being wrong, and what half of the seeds do is no rule.`;

/** The verdict over `of` cases of which `met` meet the claim; none: not decided. */
export function verdictOver(met: number, of: number): Verdict {
  if (of === 0) return "not decided";
  if (met >= MOST * of) return "holds";
  return met <= FEW * of ? "fails" : "not decided";
}
