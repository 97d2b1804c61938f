import { FAST, SLOW } from "../measure/velocity-statistics.ts";
import type { Finding } from "./claim.ts";
import type { Study } from "./study.ts";
import { arenaFigures, decided, evidence, LEAST_AGREEMENT, strangers, trials } from "./generalisation.ts";
import { SHARES } from "./verdict.ts";

/** The velocity statistics that are tried. */
const VELOCITIES = [
  { velocities: "rat", label: "smooth, rat-like" },
  { velocities: "slow", label: `slow, up to ${SLOW} of the speeds trained on` },
  { velocities: "fast", label: `fast, up to ${FAST} times those` },
  { velocities: "gaussian", label: "Gaussian, without memory" },
] as const;

/**
 * C7. The lattices are the same whatever the statistics of the velocities that lead through the arena.
 * @spec C7
 */
export function otherVelocities(study: Study): Finding {
  const list = trials(
    study,
    VELOCITIES.map((one) => ({ factor: 1, ...one })),
  );
  return {
    number: "C7",
    title: "Other velocities than those trained on",
    statement:
      "The representation depends on the place and not on how it was reached: with other velocity statistics than those of training the cells keep their lattices.",
    source: "experiments on generalisation to other velocity statistics",
    ...decided(list),
    threshold: `A trial is a network of the first ${study.few.length} seeds with one kind of velocities, in a box of the range trained on; it is met as in C6: the units of every module show together the lattice that they have at home, and a median correlation of the maps with those at home of at least ${LEAST_AGREEMENT}. ${SHARES}`,
    evidence: evidence(study, list, "velocities"),
    null: strangers(study, list, "velocities"),
    figures: arenaFigures(study, "C7", list),
  };
}
