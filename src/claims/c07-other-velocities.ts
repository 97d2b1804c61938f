import { FAST, SLOW } from "../measure/velocity-statistics.ts";
import type { Outcome } from "./claim.ts";
import type { Study } from "./study.ts";
import { arenaFigures, decided, evidence, LEAST_AGREEMENT, otherNetworkNull, trials } from "./generalisation.ts";
import { SHARES } from "./shares.ts";

/** The velocity statistics that are tried. */
const VELOCITIES = [
  { velocities: "rat", label: "smooth, rat-like" },
  { velocities: "slow", label: `slow, up to ${SLOW} of the speeds trained on` },
  { velocities: "fast", label: `fast, up to ${FAST} times those` },
  { velocities: "gaussian", label: "Gaussian, without memory" },
] as const;

/**
 * The lattices are the same whatever the statistics of the velocities that lead through the arena.
 * @spec C7
 */
export function otherVelocities(study: Study): Outcome {
  const list = trials(
    study,
    VELOCITIES.map((one) => ({ factor: 1, ...one })),
  );
  return {
    ...decided(list),
    rule:
      `A trial is one of the first ${study.first.length} networks with one kind of velocities, in a box of the range trained on. It meets the rule as in C6: the units of every module show together the lattice that they have in the training arena, ` +
      `and the median correlation of the maps with those of the training arena is at least ${LEAST_AGREEMENT}. ${SHARES}`,
    evidence: evidence(study, list, "velocities"),
    null: otherNetworkNull(study, list, "velocities"),
    figures: arenaFigures(study, "C7", list),
  };
}
