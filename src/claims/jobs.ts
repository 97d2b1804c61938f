import { CLAIMS, findingOf } from "./all.ts";
import type { Claim, Finding } from "./claim.ts";
import { glance, type Glance } from "./glance.ts";
import type { NetworkNames, Study } from "./study.ts";

/** What one process does at a time: a network's view in the training arena, a claim, or the glance. */
export type Job = { view: string; untrained: boolean } | { claim: string } | { glance: true };

/** What comes out of a job: the name of the network that was viewed, a finding, or the glance where there are networks. */
export type Part = { viewed: string } | { finding: Finding } | { glance: Glance | undefined };

/** Claims with the most work of their own, which are begun first, so that no process is left with one of them at the end. */
const LONGEST = ["C16", "C6", "C7", "C9", "C8", "C2"];

/**
 * The views that the claims share, then the claims themselves and the glance. One that finds a view missing makes it itself, so
 * that jobs may be done side by side: first comes a claim that needs none, while the last view is being made.
 */
export function jobsOf(networks: NetworkNames, claims: readonly Claim[], withGlance: boolean): Job[] {
  const look = (...kinds: Claim["looks"][]): boolean => claims.some(({ looks }) => kinds.includes(looks));
  const first = withGlance || look("first", "test arenas") ? networks.first : [];
  const trained = look("all") ? [...networks.baselines, ...networks.ablations] : first;
  const untrained = look("all", "first") ? networks.first : [];
  const rank = ({ number }: Claim): number => (LONGEST.includes(number) ? LONGEST.indexOf(number) : LONGEST.length);
  return [
    ...trained.map((name) => ({ view: name, untrained: false })),
    ...untrained.map((name) => ({ view: name, untrained: true })),
    ...[...claims].sort((a, b) => rank(a) - rank(b)).map(({ number }) => ({ claim: number })),
    ...(withGlance ? [{ glance: true } as const] : []),
  ];
}

/** Does a job. */
export function partOf(job: Job, study: Study): Part {
  if ("glance" in job) return { glance: glance(study) };
  if ("claim" in job)
    return {
      finding: findingOf(
        CLAIMS.find(({ number }) => number === job.claim)!,
        study,
      ),
    };
  const model = [...study.baselines, ...study.ablations.values()].find(({ name }) => name === job.view)!;
  if (job.untrained) study.untrained(model);
  else study.view(model);
  return { viewed: job.view };
}
