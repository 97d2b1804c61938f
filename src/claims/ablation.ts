import type { Cell, Figure, Finding, Series } from "./claim.ts";
import type { Study, TrainedModel, View } from "./study.ts";
import { isometry } from "./c16-conformal-isometry.ts";
import { figureOf, figureOver, mapsFigure, short } from "./figures.ts";
import { distinctModules, periodicModules } from "./modules.ts";
import { FEW, MOST, verdictOver } from "./verdict.ts";

/** What a trained network is like, in numbers that an ablation may change. */
const TRAITS = {
  share: "share of active units in periodic modules",
  lattices: "different lattices",
  gridness: "highest gridness of a module",
  spread: "spread of states",
  variation: "variation of ||dg|| / ||v||",
  invariance: "last Inv",
} as const;

type Trait = keyof typeof TRAITS;
type Traits = Record<Trait, number>;

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

function traitsOf(study: Study, member: TrainedModel): Traits {
  const view = study.view(member);
  const tuned = periodicModules(view).reduce((sum, { units }) => sum + units.length, 0);
  const modules = distinctModules(view);
  return {
    share: tuned / Math.max(1, view.analysis.judgement.active),
    lattices: modules.length,
    gridness: modules.reduce((most, { module }) => Math.max(most, module.gridness ?? -2), -2),
    spread: spreadOf(view),
    variation: isometry(member, member.agent).variation,
    invariance: member.metrics.at(-1)?.inv ?? NaN,
  };
}

/** What an ablation takes away, and what should follow. */
export interface Ablation {
  number: string;
  title: string;
  statement: string;
  /** The ablated network's name. */
  name: string;
  /** The number that should change, where to, and why this one. */
  trait: Trait;
  direction: "lower" | "higher";
  because: string;
}

const orNull = (x: number): Cell => (Number.isFinite(x) ? x : null);

/**
 * C10 to C15: a network trained without one ingredient against those trained with all.
 * @spec C10 C11 C12 C13 C14 C15
 */
export function ablated(study: Study, ablation: Ablation): Finding {
  const { number, title, statement, name, trait, direction, because } = ablation;
  const member = study.ablations.get(name);
  const baselines = study.baselines.map((one) => ({ one, traits: traitsOf(study, one) }));
  const own = member && traitsOf(study, member);
  const beyond = (value: number): boolean =>
    own !== undefined && (direction === "lower" ? own[trait] < value : own[trait] > value);
  const met = baselines.filter(({ traits }) => beyond(traits[trait])).length;
  const values = baselines.map(({ traits }) => traits[trait]);
  const keys = Object.keys(TRAITS) as Trait[];
  return {
    number,
    title,
    statement,
    source: "experiments, ablations",
    verdict: own === undefined ? "not decided" : verdictOver(met, baselines.length),
    reason:
      own === undefined
        ? `There is no network ${name} to compare with.`
        : `${TRAITS[trait]}: ${own[trait].toPrecision(3)} in ${name}, ${Math.min(...values).toPrecision(3)} to ${Math.max(...values).toPrecision(3)} in ${baselines.length} seeds with all ingredients; it is ${direction} than in ${met} of them.`,
    threshold: `The ingredient matters if the ${TRAITS[trait]} of the network without it is ${direction} than in at least ${100 * MOST} % of the networks with it, and does not if it is so in at most ${100 * FEW} %. ${because} One ablated network was trained: what is beyond nearly all of the seeds is not a matter of the seed.`,
    evidence: {
      columns: ["network", ...keys.map((key) => TRAITS[key])],
      rows: own === undefined ? [] : [[name, ...keys.map((key) => orNull(own[key]))]],
    },
    null: {
      columns: ["network", ...keys.map((key) => TRAITS[key])],
      rows: baselines.map(({ one, traits }) => [one.name, ...keys.map((key) => orNull(traits[key]))]),
    },
    figures: member === undefined ? [] : figures(study, ablation, member),
  };
}

const LOSSES = ["sep", "inv", "cap", "con"] as const;

/** Its maps beside a baseline's, and both courses of losses. */
function figures(study: Study, { number, title }: Ablation, member: TrainedModel): Figure[] {
  const [baseline] = study.baselines;
  const course = (one: TrainedModel, label: string): Series[] =>
    LOSSES.map((loss) => ({
      label: `${loss}, ${label}`,
      points: one.metrics.map((line) => [line.step, short(line[loss]) ?? 0]),
    }));
  return [
    mapsFigure(figureOf(number, member, "maps", title), study.view(member)),
    ...(baseline
      ? [mapsFigure(figureOf(number, baseline, "maps", "With all ingredients, to compare with."), study.view(baseline))]
      : []),
    {
      ...figureOver(
        number,
        baseline ? [baseline, member] : [member],
        "losses",
        "The course of the losses, unweighted.",
      ),
      kind: "lines",
      xLabel: "step",
      yLabel: "loss",
      series: [...course(member, member.name), ...(baseline ? course(baseline, baseline.name) : [])],
    },
  ];
}
