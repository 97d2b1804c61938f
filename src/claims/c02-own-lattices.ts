import { meanSpacing } from "../measure/relation.ts";
import type { Cell, Outcome } from "./claim.ts";
import type { Study, View } from "./study.ts";
import { figureOver } from "./figures.ts";
import { distinctModules, unitLattices, type LatticeModule } from "./modules.ts";
import { shareMet, SHARES, verdictOver } from "./shares.ts";

/** How many modules the network that the paper shows has. */
const PAPERS = 3;

/** Units keep their module's period if most of them have one of their own within this share of it. */
const TOLERANCE = 0.1;
const LEAST_SHARE = 0.5;

/** Ratio of each unit's own period to that of its module; units whose own autocorrelogram has no lattice are left out. */
function ownRatios(view: View, { module, lattice }: LatticeModule): number[] {
  return unitLattices(view, module.units).flatMap((own) => (own ? [meanSpacing(own) / meanSpacing(lattice)] : []));
}

/** The modules of a network that have different lattices, and most of whose units have the module's period each by itself. */
function coModular(view: View): LatticeModule[] {
  return distinctModules(view).filter((one) => {
    const ratios = ownRatios(view, one);
    const alike = ratios.filter((ratio) => Math.abs(ratio - 1) <= TOLERANCE).length;
    return alike >= LEAST_SHARE * one.module.units.length;
  });
}

/** Whether the lattices of a network's units fall into groups more clearly than those of a continuum would (M8). */
function isDiscrete({ analysis: { judgement } }: View): boolean {
  return judgement.discreteness !== null && judgement.discreteness.value > judgement.discreteness.null;
}

/**
 * Units fall into groups of co-modular cells with a period and an orientation of their own. The paper shows three groups.
 * @spec C2
 */
export function ownLattices(study: Study): Outcome {
  const seeds = study.baselines.map((model) => {
    const view = study.view(model);
    return { model, view, modules: coModular(view) };
  });
  const atLeast = (count: number): number => seeds.filter(({ modules }) => modules.length >= count).length;
  const met = seeds.filter(({ view, modules }) => modules.length >= PAPERS && isDiscrete(view)).length;
  const discrete = seeds.filter(({ view }) => isDiscrete(view)).length;
  const of = seeds.length;
  const all = seeds.flatMap(({ modules }) => modules);
  return {
    verdict: verdictOver(met, of),
    reason: `Of ${of} seeds ${atLeast(1)} have at least one module with a lattice of its own, ${atLeast(2)} have at least two, and ${atLeast(3)} have at least three. The units of ${discrete} seeds have discrete lattices.`,
    rule:
      `A module is taken if it counts (M10), if its lattice is not the lattice of a larger module (M9, index 1), ` +
      `and if that is found in at least ${100 * LEAST_SHARE} % of its units' own autocorrelograms with a spacing within ${100 * TOLERANCE} %. ` +
      `The last condition makes sure that the mean over units does not show a period that no unit has. ` +
      `A seed meets the rule if it has ${PAPERS} such modules, and if the lattices of its units are more discrete than those of a continuum (M8). ${SHARES}`,
    deciding: [
      shareMet(`Seeds with ${PAPERS} discrete modules`, met, of),
      {
        what: "Modules with a lattice of their own, by seed",
        value: seeds.map(({ modules }) => modules.length),
        limit: `at least ${PAPERS}`,
      },
      {
        what: "Discreteness of the units' lattices, by seed",
        value: seeds.map(({ view }) => view.analysis.judgement.discreteness?.value ?? null),
        limit: "above that of a continuum, about 3 to 4",
      },
    ],
    evidence: {
      columns: [
        "seed",
        "modules",
        "units",
        "period (m)",
        "orientation (degrees)",
        "class",
        "pairs (coarse in fine)",
        "relation (M9)",
        "index",
      ],
      rows: seeds.map(({ model, view, modules }) => [
        model.config.seed,
        modules.length,
        modules.map(({ module }) => module.units.length),
        modules.map(({ lattice }) => meanSpacing(lattice)),
        modules.map(({ orientation }) => orientation),
        modules.map((one) => one.class),
        ...relations(view, modules),
      ]),
    },
    null: {
      columns: ["untrained seed", "modules"],
      rows: study.first.map((model) => [model.config.seed, coModular(study.untrained(model)).length]),
    },
    figures: [
      {
        ...figureOver(
          "C2",
          study.baselines,
          "periods",
          "Periods of the units of the largest module of every seed, of the second largest, and so on.",
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
          "The period of each unit over the period of its module. All units of one module have one period.",
        ),
        kind: "histogram",
        xLabel: "period of a unit / period of its module",
        series: byPlace(seeds, ({ view, module }) => ownRatios(view, module)),
      },
      {
        ...figureOver("C2", study.baselines, "lattices", "The period and the orientation of each module."),
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

/** How the counted modules lie to one another: the pairs as "2 in 1", their relations, and the index of those that are nested. */
function relations(view: View, modules: readonly LatticeModule[]): [Cell, Cell, Cell] {
  const { judgement } = view.analysis;
  const place = (index: number): number => modules.findIndex(({ module }) => module === judgement.modules[index]);
  const pairs = judgement.pairs.filter((pair) => pair.modules.every((index) => place(index) >= 0));
  return [
    pairs.map(({ modules: [coarse, fine] }) => `${place(coarse) + 1} in ${place(fine) + 1}`),
    pairs.map(({ verdict }) => verdict),
    pairs.map(({ matrix: [[p, q], [r, s]], verdict }) => (verdict === "nested" ? Math.abs(p * s - q * r) : null)),
  ];
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
