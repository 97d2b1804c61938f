import { xoroshiro128plus } from "pure-rand/generator/XoroShiro";
import { phases } from "../measure/phase.ts";
import { spread, uniformSpreads, type Phase } from "../measure/tiling.ts";
import { mean } from "../measure/statistics.ts";
import { combined } from "../measure/vector.ts";
import type { Finding } from "./claim.ts";
import type { Study } from "./study.ts";
import { figureOf, short } from "./figures.ts";
import { meanSpacing } from "../measure/relation.ts";
import { distinctModules } from "./modules.ts";
import { SHARES, verdictOver } from "./verdict.ts";

/** Fewest units whose phases can be said to tile anything. */
const FEWEST = 10;

/** Sets of uniform phases that a module is compared with, and the share of them that must be as clustered or as gappy. */
const DRAWS = 400;
const LEAST_P = 0.05;

/**
 * C4. The phases of a module's units tile the unit cell of its lattice: no clusters, no gaps.
 * @spec C4
 */
export function phaseTiling(study: Study): Finding {
  const generator = xoroshiro128plus(4);
  const modules = study.baselines.flatMap((member) => {
    const view = study.view(member);
    return distinctModules(view)
      .filter(({ module }) => module.units.length >= FEWEST)
      .map(({ module, lattice }) => {
        const list: Phase[] = phases(view.analysis.smoothedMaps, module.units, lattice);
        const seen = spread(list, lattice);
        const drawn = uniformSpreads(list.length, lattice, DRAWS, generator);
        const share = (key: "clustering" | "gap"): number =>
          drawn.filter((one) => one[key] >= seen[key]).length / DRAWS;
        const p = { clustering: share("clustering"), gap: share("gap") };
        const uniform = {
          clustering: mean(drawn.map(({ clustering }) => clustering)),
          gap: mean(drawn.map(({ gap }) => gap)),
        };
        const tiles = p.clustering >= LEAST_P && p.gap >= LEAST_P;
        return { member, lattice, list, seen, p, tiles, uniform };
      });
  });
  const met = modules.filter(({ tiles }) => tiles).length;
  return {
    number: "C4",
    title: "Phases tile the unit cell",
    statement:
      "Within a module units differ in phase only, and their phases tile the unit cell of the module's lattice, so that every place in it is covered.",
    source: "experiments, analysis of the modules' phases",
    verdict: verdictOver(met, modules.length),
    reason: `In ${met} of ${modules.length} modules of at least ${FEWEST} units the phases are neither more clustered nor leave a wider gap than ${100 * (1 - LEAST_P)} % of uniform ones.`,
    threshold: `A module's phases tile its cell if at least ${100 * LEAST_P} % of ${DRAWS} sets of as many independent, uniform phases are at least as clustered (highest power of any of the first two harmonics) and at least ${100 * LEAST_P} % leave as wide a gap: chance alone would call one of twenty even sets clustered. More even than chance is tiling, too. Smaller modules say too little. ${SHARES}`,
    evidence: {
      columns: ["seed", "units", "clustering", "p", "widest gap (m)", "p", "gap / period", "tiles"],
      rows: modules.map(({ member, list, lattice, seen, p, tiles }) => [
        member.config.seed,
        list.length,
        seen.clustering,
        p.clustering,
        seen.gap,
        p.gap,
        seen.gap / meanSpacing(lattice),
        tiles ? "yes" : "no",
      ]),
    },
    null: {
      columns: ["seed", "units", "clustering of uniform phases, mean", "widest gap (m), mean"],
      rows: modules.map(({ member, list, uniform }) => [
        member.config.seed,
        list.length,
        uniform.clustering,
        uniform.gap,
      ]),
    },
    figures: modules.map(({ member, list, lattice }, i) => ({
      ...figureOf("C4", member, `phases-${i}`, `Where the ${list.length} units of a module fire in its unit cell.`),
      kind: "scatter",
      xLabel: "x (m)",
      yLabel: "y (m)",
      square: true,
      series: [
        { label: "units", points: list.map(([p, q]) => rounded(combined(p, lattice.a, q, lattice.b))) },
        {
          label: "corners of the cell",
          points: [
            [0, 0],
            [1, 0],
            [0, 1],
            [1, 1],
          ].map(([p, q]) => rounded(combined(p!, lattice.a, q!, lattice.b))),
        },
      ],
    })),
  };
}

const rounded = ([x, y]: readonly [number, number]): [number, number] => [short(x) ?? 0, short(y) ?? 0];
