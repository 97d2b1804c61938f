import type { Outcome } from "./claim.ts";
import type { Study } from "./study.ts";
import { arenaFigures, decided, evidence, LEAST_AGREEMENT, otherNetworkNull, trials } from "./generalisation.ts";
import { SHARES } from "./shares.ts";

/** Sides of the test arenas in units of the range trained on. */
const FACTORS = [2, 3, 4];

/**
 * The lattices go on unchanged in arenas two, three and four times as wide as the range trained on.
 * @spec C6
 */
export function largerArenas(study: Study): Outcome {
  const arenas = FACTORS.map((factor) => ({
    factor,
    velocities: "trained" as const,
    label: `${factor} times as wide`,
  }));
  const list = trials(study, arenas);
  return {
    ...decided(list),
    rule:
      `A trial is one of the first ${study.first.length} networks in one test arena. It meets the rule if the units of each of its modules show together the lattice that they have in the training arena (M9, index 1), ` +
      `and if the median over units of the correlation with the map of the training arena, over the range trained on, is at least ${LEAST_AGREEMENT}. ` +
      `A lattice that goes on but has moved would lose that correlation. ${SHARES}`,
    evidence: evidence(study, list, "arena"),
    null: otherNetworkNull(study, list, "arena"),
    figures: arenaFigures(study, "C6", list),
  };
}
