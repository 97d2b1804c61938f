import { CLAIMS, findingOf } from "./all.ts";
import type { Claim, Finding } from "./claim.ts";
import { glance, type Glance } from "./glance.ts";
import type { Study } from "./study.ts";

/** Claims that one process measures, and whether it also makes the glance. */
export interface Job {
  numbers: string[];
  glance: boolean;
}

/** What comes out of a job, in parts: a finding, or the glance where there are networks. */
export type Part = { finding: Finding } | { glance: Glance | undefined };

/** The claims as jobs that need nothing of each other. Claims that look at the same views are one job, the one with the most work first. */
export function jobsOf(claims: readonly Claim[], withGlance: boolean): Job[] {
  const numbers = (looks: Claim["looks"]): string[] =>
    claims.filter((claim) => claim.looks === looks).map(({ number }) => number);
  const alone = [...numbers("test arenas"), ...numbers("own walks")].map((number) => [number]);
  return [
    { numbers: numbers("all"), glance: false },
    ...alone.map((one) => ({ numbers: one, glance: false })),
    { numbers: numbers("first"), glance: withGlance },
  ].filter((job) => job.numbers.length > 0 || job.glance);
}

/**
 * Does a job, part by part.
 * @yields each finding when it is made, and last the glance if it is asked for
 */
export function* partsOf(job: Job, study: Study): Generator<Part, void, void> {
  for (const claim of CLAIMS) if (job.numbers.includes(claim.number)) yield { finding: findingOf(claim, study) };
  if (job.glance) yield { glance: glance(study) };
}
