import type { Agent } from "../measure/agent.ts";
import { walkWith, type VelocityStatistics } from "../measure/velocity-statistics.ts";
import { analyse, type Analysis } from "../measure/judge.ts";
import { networkAgent } from "../measure/network-agent.ts";
import { survey, type Survey } from "../measure/survey.ts";
import { loadModel, modelNames, GOLDEN_MODELS } from "../golden/models.ts";
import type { Config } from "../train/config.ts";
import { initialise } from "../train/initialise.ts";
import { Random } from "../train/random-source.ts";
import type { MetricsLine } from "../train/metrics.ts";
import { trainedRange } from "../train/trained-range.ts";

/** One network that the claims are about. */
export interface TrainedModel {
  name: string;
  config: Config;
  /** The course of its losses. */
  metrics: MetricsLine[];
  agent: Agent;
  /** The same network before training. */
  untrained: Agent;
  /** The trained network with a leak: every new state is drawn towards the initial one. */
  leaky: Agent;
}

/** Where an agent walks, and how. */
export interface Arena {
  /** Side of the box in units of the range trained on. */
  factor: number;
  velocities: VelocityStatistics;
}

/** The range and the velocities trained on. */
export const HOME: Arena = { factor: 1, velocities: "trained" };

/** What was seen of a member in an arena. */
export interface View extends Survey {
  /** Side of the box, in metres. */
  box: number;
  bins: number;
  analysis: Analysis;
}

/** How much is walked and measured; what the page takes is FULL. */
export interface Effort {
  walkers: number;
  /** Steps of each walker at home, and of each in other arenas. */
  steps: number;
  stepsAway: number;
  /** States that are kept of each step. */
  kept: number;
  /** Side of a bin in metres, where that makes no more than `bins` along a side. */
  bin: number;
  bins: number;
  /** Shuffled maps that each module at home is compared with (M10). */
  shuffles: number;
  /** How many baselines the expensive claims look at: the first ones. */
  few: number;
}

export const FULL: Effort = {
  walkers: 200,
  steps: 400,
  stepsAway: 500,
  kept: 10,
  bin: 0.05,
  bins: 128,
  shuffles: 20,
  few: 3,
};

/** Share of g_0 that a leaky network mixes into every new state. */
export const LEAK = 0.05;

/** Hears what is being done and how much of it is done, from 0 to 1. */
export type OnWork = (work: string, share: number) => void;

/** The trained networks with what has been seen of them: every walk and every analysis is made once and kept for all claims. */
export class Study {
  /** Trained alike but for the seed. */
  readonly baselines: readonly TrainedModel[];
  /** By name, as in "no-capacity". */
  readonly ablations: ReadonlyMap<string, TrainedModel>;
  readonly effort: Effort;
  readonly #onWork: OnWork;
  readonly #views = new Map<string, View>();

  constructor(
    baselines: readonly TrainedModel[],
    ablations: readonly TrainedModel[],
    effort: Effort = FULL,
    onWork: OnWork = () => undefined,
  ) {
    this.baselines = baselines;
    this.ablations = new Map(ablations.map((member) => [member.name, member]));
    this.effort = effort;
    this.#onWork = onWork;
  }

  /** The baselines that the expensive claims look at. */
  get few(): readonly TrainedModel[] {
    return this.baselines.slice(0, this.effort.few);
  }

  /** What is seen of a member, at home unless said otherwise; modules have their null (M10) at home only. */
  view(member: TrainedModel, arena: Arena = HOME): View {
    return this.#seen(member, "trained", member.agent, arena);
  }

  /** What is seen at home of a member before its training. */
  untrained(member: TrainedModel): View {
    return this.#seen(member, "untrained", member.untrained, HOME);
  }

  #seen(member: TrainedModel, state: string, agent: Agent, arena: Arena): View {
    const key = JSON.stringify([member.name, state, arena]);
    const known = this.#views.get(key);
    if (known !== undefined) return known;
    const { walkers, steps, stepsAway, kept, bin, bins: most, shuffles } = this.effort;
    const home = arena.factor === HOME.factor && arena.velocities === HOME.velocities;
    const box = arena.factor * trainedRange(member.config);
    const bins = Math.min(most, Math.max(8, Math.round(box / bin)));
    const length = home ? steps : stepsAway;
    const work = `${state} ${member.name}, walk with ${arena.velocities} velocities in a box of ${box} m`;
    const options = { seed: 0, walkers, steps: length, box, vMax: member.config.velocityMax };
    const seen = survey(agent, walkWith(arena.velocities, options), {
      walkers,
      box,
      bins,
      kept,
      onStep: (done) => {
        this.#onWork(work, done / length);
      },
    });
    const analysis = analyse(seen.maps, { shuffles: home ? shuffles : 0 });
    const view = { ...seen, box, bins, analysis };
    this.#views.set(key, view);
    return view;
  }
}

/** The member that a kept model makes: its network, the same as its seed had drawn it, and a leaky one. */
function memberOf(name: string, root: string): TrainedModel {
  const { config, metrics, parameters } = loadModel(name, root);
  return {
    name,
    config,
    metrics,
    agent: networkAgent(parameters, config),
    untrained: networkAgent(initialise(config, Random.fromSeed(config.seed)), config),
    leaky: networkAgent(parameters, config, { leak: LEAK }),
  };
}

/** The models of a folder: `seed-0`, `seed-1` and so on are the baselines, by seed; all others are ablations. */
export function goldenStudy(root: string = GOLDEN_MODELS, effort: Effort = FULL, onWork?: OnWork): Study {
  const members = modelNames(root).map((name) => memberOf(name, root));
  const isBaseline = ({ name }: TrainedModel): boolean => /^seed-\d+$/.test(name);
  const baselines = members.filter(isBaseline).sort((p, q) => p.config.seed - q.config.seed);
  return new Study(
    baselines,
    members.filter((member) => !isBaseline(member)),
    effort,
    onWork,
  );
}
