import type { Agent } from "../measure/agent.ts";
import { localMetrics, stepRatios } from "../measure/metric.ts";
import { mean, median, percentile, variation as variationOf } from "../measure/statistics.ts";
import { walk } from "../measure/walk.ts";
import { trainedRange } from "../train/trained-range.ts";
import type { Cell, Finding } from "./claim.ts";
import type { Study, TrainedModel } from "./study.ts";
import { figureOver, short } from "./figures.ts";
import { SHARES, verdictOver } from "./verdict.ts";

/** Walks that are measured, and the steps of each. */
const WALKERS = 200;
const STEPS = 60;

/** Side of the octagon that probes the metric, in units of the largest speed trained on: small against a field. */
const PROBE = 0.2;

/** Steps of less speed than this share of the largest one are mostly the correction of errors, and are left out. */
const LEAST_SPEED = 0.05;

/** Largest coefficient of variation, of ratios over steps and of scales over places, and largest median anisotropy. */
const LARGEST_VARIATION = 0.1;
const LARGEST_ANISOTROPY = 1.1;

/** How isometric a code is. */
export interface Isometry {
  member: TrainedModel;
  /** Mean of ||g_t - g_(t-1)|| / ||v_t||, 1/m, and its coefficient of variation. */
  mean: number;
  variation: number;
  /** Coefficient of variation of the local scale over places, and quantiles of the anisotropy there. */
  scales: number;
  anisotropy: number;
  worst: number;
  ratios: number[];
  met: boolean;
}

/** How isometric a member's code is, over the speeds that L4 counts. */
export function isometry(member: TrainedModel, agent: Agent): Isometry {
  const { velocityMax, sigmaC } = member.config;
  const options = { walkers: WALKERS, steps: STEPS, box: trainedRange(member.config), vMax: velocityMax };
  const ratios = stepRatios(agent, walk({ ...options, seed: 16 }), WALKERS)
    .filter(({ speed }) => speed < sigmaC && speed > LEAST_SPEED * velocityMax)
    .map(({ ratio }) => ratio);
  const places = localMetrics(agent, walk({ ...options, seed: 17 }), WALKERS, PROBE * velocityMax);
  const anisotropies = places.map((place) => place.anisotropy);
  const variation = variationOf(ratios);
  const scales = variationOf(places.map(({ scale }) => scale));
  const anisotropy = median(anisotropies);
  return {
    member,
    mean: mean(ratios),
    variation,
    scales,
    anisotropy,
    worst: percentile(anisotropies, 0.95),
    ratios,
    met: variation <= LARGEST_VARIATION && scales <= LARGEST_VARIATION && anisotropy <= LARGEST_ANISOTROPY,
  };
}

const COLUMNS = [
  "stretch (1/m)",
  "variation over steps",
  "variation over places",
  "median anisotropy",
  "95 % of places below",
  "met",
];

const rowOf = (label: Cell, one: Isometry): Cell[] => [
  label,
  one.mean,
  one.variation,
  one.scales,
  one.anisotropy,
  one.worst,
  one.met ? "yes" : "no",
];

/**
 * C16. The code is a conformal isometry: equally long steps move the state equally far, in all directions and at all places.
 * @spec C16
 */
export function conformalMetric(study: Study): Finding {
  const seeds = study.baselines.map((member) => isometry(member, member.agent));
  const nulls = study.few.map((member) => isometry(member, member.untrained));
  const ablation = study.ablations.get("no-conformal-isometry");
  const without = ablation && isometry(ablation, ablation.agent);
  const met = seeds.filter((one) => one.met).length;
  const range = (key: "variation" | "scales" | "anisotropy"): string =>
    Math.max(...seeds.map((one) => one[key])).toFixed(3);
  return {
    number: "C16",
    title: "Conformal isometry",
    statement:
      "Distances in the space of states are proportional to distances in the plane, for small displacements, with one factor for all directions and all places.",
    source: "methods, the conformal isometry loss; experiments",
    verdict: verdictOver(met, seeds.length),
    reason: `${met} of ${seeds.length} seeds; the largest variation of ||dg|| / ||v|| is ${range("variation")} over steps and ${range("scales")} over places, the largest median anisotropy ${range("anisotropy")}.`,
    threshold: `A seed counts if ||g_t - g_(t-1)|| / ||v_t|| has a coefficient of variation of at most ${LARGEST_VARIATION} over steps of trained speeds (those below sigma_c and above ${LEAST_SPEED} of the largest), if the local scale has at most that over places, and if the median over places of the larger over the smaller principal stretch is at most ${LARGEST_ANISOTROPY}: a tenth is what one sees as "the same" in a map. ${SHARES}`,
    evidence: { columns: ["seed", ...COLUMNS], rows: seeds.map((one) => rowOf(one.member.config.seed, one)) },
    null: {
      columns: ["network", ...COLUMNS],
      rows: [
        ...nulls.map((one) => rowOf(`untrained, seed ${one.member.config.seed}`, one)),
        ...(without ? [rowOf("trained without conformal isometry", without)] : []),
      ],
    },
    figures: [
      {
        ...figureOver(
          "C16",
          study.few,
          "ratios",
          "How far a step moves the state, in units of its mean: one factor for all steps?",
        ),
        kind: "histogram",
        xLabel: "||dg|| / ||v||, over its mean",
        series: [
          ...seeds.slice(0, 1).map((one) => seriesOf(`trained, seed ${one.member.config.seed}`, one)),
          ...nulls.slice(0, 1).map((one) => seriesOf(`untrained, seed ${one.member.config.seed}`, one)),
          ...(without ? [seriesOf("without conformal isometry", without)] : []),
        ],
      },
    ],
  };
}

/** Ratios shown in a figure. */
const SHOWN = 1000;

function seriesOf(label: string, { ratios, mean: middle }: Isometry): { label: string; values: number[] } {
  return { label, values: ratios.slice(0, SHOWN).map((ratio) => short(ratio / middle) ?? 0) };
}
