import { periodicTuning } from "./c01-periodic-modules.ts";
import { ownLattices } from "./c02-own-lattices.ts";
import { hexagonalLattice } from "./c03-hexagonal.ts";
import { phaseTiling } from "./c04-phases.ts";
import { populationTorus } from "./c05-torus.ts";
import { largerArenas } from "./c06-larger-arenas.ts";
import { otherVelocities } from "./c07-other-velocities.ts";
import { farApart } from "./c08-capacity.ts";
import { pathIntegration } from "./c09-path-integration.ts";
import { ABLATION_CLAIMS } from "./c10-c15-ablations.ts";
import { conformalMetric } from "./c16-conformal-isometry.ts";
import type { Claim, Finding } from "./claim.ts";
import { claimText } from "./claim-text.ts";
import type { Study } from "./study.ts";

/** All claims of the paper that are measured, by number. */
export const CLAIMS: readonly Claim[] = byNumber([
  { number: "C1", looks: "all", decide: periodicTuning },
  { number: "C2", looks: "all", decide: ownLattices },
  { number: "C3", looks: "all", decide: hexagonalLattice },
  { number: "C4", looks: "all", decide: phaseTiling },
  { number: "C5", looks: "first", decide: populationTorus },
  { number: "C6", looks: "test arenas", decide: largerArenas },
  { number: "C7", looks: "test arenas", decide: otherVelocities },
  { number: "C8", looks: "all", decide: farApart },
  { number: "C9", looks: "first", decide: pathIntegration },
  ...ABLATION_CLAIMS,
  { number: "C16", looks: "own walks", decide: conformalMetric },
]);

/** A claim measured on a study, under its heading in spec/claims.md. */
export function findingOf({ number, decide }: Claim, study: Study): Finding {
  return { ...claimText(number), ...decide(study) };
}

function byNumber(claims: readonly Claim[]): Claim[] {
  const rank = ({ number }: Claim): number => Number(number.slice(1));
  return [...claims].sort((a, b) => rank(a) - rank(b));
}
