import type { Outcome } from "./claim.ts";
import type { Study, TrainedModel, View } from "./study.ts";
import { figureOf, mapsFigure } from "./figures.ts";
import { periodicModules } from "./modules.ts";
import { shareMet, SHARES, verdictOver } from "./shares.ts";

/** Least share of a network's active units that are in periodic modules. */
const LEAST_SHARE = 0.5;

/** How many periodic modules a network has, and how many of its units are in them. */
function counts(view: View): { active: number; modules: number; tuned: number; share: number } {
  const periodic = periodicModules(view);
  const tuned = periodic.reduce((sum, { units }) => sum + units.length, 0);
  const { active } = view.analysis.judgement;
  return { active, modules: periodic.length, tuned, share: active > 0 ? tuned / active : 0 };
}

const periodic = (view: View): boolean => counts(view).share >= LEAST_SHARE;

/**
 * Networks that are never told where they are become periodic, in discrete modules.
 * @spec C1
 */
export function periodicTuning(study: Study): Outcome {
  const seeds = study.baselines.map((model) => ({ model, view: study.view(model) }));
  const nulls = study.first.map((model) => ({ model, view: study.untrained(model) }));
  const untrainedToo = (model: TrainedModel): boolean => nulls.some((one) => one.model === model && periodic(one.view));
  const met = seeds.filter(({ model, view }) => periodic(view) && !untrainedToo(model)).length;
  const lowest = seeds.length === 0 ? null : Math.min(...seeds.map(({ view }) => counts(view).share));
  const untrained = nulls.filter(({ view }) => periodic(view)).length;
  return {
    verdict: verdictOver(met, seeds.length),
    reason:
      `In ${met} of ${seeds.length} seeds at least ${100 * LEAST_SHARE} % of the active units are in modules that count. ` +
      `The lowest share is ${lowest === null ? "unknown" : percent(lowest)}. The same is so in ${untrained} of ${nulls.length} untrained networks.`,
    rule:
      `A seed meets the rule if at least ${100 * LEAST_SHARE} % of its active units are in modules that count (M10): more periodic than 95 % of maps with the same fields at random places, too large for chance, and set apart from the lattices of other units. ` +
      `and if the same network is not like that before training. With half of the units in modules, the pattern is a property of the network and not of a few units. ${SHARES}`,
    deciding: [
      shareMet("Seeds", met, seeds.length),
      { what: "Lowest share of active units in periodic modules", value: lowest, limit: `at least ${LEAST_SHARE}` },
      { what: "Untrained networks that are like that", value: untrained, limit: null },
    ],
    evidence: {
      columns: [
        "seed",
        "active units",
        "periodic modules",
        "units in them",
        "share",
        "classes",
        "gridness",
        "periodicity",
      ],
      rows: seeds.map(({ model, view }) => {
        const { active, modules, tuned, share } = counts(view);
        const found = periodicModules(view);
        return [
          model.config.seed,
          active,
          modules,
          tuned,
          share,
          found.map((module) => module.class),
          found.map(({ gridness }) => gridness),
          found.map(({ periodicity }) => periodicity),
        ];
      }),
    },
    null: {
      columns: ["null", "seed", "periodic modules", "share", "95th percentile of gridness", "of periodicity"],
      rows: [
        ...seeds.map(({ model, view }) => {
          const percentiles = view.analysis.judgement.modules.flatMap((module) => module.null ?? []);
          return [
            "fields at random places (M10)",
            model.config.seed,
            null,
            null,
            percentiles.map(({ gridness }) => gridness),
            percentiles.map(({ periodicity }) => periodicity),
          ];
        }),
        ...nulls.map(({ model, view }) => {
          const { modules, share } = counts(view);
          return ["untrained network", model.config.seed, modules, share, null, null];
        }),
      ],
    },
    figures: [
      ...seeds.map(({ model, view }) =>
        mapsFigure(figureOf("C1", model, "", "The mean autocorrelogram and rate maps of each module."), view),
      ),
      ...nulls
        .slice(0, 1)
        .map(({ model, view }) =>
          mapsFigure(figureOf("C1", model, "untrained", "The same network before training."), view),
        ),
    ],
  };
}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
