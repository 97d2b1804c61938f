import { xoroshiro128plus } from "pure-rand/generator/XoroShiro";
import { meanSpacing } from "../measure/relation.ts";
import { mean } from "../statistics/statistics.ts";
import { phases } from "../measure/phase.ts";
import { spread, uniformSpreads, type Phase } from "../measure/tiling.ts";
import { combined } from "../measure/vector.ts";
import type { Outcome } from "./claim.ts";
import type { Study } from "./study.ts";
import { figureOf, shortPoint } from "./figures.ts";
import { allLatticeModules, distinctModules } from "./modules.ts";
import { shareMet, SHARES, verdictOver } from "./shares.ts";

/** Fewest units of a module whose phases are tested. */
const FEWEST = 10;

/** Sets of uniform phases that a module is compared with, and the least share of them that must be as clustered, or leave as wide a gap. */
const DRAWS = 400;
const LEAST_P = 0.05;

/**
 * The phases of a module's units tile the unit cell of its lattice, without clusters and without gaps.
 * @spec C4
 */
export function phaseTiling(study: Study): Outcome {
  const generator = xoroshiro128plus(4);
  const modules = study.baselines.flatMap((model) => {
    const view = study.view(model);
    return distinctModules(view, allLatticeModules(view))
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
        return { model, lattice, list, seen, p, tiles, uniform };
      });
  });
  const met = modules.filter(({ tiles }) => tiles).length;
  return {
    verdict: verdictOver(met, modules.length),
    reason: `In ${met} of ${modules.length} modules of at least ${FEWEST} units the phases are no more clustered and leave no wider gap than ${100 * (1 - LEAST_P)} % of uniform phases.`,
    rule:
      `A module meets the rule if at least ${100 * LEAST_P} % of ${DRAWS} sets of as many independent, uniform phases are at least as clustered (by the highest power of the first two harmonics), ` +
      `and at least ${100 * LEAST_P} % leave as wide a gap. Phases that are more even than chance tile the cell, too. ` +
      `Modules of fewer than ${FEWEST} units have too few phases to decide. ${SHARES}`,
    deciding: [
      shareMet("Modules", met, modules.length),
      {
        what: "Share of uniform sets that are as clustered, by module",
        value: modules.map(({ p }) => p.clustering),
        limit: `at least ${LEAST_P}`,
      },
      {
        what: "Share of uniform sets with as wide a gap, by module",
        value: modules.map(({ p }) => p.gap),
        limit: `at least ${LEAST_P}`,
      },
    ],
    evidence: {
      columns: [
        "seed",
        "units",
        "clustering",
        "uniform sets as clustered",
        "widest gap (m)",
        "uniform sets with as wide a gap",
        "gap / period",
        "tiles the cell",
      ],
      rows: modules.map(({ model, list, lattice, seen, p, tiles }) => [
        model.config.seed,
        list.length,
        seen.clustering,
        p.clustering,
        seen.gap,
        p.gap,
        seen.gap / meanSpacing(lattice),
        tiles,
      ]),
    },
    null: {
      columns: ["seed", "units", "clustering of uniform phases, mean", "widest gap (m), mean"],
      rows: modules.map(({ model, list, uniform }) => [
        model.config.seed,
        list.length,
        uniform.clustering,
        uniform.gap,
      ]),
    },
    figures: modules.map(({ model, list, lattice }, i) => ({
      ...figureOf(
        "C4",
        model,
        `phases-${i}`,
        `Where the ${list.length} units of a module fire in the unit cell of its lattice.`,
      ),
      kind: "scatter",
      xLabel: "x (m)",
      yLabel: "y (m)",
      square: true,
      series: [
        { label: "units", points: list.map(([p, q]) => shortPoint(combined(p, lattice.a, q, lattice.b))) },
        {
          label: "corners of the cell",
          points: [
            [0, 0],
            [1, 0],
            [0, 1],
            [1, 1],
          ].map(([p, q]) => shortPoint(combined(p!, lattice.a, q!, lattice.b))),
        },
      ],
    })),
  };
}
