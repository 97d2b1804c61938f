import type { Finding } from "./claim.ts";
import type { Study, TrainedModel, View } from "./study.ts";
import { figureOf, mapsFigure } from "./figures.ts";
import { periodicModules } from "./modules.ts";
import { SHARES, verdictOver } from "./verdict.ts";

/** Least share of a network's active units that are in periodic modules. */
const LEAST_SHARE = 0.5;

/** What a network's modules come to. */
function counts(view: View): { active: number; modules: number; tuned: number; share: number } {
  const periodic = periodicModules(view);
  const tuned = periodic.reduce((sum, { units }) => sum + units.length, 0);
  const { active } = view.analysis.judgement;
  return { active, modules: periodic.length, tuned, share: active > 0 ? tuned / active : 0 };
}

const periodic = (view: View): boolean => counts(view).share >= LEAST_SHARE;

/**
 * C1. Networks that are never told where they are become periodic, in discrete modules.
 * @spec C1
 */
export function periodicTuning(study: Study): Finding {
  const seeds = study.baselines.map((member) => ({ member, view: study.view(member) }));
  const nulls = study.few.map((member) => ({ member, view: study.untrained(member) }));
  const untrainedToo = (member: TrainedModel): boolean =>
    nulls.some((one) => one.member === member && periodic(one.view));
  const met = seeds.filter(({ member, view }) => periodic(view) && !untrainedToo(member)).length;
  const shares = seeds.map(({ view }) => counts(view).share);
  return {
    number: "C1",
    title: "Periodic tuning in discrete modules",
    statement:
      "Units of a network that sees velocities alone, and is trained without any knowledge of positions, fire periodically in space; they fall into a few groups, the modules, within which all units share one pattern.",
    source: "abstract; experiments, emergence of multiple modules of grid cells",
    verdict: verdictOver(met, seeds.length),
    reason: `In ${met} of ${seeds.length} seeds at least ${100 * LEAST_SHARE} % of the active units are in modules more periodic than their null (lowest share ${percent(Math.min(...shares))}); so are they in ${nulls.filter(({ view }) => periodic(view)).length} of ${nulls.length} untrained networks.`,
    threshold: `A seed counts if at least half of its active units are in modules (M8) whose mean autocorrelogram is more periodic than 95 % of maps with the same fields put anywhere (M10), and if the same network is not like that before training. Half: then the pattern is the network's rule and not some units' luck. ${SHARES}`,
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
      rows: seeds.map(({ member, view }) => {
        const { active, modules, tuned, share } = counts(view);
        const found = periodicModules(view);
        return [
          member.config.seed,
          active,
          modules,
          tuned,
          share,
          found.map((module) => module.class).join(", "),
          found.map(({ gridness }) => (gridness === null ? "-" : gridness.toFixed(2))).join(", "),
          found.map(({ periodicity }) => periodicity.toFixed(2)).join(", "),
        ];
      }),
    },
    null: {
      columns: ["null", "seed", "periodic modules", "share", "95th percentile of gridness", "of periodicity"],
      rows: [
        ...seeds.map(({ member, view }) => {
          const percentiles = view.analysis.judgement.modules.flatMap((module) => module.null ?? []);
          return [
            "fields put anywhere (M10)",
            member.config.seed,
            null,
            null,
            percentiles.map(({ gridness }) => gridness.toFixed(2)).join(", "),
            percentiles.map(({ periodicity }) => periodicity.toFixed(2)).join(", "),
          ];
        }),
        ...nulls.map(({ member, view }) => {
          const { modules, share } = counts(view);
          return ["untrained network", member.config.seed, modules, share, null, null];
        }),
      ],
    },
    figures: [
      ...seeds.map(({ member, view }) =>
        mapsFigure(figureOf("C1", member, "", "Mean autocorrelogram and rate maps of each module."), view),
      ),
      ...nulls
        .slice(0, 1)
        .map(({ member, view }) =>
          mapsFigure(figureOf("C1", member, "untrained", "The same network before training."), view),
        ),
    ],
  };
}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
