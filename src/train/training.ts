import * as tf from "@tensorflow/tfjs-core";
import { drawBatch, type Batch } from "../model/data.ts";
import { losses, type Losses } from "../model/losses.ts";
import type { Parameters } from "../model/network.ts";
import { parametersFrom, perParameter, type ParameterName } from "./parameters.ts";
import type { Config } from "./config.ts";
import { initialise } from "./initialise.ts";
import { accumulate, adamw, clipByGlobalNorm, zeroMoments, type Moments } from "./optimiser.ts";
import { Random } from "./random.ts";
import { unmetCriterion, criterionSum, stepsOf, trySeed, type RejectedAttempt } from "./restarts.ts";
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
  /** The tries that were given up (T8). */
  rejectedAttempts: readonly RejectedAttempt[];
  /** For each gate the sum of its term so far (T8). */
  sums: readonly number[];
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

function noSums({ acceptanceCriteria }: Config): number[] {
  return acceptanceCriteria.map(() => 0);
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
  private given: readonly RejectedAttempt[];
  private sums: readonly number[];

  private constructor(config: Config, parameters: Parameters, moments: Moments, state: Progress) {
    this.config = config;
    this.parameters = parameters;
    this.moments = moments;
    this.random = Random.fromState(state.random);
    this.plateau = state.plateau;
    this.done = state.step;
    this.given = state.rejectedAttempts;
    this.sums = state.sums;
  }

  /** A training at step 0, parameters drawn from the config's seed. */
  static start(config: Config): Training {
    const { parameters, random } = firstParameters(config, 0);
    const beginning = {
      step: 0,
      random: random.state(),
      plateau: freshPlateau,
      rejectedAttempts: [],
      sums: noSums(config),
    };
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

  /** The tries that were given up so far (T8). */
  get rejectedAttempts(): readonly RejectedAttempt[] {
    return this.given;
  }

  /** Steps done so far of the try that is under way (T8). */
  get stepOfAttempt(): number {
    return this.done - stepsOf(this.given);
  }

  /**
   * One optimiser step (T1 to T6), and what tries begin and end with it (T8). Throws a NonFiniteError, and changes no parameter, where
   * a term is NaN or infinite.
   */
  advance(): StepMetrics {
    const { config } = this;
    const { steps } = config;
    const step = this.stepOfAttempt;
    const now = settingsAt(step, steps, config, config.curriculum);
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
    this.sums = config.acceptanceCriteria.map((gate, k) =>
      criterionSum(this.sums[k]!, gate, metrics!, step + 1, steps),
    );
    this.giveUpOrGoOn(step + 1);
    return metrics!;
  }

  /** T8: whether no step is left: whether a try has come to its end. */
  isDone(): boolean {
    return this.stepOfAttempt === this.config.steps;
  }

  /** A copy of everything needed to go on. */
  state(): TrainingState {
    return {
      step: this.done,
      random: this.random.state(),
      plateau: this.plateau,
      rejectedAttempts: this.given,
      sums: this.sums,
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

  /**
   * T8: after `done` steps of a try that does not pass a gate, and is not the last one, begins another, as if none had been before.
   * @spec T8
   */
  private giveUpOrGoOn(done: number): void {
    const { config, given } = this;
    const closed = unmetCriterion(config.acceptanceCriteria, this.sums, done, config.steps);
    if (closed === undefined || given.length === config.attempts - 1) return;
    const { at, term } = closed.gate;
    this.given = [...given, { seed: trySeed(config.seed, given.length), steps: done, at, term, mean: closed.mean }];
    const { parameters, random } = firstParameters(config, this.given.length);
    this.replace(parameters, zeroMoments(parameters));
    this.random = random;
    this.plateau = freshPlateau;
    this.sums = noSums(config);
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
