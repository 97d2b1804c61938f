import * as tf from "@tensorflow/tfjs-core";
import { drawBatch, type Batch } from "../model/data.ts";
import { losses, type Losses } from "../model/losses.ts";
import type { Parameters } from "../model/network.ts";
import { parametersFrom, perParameter, type ParameterName } from "./parameters.ts";
import type { Config } from "./config.ts";
import { initialise } from "./initialise.ts";
import { accumulate, adamw, clipByGlobalNorm, zeroMoments, type Moments } from "./optimiser.ts";
import { Random } from "./random.ts";
import { closingSteps, isBetter, isFinished, trySeed, type FinishedTry } from "./tries.ts";
import { freshPlateau, reduceOnPlateau, settingsAt, warmupCosine, warmupShare, type Plateau } from "./schedule.ts";

/** What one step of training reports; losses are means over the accumulated batches. */
export interface StepMetrics {
  timesteps: number;
  learningRate: number;
  total: number;
  sep: number;
  inv: number;
  cap: number;
  con: number;
  gradientNorm: number;
  farCount: number;
  nearCount: number;
  conCount: number;
  deadStates: number;
}

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

/** A loss or gradient that is NaN or infinite: `term` and `step` say which and when. Nothing of that step was kept. */
export class NonFiniteError extends Error {
  override name = "NonFiniteError";
}

/** Everything a training consists of between two steps. */
export interface TrainingState {
  /** Steps done, of all tries together. */
  step: number;
  random: readonly number[];
  plateau: Plateau;
  /** Sum of the totals of this try's closing steps so far (T8). */
  closing: number;
  /** The best of the tries that are done (T8). */
  kept: FinishedTry | null;
  parameters: Record<ParameterName, Float32Array>;
  first: Record<ParameterName, Float32Array>;
  second: Record<ParameterName, Float32Array>;
}

type Progress = Omit<TrainingState, "parameters" | "first" | "second">;

/** T7: what a try starts with. */
function firstParameters(config: Config, attempt: number): { parameters: Parameters; random: Random } {
  const random = Random.fromSeed(trySeed(config.seed, attempt));
  return { parameters: parametersFrom(initialise(config, random), config.units, config.hidden), random };
}

/** The values of parameters, flat, row by row. */
export function copyOf(p: Parameters): Record<ParameterName, Float32Array> {
  return perParameter((name) => Float32Array.from(p[name].dataSync()));
}

