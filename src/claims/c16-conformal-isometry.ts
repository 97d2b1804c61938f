import type { Cell, Outcome } from "./claim.ts";
import type { Study } from "./study.ts";
import { figureOver, short } from "./figures.ts";
import { isometry, LARGEST_ANISOTROPY, LARGEST_VARIATION, LEAST_SPEED, type Isometry } from "./isometry.ts";
import { shareMet, SHARES, verdictOver } from "./shares.ts";

const COLUMNS = [
  "stretch (1/m)",
  "variation over steps",
  "variation over places",
  "median anisotropy",
  "95th percentile of anisotropy",
  "meets the rule",
];

const rowOf = (label: Cell, one: Isometry): Cell[] => [
  label,
  one.mean,
  one.variation,
  one.scales,
  one.anisotropy,
  one.worst,
  one.met,
];

/**
 * The code is a conformal isometry: equally long steps move the state equally far, in all directions and at all places.
 * @spec C16
 */
export function conformalMetric(study: Study): Outcome {
  const seeds = study.baselines.map((model) => isometry(model, model.agent));
  const nulls = study.first.map((model) => isometry(model, model.untrained));
  const ablation = study.ablations.get("no-conformal-isometry");
  const without = ablation && isometry(ablation, ablation.agent);
  const met = seeds.filter((one) => one.met).length;
  const largest = (key: "variation" | "scales" | "anisotropy"): string =>
    Math.max(...seeds.map((one) => one[key])).toFixed(3);
  return {
    verdict: verdictOver(met, seeds.length),
    reason: `${met} of ${seeds.length} seeds meet the rule. The largest variation of ||dg|| / ||v|| is ${largest("variation")} over steps and ${largest("scales")} over places, and the largest median anisotropy is ${largest("anisotropy")}.`,
    rule:
      `A seed meets the rule if ||g_t - g_(t-1)|| / ||v_t|| has a coefficient of variation of at most ${LARGEST_VARIATION} over steps of trained speeds (those below sigma_c and above ${LEAST_SPEED} of the largest), ` +
      `if the local scale has at most that over places, and if the median over places of the larger over the smaller principal stretch is at most ${LARGEST_ANISOTROPY}. ` +
      `A difference of a tenth is what one sees as the same in a map. ${SHARES}`,
    deciding: [
      shareMet("Seeds", met, seeds.length),
      {
        what: "Variation over steps, by seed",
        value: seeds.map((one) => one.variation),
        limit: `at most ${LARGEST_VARIATION}`,
      },
      {
        what: "Variation over places, by seed",
        value: seeds.map((one) => one.scales),
        limit: `at most ${LARGEST_VARIATION}`,
      },
      {
        what: "Median anisotropy, by seed",
        value: seeds.map((one) => one.anisotropy),
        limit: `at most ${LARGEST_ANISOTROPY}`,
      },
    ],
    evidence: { columns: ["seed", ...COLUMNS], rows: seeds.map((one) => rowOf(one.model.config.seed, one)) },
    null: {
      columns: ["network", ...COLUMNS],
      rows: [
        ...nulls.map((one) => rowOf(`untrained, seed ${one.model.config.seed}`, one)),
        ...(without ? [rowOf("trained without conformal isometry", without)] : []),
      ],
    },
    figures: [
      {
        ...figureOver(
          "C16",
          study.first,
          "ratios",
          "How far a step moves the state per metre, in units of the mean over steps. An isometric code has one factor for all steps.",
        ),
        kind: "histogram",
        xLabel: "||dg|| / ||v||, over its mean",
        series: [
          ...seeds.slice(0, 1).map((one) => seriesOf(`trained, seed ${one.model.config.seed}`, one)),
          ...nulls.slice(0, 1).map((one) => seriesOf(`untrained, seed ${one.model.config.seed}`, one)),
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
