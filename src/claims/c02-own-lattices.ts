import type { Cell, Finding } from "./claim.ts";
import type { Study, View } from "./study.ts";
import { figureOver } from "./figures.ts";
import { meanSpacing } from "../measure/relation.ts";
import { distinctModules, unitLattices, type LatticeModule } from "./modules.ts";
import { SHARES, verdictOver } from "./verdict.ts";

/** How many modules the paper shows. */
const PAPERS = 3;

/** Units keep their module's period if most of them have one of their own within this share of it. */
const TOLERANCE = 0.1;
const LEAST_SHARE = 0.5;

/** Ratio of each unit's own period to that of its module; units whose own autocorrelogram has no lattice are left out. */
function ownRatios(view: View, { module, lattice }: LatticeModule): number[] {
  return unitLattices(view, module.units).flatMap((own) => (own ? [meanSpacing(own) / meanSpacing(lattice)] : []));
}

/** The modules of a network with different lattices, whose units have the module's period each by itself. */
function coModular(view: View): LatticeModule[] {
  return distinctModules(view).filter((one) => {
    const ratios = ownRatios(view, one);
    const alike = ratios.filter((ratio) => Math.abs(ratio - 1) <= TOLERANCE).length;
    return alike >= LEAST_SHARE * one.module.units.length;
  });
}

const join = (list: readonly number[], digits: number): Cell => list.map((x) => x.toFixed(digits)).join(", ");

/**
 * C2. Units fall into groups of co-modular cells with a period and an orientation of their own; the paper shows three.
 * @spec C2
 */
export function ownLattices(study: Study): Finding {
  const seeds = study.baselines.map((member) => {
    const view = study.view(member);
    return { member, view, modules: coModular(view) };
  });
  const atLeast = (count: number): number => seeds.filter(({ modules }) => modules.length >= count).length;
  const of = seeds.length;
  const all = seeds.flatMap(({ modules }) => modules);
  return {
    number: "C2",
    title: "Three modules with their own period and orientation",
    statement:
      "The units of one network form several groups; the cells of a group are co-modular, they share a period and an orientation, which differ from group to group. The network that the paper shows has three.",
    source: "experiments, emergence of multiple modules of grid cells",
    verdict: verdictOver(atLeast(PAPERS), of),
    reason: `Of ${of} seeds ${atLeast(1)} have at least one module with a lattice of its own, ${atLeast(2)} at least two, ${atLeast(3)} at least three.`,
    threshold: `A module counts if it has a lattice that is more periodic than its null (M10), is not the lattice of a larger module (M9, index 1), and is found in at least half of its units' own autocorrelograms with a spacing within ${100 * TOLERANCE} %: a mean over units must not make a period that no unit has. A seed counts if it has three of them. ${SHARES}`,
    evidence: {
      columns: ["seed", "modules", "units", "period (m)", "orientation (degrees)", "class", "relations (M9)"],
      rows: seeds.map(({ member, view, modules }) => [
        member.config.seed,
        modules.length,
        modules.map(({ module }) => module.units.length).join(", "),
        join(
          modules.map(({ lattice }) => meanSpacing(lattice)),
          2,
        ),
        join(
          modules.map(({ orientation }) => orientation),
          0,
        ),
        modules.map((one) => one.class).join(", "),
        relations(view, modules),
      ]),
    },
    null: {
      columns: ["untrained seed", "modules"],
      rows: study.few.map((member) => [member.config.seed, coModular(study.untrained(member)).length]),
    },
    figures: [
      {
        ...figureOver(
          "C2",
          study.baselines,
          "periods",
          "Periods of units by the place of their module, largest module first.",
        ),
        kind: "histogram",
        xLabel: "period of a unit's own autocorrelogram (m)",
        series: byPlace(seeds, ({ view, module }) =>
          unitLattices(view, module.module.units).flatMap((own) => (own ? [meanSpacing(own)] : [])),
        ),
      },
      {
        ...figureOver(
          "C2",
          study.baselines,
          "ratios",
          "Periods of units in units of their module's: a group is one period.",
        ),
        kind: "histogram",
        xLabel: "period of a unit / period of its module",
        series: byPlace(seeds, ({ view, module }) => ownRatios(view, module)),
      },
      {
        ...figureOver("C2", study.baselines, "lattices", "One dot a module: its period and its orientation."),
        kind: "scatter",
        xLabel: "period (m)",
        yLabel: "orientation (degrees)",
        series: [
          {
            label: `${all.length} modules`,
            points: all.map(({ lattice, orientation }) => [meanSpacing(lattice), orientation]),
          },
        ],
      },
    ],
  };
}

/** The counted modules' relations, as "2 in 1: index 3". */
function relations(view: View, modules: readonly LatticeModule[]): Cell {
  const { judgement } = view.analysis;
  const place = (index: number): number => modules.findIndex(({ module }) => module === judgement.modules[index]);
  return judgement.pairs
    .map(({ modules: [coarse, fine], matrix, verdict }) => {
      if (place(coarse) < 0 || place(fine) < 0) return "";
      const index = Math.abs(matrix[0][0] * matrix[1][1] - matrix[0][1] * matrix[1][0]);
      return `${place(coarse) + 1} in ${place(fine) + 1}: ${verdict === "nested" ? `index ${index}` : verdict}`;
    })
    .filter((text) => text !== "")
    .join("; ");
}

interface Seed {
  view: View;
  modules: LatticeModule[];
}

/** One series of a histogram for the first modules of all seeds, one for the second ones, and so on. */
function byPlace(
  seeds: readonly Seed[],
  values: (one: { view: View; module: LatticeModule }) => number[],
): { label: string; values: number[] }[] {
  const most = Math.max(0, ...seeds.map(({ modules }) => modules.length));
  return Array.from({ length: most }, (_, place) => ({
    label: `module ${place + 1}`,
    values: seeds.flatMap(({ view, modules }) => {
      const module = modules[place];
      return module ? values({ view, module }) : [];
    }),
  }));
}
