import type { Finding } from "./claim.ts";
import type { Study } from "./study.ts";
import { arenaFigures, decided, evidence, LEAST_AGREEMENT, strangers, trials } from "./generalisation.ts";
import { SHARES } from "./verdict.ts";

/** Sides of the arenas in units of the range trained on. */
const FACTORS = [2, 3, 4];

/**
 * C6. The lattices go on unchanged in arenas two, three and four times as wide as the range trained on.
 * @spec C6
 */
export function largerArenas(study: Study): Finding {
  const arenas = FACTORS.map((factor) => ({
    factor,
    velocities: "trained" as const,
    label: `${factor} times as wide`,
  }));
  const list = trials(study, arenas);
  return {
    number: "C6",
    title: "Arenas larger than those trained on",
    statement:
      "The representation generalises: in arenas two, three and four times as wide as what training covered, the cells fire on with the same lattices.",
    source: "abstract; experiments on generalisation to larger environments",
    ...decided(list),
    threshold: `A trial is a network of the first ${study.few.length} seeds in one arena. It is met if there the units of each of its modules show together the lattice that they have at home (M9, index 1), and the median over units of the correlation with the map at home, over the range trained on, is at least ${LEAST_AGREEMENT}: a lattice that went on but slid would lose it. ${SHARES}`,
    evidence: evidence(study, list, "arena"),
    null: strangers(study, list, "arena"),
    figures: arenaFigures(study, "C6", list),
  };
}
