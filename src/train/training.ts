import * as tf from "@tensorflow/tfjs-core";
import { fusable } from "../fusable/fusable.ts";
import { drawBatch, type Batch } from "../model/data.ts";
import { losses, type Losses } from "../model/losses.ts";
import type { Parameters } from "../model/network.ts";
import { parametersFrom, perParameter, type ParameterName } from "./parameters.ts";
import type { Config } from "./config.ts";
import { initialise } from "./initialise.ts";
import type { StepMetrics } from "./metrics.ts";
import { accumulate, adamw, clipByGlobalNorm, zeroIfFinite, zeroMoments, type Moments } from "./optimiser.ts";
import { Random } from "./random-source.ts";
import { freshPlateau, reduceOnPlateau, settingsAt, warmupCosine, warmupShare, type Plateau } from "./schedule.ts";

const LOSS_KEYS = [
  "total",
  "sep",
  "inv",
  "cap",
  "con",
  "farCount",
  "nearCount",
  "deadStates",
] as const satisfies (keyof Losses)[];

/**
 * Thrown if a loss, a gradient or a parameter is NaN or infinite. The message says which, and at which step. Nothing of
 * that step is kept.
 */
export class NonFiniteError extends Error {
  override name = "NonFiniteError";
}

/** The state of a training between two steps. */
export interface TrainingState {
  /** The number of steps done. */
  step: number;
  random: readonly number[];
  plateau: Plateau;
  parameters: Record<ParameterName, Float32Array>;
  first: Record<ParameterName, Float32Array>;
  second: Record<ParameterName, Float32Array>;
}

type Progress = Omit<TrainingState, "parameters" | "first" | "second">;

/** The values of parameters, flat, row by row. */
async function copyOf(p: Parameters): Promise<Record<ParameterName, Float32Array>> {
  const names = Object.keys(p) as ParameterName[];
  const values = await Promise.all(names.map((name) => p[name].data()));
  const copies = Object.fromEntries(names.map((name, i) => [name, Float32Array.from(values[i]!)]));
  return copies as Record<ParameterName, Float32Array>;
}

/** The losses of one batch and their gradient with respect to every parameter. The terms outlive tf.tidy: see disposeLosses. */
export const lossesAndGradients = fusable("lossesAndGradients", lossesAndGradientsAsTheyRead);
function lossesAndGradientsAsTheyRead(
  p: Parameters,
  batch: Batch,
  config: Config,
  pairs?: ArrayLike<number>,
): { terms: Losses; gradients: Parameters } {
  const names = Object.keys(p) as ParameterName[];
  let terms: Losses | undefined;
  const { grads } = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
    const parameters = Object.fromEntries(names.map((name, i) => [name, tensors[i]])) as unknown as Parameters;
    terms = losses(parameters, batch, config.velocityScale, config, pairs);
    for (const key of LOSS_KEYS) tf.keep(terms[key]);
    return terms.total;
  })(names.map((name) => p[name]));
  const gradients = Object.fromEntries(names.map((name, i) => [name, grads[i]])) as unknown as Parameters;
  return { terms: terms!, gradients };
}

/** Frees the tensors of `lossesAndGradients`' terms. */
export function disposeLosses(terms: Losses): void {
  for (const key of LOSS_KEYS) terms[key].dispose();
}

/**
 * One training (T1 to T7), step by step. It draws batches, takes gradients and updates the parameters. Dispose of it at
 * the end.
 */
export class Training {
  readonly config: Config;
  parameters: Parameters;
  private moments: Moments;
  private random: Random;
  private plateau: Plateau;
  private done: number;

  private constructor(config: Config, parameters: Parameters, moments: Moments, state: Progress) {
    this.config = config;
    this.parameters = parameters;
    this.moments = moments;
    this.random = Random.fromState(state.random);
    this.plateau = state.plateau;
    this.done = state.step;
  }

  /** A training before its first step, with parameters drawn from the config's seed (T7). */
  static start(config: Config): Training {
    const random = Random.fromSeed(config.seed);
    const parameters = parametersFrom(initialise(config, random), config.units, config.hidden);
    const beginning = { step: 0, random: random.state(), plateau: freshPlateau };
    return new Training(config, parameters, zeroMoments(parameters), beginning);
  }

  /**
   * The training whose `state()` is given.
   * @throws Error that names the tensor if one does not fit the config
   */
  static from(config: Config, state: TrainingState): Training {
    const { units, hidden } = config;
    const [p, first, second] = [state.parameters, state.first, state.second].map((v) =>
      parametersFrom(v, units, hidden),
    );
    return new Training(config, p!, { first: first!, second: second! }, state);
  }

