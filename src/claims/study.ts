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

/** One trained network that the claims are about. */
export interface TrainedModel {
  name: string;
  config: Config;
  /** Its losses during training. */
  metrics: MetricsLine[];
  agent: Agent;
  /** The same network before training. */
  untrained: Agent;
  /** The trained network with a leak, which draws every new state towards the initial one. */
  leaky: Agent;
}

/** Where an agent walks, and with which velocities. */
export interface Arena {
  /** Side of the box in units of the range trained on. */
  factor: number;
  velocities: VelocityStatistics;
}

/** The training arena: the range and the velocities trained on. All other arenas are test arenas. */
const TRAINING_ARENA: Arena = { factor: 1, velocities: "trained" };

/** What a model shows in an arena. */
export interface View extends Pick<Survey, "samples"> {
  /** Side of the box, in metres. */
  box: number;
  bins: number;
  analysis: Analysis;
}

/** How much is walked and measured. The claims page is made with FULL. */
export interface Effort {
  walkers: number;
  /** Steps of each walker in the training arena, and in a test arena. */
  steps: number;
  testSteps: number;
  /** States that are kept of each step. */
  kept: number;
  /** Side of a bin in metres, where that makes no more than `bins` along a side. */
  bin: number;
  bins: number;
  /** Shuffled maps that each module in the training arena is compared with (M10). */
  shuffles: number;
  /** How many baselines the costly claims look at. They take the first ones by seed. */
  first: number;
}

export const FULL: Effort = {
  walkers: 200,
  steps: 400,
  testSteps: 500,
  kept: 10,
  bin: 0.05,
  bins: 128,
  shuffles: 20,
  first: 3,
};

/** Share of g_0 that a leaky network mixes into every new state. */
export const LEAK = 0.05;

/** Is told what is being measured, and which share of it is done, from 0 to 1. */
export type OnWork = (work: string, share: number) => void;

/** Where views are kept that other processes need, too. */
export interface Views {
  read(name: string): View | undefined;
  write(name: string, view: View): void;
}

const NO_VIEWS: Views = { read: () => undefined, write: () => undefined };

/** The trained networks with their views. Every walk and every analysis is made once and kept for all claims. */
export class Study {
  /** Networks trained alike but for the seed. */
  readonly baselines: readonly TrainedModel[];
  /** Networks trained without one ingredient, by name, as in "no-capacity". */
  readonly ablations: ReadonlyMap<string, TrainedModel>;
  readonly effort: Effort;
  readonly #onWork: OnWork;
  readonly #shared: Views;
  readonly #views = new Map<string, View>();

  constructor(
    baselines: readonly TrainedModel[],
    ablations: readonly TrainedModel[],
    effort: Effort = FULL,
    onWork: OnWork = () => undefined,
    shared: Views = NO_VIEWS,
  ) {
    this.baselines = baselines;
    this.ablations = new Map(ablations.map((model) => [model.name, model]));
    this.effort = effort;
    this.#onWork = onWork;
    this.#shared = shared;
  }

  /** The baselines that the costly claims look at. */
  get first(): readonly TrainedModel[] {
    return this.baselines.slice(0, this.effort.first);
  }

  /** What a model shows, in the training arena unless another one is given. Modules have their null (M10) in the training arena only. */
  view(model: TrainedModel, arena: Arena = TRAINING_ARENA): View {
    return this.#seen(model, "trained", model.agent, arena);
  }

  /** What a model shows in the training arena before it is trained. */
  untrained(model: TrainedModel): View {
    return this.#seen(model, "untrained", model.untrained, TRAINING_ARENA);
  }

  #seen(model: TrainedModel, state: string, agent: Agent, arena: Arena): View {
    const key = [state, model.name, arena.velocities, arena.factor].join(" ");
    const known = this.#views.get(key) ?? this.#shared.read(key);
    const view = known ?? this.#look(model, state, agent, arena);
    if (known === undefined) this.#shared.write(key, view);
    this.#views.set(key, view);
    return view;
  }

  #look(model: TrainedModel, state: string, agent: Agent, arena: Arena): View {
    const { walkers, steps, testSteps, kept, bin, bins: most, shuffles } = this.effort;
    const training = arena.factor === TRAINING_ARENA.factor && arena.velocities === TRAINING_ARENA.velocities;
    const box = arena.factor * trainedRange(model.config);
    const bins = Math.min(most, Math.max(8, Math.round(box / bin)));
    const length = training ? steps : testSteps;
    const work = `${state} ${model.name}, walk with ${arena.velocities} velocities in a box of ${box} m`;
    const options = { seed: 0, walkers, steps: length, box, vMax: model.config.velocityMax };
    const { maps, samples } = survey(agent, walkWith(arena.velocities, options), {
      walkers,
      box,
      bins,
      kept,
      onStep: (done) => {
        this.#onWork(work, done / length);
      },
    });
    const analysis = analyse(maps, { shuffles: training ? shuffles : 0 });
    return { samples, box, bins, analysis };
  }
}

/** A golden model with its network, the same network as its seed drew it before training, and a leaky one. */
function trainedModel(name: string, root: string): TrainedModel {
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

/** The networks of a folder by their names. */
export interface NetworkNames {
  baselines: string[];
  /** The baselines that the costly claims look at. */
  first: string[];
  ablations: string[];
}

/**
 * The networks of a folder. Those named seed-0, seed-1 and so on are the baselines, in the order of their numbers. All others are
 * ablations, but for the steps back to the paper, which no claim is about.
 */
export function networkNames(root: string = GOLDEN_MODELS, effort: Effort = FULL): NetworkNames {
  const names = modelNames(root).filter((name) => !name.startsWith("paper-"));
  const numberOf = (name: string): number => Number(name.slice("seed-".length));
  const baselines = names.filter(isBaselineName).sort((p, q) => numberOf(p) - numberOf(q));
  return {
    baselines,
    first: baselines.slice(0, effort.first),
    ablations: names.filter((name) => !isBaselineName(name)),
  };
}

/** The networks of a folder, loaded. */
export function goldenStudy(
  root: string = GOLDEN_MODELS,
  effort: Effort = FULL,
  onWork?: OnWork,
  shared?: Views,
): Study {
  const { baselines, ablations } = networkNames(root, effort);
  const [trained, ablated] = [baselines, ablations].map((names) => names.map((name) => trainedModel(name, root)));
  return new Study(trained!, ablated!, effort, onWork, shared);
}

/** Whether a model's name is that of a baseline: seed-0, seed-1 and so on. */
export function isBaselineName(name: string): boolean {
  return /^seed-\d+$/.test(name);
}
