import type { Cell, Claim, Figure, Outcome, Series } from "./claim.ts";
import type { Study, TrainedModel, View } from "./study.ts";
import { figureOf, figureOver, mapsFigure, short } from "./figures.ts";
import { isometry } from "./isometry.ts";
import { distinctModules, periodicModules } from "./modules.ts";
import { FAILING_SHARE, HOLDING_SHARE, shareMet, verdictOver } from "./shares.ts";

/** Numbers of a trained network that an ablation may change. */
const TRAITS = {
  share: "share of active units in periodic modules",
  lattices: "number of different lattices",
  gridness: "highest gridness of a module",
  spread: "spread of states",
  variation: "variation of ||dg|| / ||v||",
  invariance: "last Inv of training",
} as const;

type Trait = keyof typeof TRAITS;
type Traits = Record<Trait, number>;

/** What an ablation takes away, and which number should change. */
interface Ablation {
  number: string;
  /** The name of the network that was trained without the ingredient. */
  name: string;
  trait: Trait;
  direction: "lower" | "higher";
  /** Why this number. */
  because: string;
}

/**
 * The ablations, each as data.
 * @spec C10 C11 C12 C13 C14 C15
 */
const ABLATIONS: readonly Ablation[] = [
  {
    number: "C10",
    name: "no-capacity",
    trait: "lattices",
    direction: "lower",
    because: "The paper says that capacity brings the several modules.",
  },
  {
    number: "C11",
    name: "no-invariance",
    trait: "share",
    direction: "lower",
    because: "A state that depends on the path has no rate map, and so no periodic one.",
  },
  {
    number: "C12",
    name: "no-separation",
    trait: "spread",
    direction: "lower",
    because: "The spread of states, 1 - the squared length of their mean, is 0 if all of them are the same.",
  },
  {
    number: "C13",
    name: "no-conformal-isometry",
    trait: "variation",
    direction: "higher",
    because:
      "Isometry is what the loss asks for. Lattices may be irregular for other reasons, and are shown beside it.",
  },
  {
    number: "C14",
    name: "no-permutation",
    trait: "share",
    direction: "lower",
    because: "The permutations are there so that modules form.",
  },
  {
    number: "C15",
    name: "small-sigma-g",
    trait: "lattices",
    direction: "lower",
    because: "With a small sigma_g a code of less range is good enough, and such a code needs fewer lattices.",
  },
];

/** C10 to C15 as claims. */
export const ABLATION_CLAIMS: readonly Claim[] = ABLATIONS.map((ablation) => ({
  number: ablation.number,
  looks: "all",
  decide: (study) => ablated(study, ablation),
}));

/** 1 - ||mean state||^2: 0 if all places share one state, close to 1 if states have nothing in common. */
function spreadOf({ samples: { positions, states } }: View): number {
  const count = positions.length / 2;
  const width = states.length / count;
  const mean = new Float64Array(width);
  states.forEach((value, i) => {
    mean[i % width]! += value / count;
  });
  return 1 - mean.reduce((sum, value) => sum + value * value, 0);
}

function traitsOf(study: Study, model: TrainedModel): Traits {
  const view = study.view(model);
  const tuned = periodicModules(view).reduce((sum, { units }) => sum + units.length, 0);
  const modules = distinctModules(view);
  return {
    share: tuned / Math.max(1, view.analysis.judgement.active),
    lattices: modules.length,
    gridness: modules.reduce((most, { module }) => Math.max(most, module.gridness ?? -2), -2),
    spread: spreadOf(view),
    variation: isometry(model, model.agent).variation,
    invariance: model.metrics.at(-1)?.inv ?? NaN,
  };
}

const orNull = (x: number): Cell => (Number.isFinite(x) ? x : null);

/** A network trained without one ingredient, compared with the networks trained with all of them. */
function ablated(study: Study, ablation: Ablation): Outcome {
  const { name, trait, direction, because } = ablation;
  const model = study.ablations.get(name);
  const baselines = study.baselines.map((one) => ({ one, traits: traitsOf(study, one) }));
  const own = model && traitsOf(study, model);
  const worse = (value: number): boolean =>
    own !== undefined && (direction === "lower" ? own[trait] < value : own[trait] > value);
  const met = baselines.filter(({ traits }) => worse(traits[trait])).length;
  const values = baselines.map(({ traits }) => traits[trait]);
  const keys = Object.keys(TRAITS) as Trait[];
  return {
    verdict: own === undefined ? "not decided" : verdictOver(met, baselines.length),
    reason:
      own === undefined
        ? `There is no network ${name} to compare with.`
        : `The ${TRAITS[trait]} is ${own[trait].toPrecision(3)} in ${name}, and ${Math.min(...values).toPrecision(3)} to ${Math.max(...values).toPrecision(3)} in the ${baselines.length} seeds with all ingredients. It is ${direction} than in ${met} of them.`,
    rule:
      `The claim holds if the ${TRAITS[trait]} of the network without the ingredient is ${direction} than in at least ${100 * HOLDING_SHARE} % of the networks with it, ` +
      `and fails if that is so in at most ${100 * FAILING_SHARE} %. ${because} One network was trained without the ingredient. A number that is beyond those of nearly all seeds does not come from the seed.`,
    deciding:
      own === undefined
        ? []
        : [
            { what: `The ${TRAITS[trait]} of ${name}`, value: own[trait], limit: `${direction} than in the seeds` },
            { what: "The same by seed, with all ingredients", value: values, limit: null },
            shareMet("Comparisons with a seed", met, baselines.length),
          ],
    evidence: {
      columns: ["network", ...keys.map((key) => TRAITS[key])],
      rows: own === undefined ? [] : [[name, ...keys.map((key) => orNull(own[key]))]],
    },
    null: {
      columns: ["network", ...keys.map((key) => TRAITS[key])],
      rows: baselines.map(({ one, traits }) => [one.name, ...keys.map((key) => orNull(traits[key]))]),
    },
    figures: model === undefined ? [] : figures(study, ablation, model),
  };
}

const LOSSES = ["sep", "inv", "cap", "con"] as const;

/** The maps of the network and of a baseline, and the losses of both during training. */
function figures(study: Study, { number }: Ablation, model: TrainedModel): Figure[] {
  const [baseline] = study.baselines;
  const losses = (one: TrainedModel): Series[] =>
    LOSSES.map((loss) => ({
      label: `${loss}, ${one.name}`,
      points: one.metrics.map((line) => [line.step, short(line[loss]) ?? 0]),
    }));
  return [
    mapsFigure(figureOf(number, model, "maps", "Maps of the network without the ingredient."), study.view(model)),
    ...(baseline
      ? [
          mapsFigure(
            figureOf(number, baseline, "maps", "Maps of a network with all ingredients."),
            study.view(baseline),
          ),
        ]
      : []),
    {
      ...figureOver(
        number,
        baseline ? [baseline, model] : [model],
        "losses",
        "The losses during training, unweighted.",
      ),
      kind: "lines",
      xLabel: "step",
      yLabel: "loss",
      series: [...losses(model), ...(baseline ? losses(baseline) : [])],
    },
  ];
}