/** The losses of one batch and their gradient with respect to every parameter. The terms outlive tf.tidy: see disposeLosses. */
export function lossesAndGradients(
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

/** A training that goes step by step: draws batches, takes gradients, updates the parameters. Dispose of it at the end. */
export class Training {
  readonly config: Config;
  parameters: Parameters;
  private moments: Moments;
  private random: Random;
  private plateau: Plateau;
  private done: number;
  private closing: number;
  private kept: FinishedTry | null;

  private constructor(config: Config, parameters: Parameters, moments: Moments, state: Progress) {
    this.config = config;
    this.parameters = parameters;
    this.moments = moments;
    this.random = Random.fromState(state.random);
    this.plateau = state.plateau;
    this.done = state.step;
    this.closing = state.closing;
    this.kept = state.kept;
  }

  /** A training at step 0, parameters drawn from the config's seed. */
  static start(config: Config): Training {
    const { parameters, random } = firstParameters(config, 0);
    const beginning = { step: 0, random: random.state(), plateau: freshPlateau, closing: 0, kept: null };
    return new Training(config, parameters, zeroMoments(parameters), beginning);
  }

  /** The training that `state()` was taken from. Throws an error that names the tensor if one does not fit the config. */
  static from(config: Config, state: TrainingState): Training {
    const { units, hidden } = config;
    const [p, first, second] = [state.parameters, state.first, state.second].map((v) =>
      parametersFrom(v, units, hidden),
    );
    return new Training(config, p!, { first: first!, second: second! }, state);
  }

  /** Steps done so far, of all tries together. */
  get step(): number {
    return this.done;
  }

  /**
   * One optimiser step (T1 to T6), and what tries begin and end with it (T8). Throws a NonFiniteError, and changes no parameter, where
   * a term is NaN or infinite.
   */
  advance(): StepMetrics {
    const { config } = this;
    const { steps } = config;
    if (this.done > 0 && this.done % steps === 0) this.beginTry(this.done / steps);
    const step = this.done % steps;
    const now = settingsAt(step, steps, config, config.course);
    const learningRate = config.learningRate * this.rateFactor(step);
    let metrics: StepMetrics | undefined;
    tf.tidy(() => {
      const rounds = Array.from({ length: config.accumulate }, () => this.round(now));
      const { gradients, norm } = clipByGlobalNorm(accumulate(rounds.map((r) => r.gradients)), config.clipNorm);
      const means = LOSS_KEYS.map((key) => tf.div(tf.addN(rounds.map((r) => r.terms[key])), rounds.length));
      const values = tf.stack([...means, norm]).dataSync();
      for (const { terms } of rounds) disposeLosses(terms);
      metrics = this.report(values, now.timesteps, learningRate, rounds[0]!.terms.conCount);
      const next = adamw(this.parameters, gradients, this.moments, step + 1, learningRate, config);
      this.replace(next.p, next.moments);
    });
    this.plateau = reduceOnPlateau(this.plateau, metrics!.total, {
      factor: config.plateauFactor,
      patience: config.plateauPatience,
      threshold: config.plateauThreshold,
    });
    this.done++;
    if (step >= steps - closingSteps(steps)) this.closing += metrics!.total;
    if (step === steps - 1) this.endTry();
    return metrics!;
  }

  /** T8: whether no step is left: after the last try, or a try that was good enough. */
  isDone(): boolean {
    return isFinished(this.done, this.kept, this.config);
  }

  /** T8: after the last step, takes the parameters of the best try. Throws where there are steps to go. */
  takeBest(): FinishedTry {
    const { units, hidden } = this.config;
    if (this.kept === null || !this.isDone())
      throw new Error(`the training is at step ${this.done}; expected one that is done`);
    const parameters = parametersFrom(this.kept.parameters, units, hidden);
    this.replace(parameters, zeroMoments(parameters));
    return this.kept;
  }

  /** A copy of everything needed to go on. */
  state(): TrainingState {
    return {
      step: this.done,
      random: this.random.state(),
      plateau: this.plateau,
      closing: this.closing,
      kept: this.kept,
      parameters: copyOf(this.parameters),
      first: copyOf(this.moments.first),
      second: copyOf(this.moments.second),
    };
  }

  dispose(): void {
    for (const p of [this.parameters, this.moments.first, this.moments.second])
      tf.dispose(p as unknown as tf.TensorContainer);
  }

  /** The losses and gradients of one batch under the settings of the step. */
  private round(now: Config): { terms: Losses; gradients: Parameters } {
    const { trajectories, timesteps, pairStates } = now;
    const batch = drawBatch(this.random, now);
    const states = trajectories * timesteps;
    const pairs = pairStates === 0 || pairStates >= states ? undefined : this.random.sample(pairStates, states);
    return lossesAndGradients(this.parameters, batch, now, pairs);
  }

  /** T8: a try starts from its own seed, and as if none had been before. */
  private beginTry(attempt: number): void {
    const { parameters, random } = firstParameters(this.config, attempt);
    this.replace(parameters, zeroMoments(parameters));
    this.random = random;
    this.plateau = freshPlateau;
    this.closing = 0;
  }

  /** T8: keeps the try just done if it is the best so far. */
  private endTry(): void {
    const { steps } = this.config;
    const total = this.closing / closingSteps(steps);
    if (isBetter(total, this.kept))
      this.kept = { attempt: this.done / steps - 1, total, parameters: copyOf(this.parameters) };
  }

  private rateFactor(step: number): number {
    const { schedule, steps, warmup, cosineFloor } = this.config;
    if (schedule === "cosine") return warmupCosine(step, steps, warmup, cosineFloor);
    return warmupShare(step, warmup) * (schedule === "plateau" ? this.plateau.factor : 1);
  }

  private report(values: ArrayLike<number>, timesteps: number, learningRate: number, conCount: number): StepMetrics {
    const named = Object.fromEntries([...LOSS_KEYS, "gradientNorm" as const].map((key, i) => [key, values[i]!]));
    for (const term of ["sep", "inv", "cap", "con", "total", "gradientNorm"])
      if (!Number.isFinite(named[term]))
        throw new NonFiniteError(
          `${term} is ${String(named[term])} at step ${this.done + 1}; expected a finite number`,
        );
    return { timesteps, learningRate, conCount, ...named } as StepMetrics;
  }

  private replace(parameters: Parameters, moments: Moments): void {
    this.dispose();
    this.parameters = parameters;
    this.moments = moments;
    for (const p of [parameters, moments.first, moments.second])
      for (const t of Object.values(p) as tf.Tensor[]) tf.keep(t);
  }
}