  /** The number of steps done. */
  get step(): number {
    return this.done;
  }

  /** Whether all steps are done. */
  isDone(): boolean {
    return this.done >= this.config.steps;
  }

  /**
   * One optimiser step (T1 to T6). Throws a NonFiniteError, and changes nothing, where a term or a new parameter is not finite.
   * A GPU is read from asynchronously; take the next step when this one is done.
   */
  async advance(): Promise<StepMetrics> {
    const { config } = this;
    const step = this.done;
    const now = settingsAt(step, config.steps, config, config.curriculum);
    const learningRate = config.learningRate * this.rateFactor(step);
    let updated: ReturnType<typeof adamw> | undefined;
    let conCount = 0;
    const values = tf.tidy(() => {
      const rounds = Array.from({ length: config.accumulate }, () => this.round(now));
      const { gradients, norm } = clipByGlobalNorm(accumulate(rounds.map((r) => r.gradients)), config.clipNorm);
      const next = adamw(this.parameters, gradients, this.moments, step + 1, learningRate, config);
      const means = LOSS_KEYS.map((key) => tf.div(tf.addN(rounds.map((r) => r.terms[key])), rounds.length));
      const values = tf.stack([...means, norm, ...Object.values(perParameter((k) => zeroIfFinite(next.p[k])))]);
      for (const { terms } of rounds) disposeLosses(terms);
      conCount = rounds[0]!.terms.conCount;
      for (const t of tensorsOf(next.p, next.moments)) tf.keep(t);
      updated = next;
      return values;
    });
    const next = updated!;
    const numbers = await values.data();
    values.dispose();
    let metrics: StepMetrics;
    try {
      metrics = this.report(numbers, now.timesteps, learningRate, conCount);
    } catch (error) {
      tf.dispose(tensorsOf(next.p, next.moments));
      throw error;
    }
    this.dispose();
    this.parameters = next.p;
    this.moments = next.moments;
    this.plateau = reduceOnPlateau(this.plateau, metrics.total, {
      factor: config.plateauFactor,
      patience: config.plateauPatience,
      threshold: config.plateauThreshold,
    });
    this.done++;
    return metrics;
  }

  /** A copy of the state from which the training continues. */
  async state(): Promise<TrainingState> {
    const progress = { step: this.done, random: this.random.state(), plateau: this.plateau };
    const { parameters: p, moments } = this;
    const [parameters, first, second] = await Promise.all([copyOf(p), copyOf(moments.first), copyOf(moments.second)]);
    return { ...progress, parameters, first, second };
  }

  dispose(): void {
    tf.dispose(tensorsOf(this.parameters, this.moments));
  }

  /** The losses and gradients of one batch under the settings of the step. */
  private round(now: Config): { terms: Losses; gradients: Parameters } {
    const { trajectories, timesteps, pairStates } = now;
    const batch = drawBatch(this.random, now);
    const states = trajectories * timesteps;
    const pairs = pairStates === 0 || pairStates >= states ? undefined : this.random.sample(pairStates, states);
    return lossesAndGradients(this.parameters, batch, now, pairs);
  }

  private rateFactor(step: number): number {
    const { schedule, steps, warmup, cosineFloor } = this.config;
    if (schedule === "cosine") return warmupCosine(step, steps, warmup, cosineFloor);
    return warmupShare(step, warmup) * (schedule === "plateau" ? this.plateau.factor : 1);
  }

  /** What the step reports, of values in the order of REPORTED. */
  private report(values: ArrayLike<number>, timesteps: number, learningRate: number, conCount: number): StepMetrics {
    REPORTED.forEach((name, i) => {
      if (Number.isFinite(values[i])) return;
      const what = i <= LOSS_KEYS.length ? `is ${String(values[i])}` : "has a value that is not finite";
      throw new NonFiniteError(`${name} ${what} at step ${this.done + 1}; expected finite numbers`);
    });
    const named = Object.fromEntries([...LOSS_KEYS, "gradientNorm" as const].map((key, i) => [key, values[i]!]));
    return { timesteps, learningRate, conCount, ...named } as StepMetrics;
  }
}

function tensorsOf(parameters: Parameters, moments: Moments): tf.Tensor[] {
  return [parameters, moments.first, moments.second].flatMap((p) => Object.values(p) as tf.Tensor[]);
}

/** What a step reads back from the engine, in this order. Moments are finite where gradients are: they are means of theirs. */
const REPORTED = [...LOSS_KEYS, "gradientNorm", ...Object.keys(perParameter(() => 0))];
