import { periodicTuning } from "./c01-periodic-modules.ts";
import { ownLattices } from "./c02-own-lattices.ts";
import { hexagonalLattice } from "./c03-hexagonal.ts";
import { phaseTiling } from "./c04-phases.ts";
import { populationTorus } from "./c05-torus.ts";
import { largerArenas } from "./c06-larger-arenas.ts";
import { otherVelocities } from "./c07-other-velocities.ts";
import { farApart } from "./c08-capacity.ts";
import { pathIntegration } from "./c09-path-integration.ts";
import { withoutCapacity } from "./c10-no-capacity.ts";
import { withoutInvariance } from "./c11-no-invariance.ts";
import { withoutSeparation } from "./c12-no-separation.ts";
import { withoutConformalIsometry } from "./c13-no-conformal-isometry.ts";
import { withoutPermutation } from "./c14-no-permutation.ts";
import { withSmallSigmaG } from "./c15-small-sigma-g.ts";
import { conformalMetric } from "./c16-conformal-isometry.ts";
import type { Claim } from "./claim.ts";

/** All claims of the paper that are measured, by number. */
export const CLAIMS: readonly Claim[] = [
  { number: "C1", find: periodicTuning },
  { number: "C2", find: ownLattices },
  { number: "C3", find: hexagonalLattice },
  { number: "C4", find: phaseTiling },
  { number: "C5", find: populationTorus },
  { number: "C6", find: largerArenas },
  { number: "C7", find: otherVelocities },
  { number: "C8", find: farApart },
  { number: "C9", find: pathIntegration },
  { number: "C10", find: withoutCapacity },
  { number: "C11", find: withoutInvariance },
  { number: "C12", find: withoutSeparation },
  { number: "C13", find: withoutConformalIsometry },
  { number: "C14", find: withoutPermutation },
  { number: "C15", find: withSmallSigmaG },
  { number: "C16", find: conformalMetric },
];
