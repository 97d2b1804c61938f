import * as tf from "@tensorflow/tfjs-core";
import { drawBatch, type Batch } from "../model/data.ts";
import { losses, type Losses } from "../model/losses.ts";
import type { Parameters } from "../model/network.ts";
import { parametersFrom, perParameter, type ParameterName } from "./parameters.ts";
import type { Config } from "./config.ts";
import { initialise } from "./initialise.ts";
import { accumulate, adamw, clipByGlobalNorm, zeroMoments, type Moments } from "./optimiser.ts";
import { Random } from "./random.ts";
import {
  freshPlateau,
  ramped,
  rampedTimesteps,
  reduceOnPlateau,
  warmupCosine,
  warmupShare,
  type Plateau,
} from "./schedule.ts";

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
  /** Steps done. */
  step: number;
  random: readonly number[];
  plateau: Plateau;
  parameters: Record<ParameterName, Float32Array>;
  first: Record<ParameterName, Float32Array>;
  second: Record<ParameterName, Float32Array>;
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
  private readonly random: Random;
  private plateau: Plateau;
  private done: number;

  private constructor(
    config: Config,
    random: Random,
    step: number,
    plateau: Plateau,
    parameters: Parameters,
    moments: Moments,
  ) {
    this.config = config;
    this.random = random;
    this.done = step;
    this.plateau = plateau;
    this.parameters = parameters;
    this.moments = moments;
  }

  /** A training at step 0, parameters drawn from the config's seed. */
  static start(config: Config): Training {
    const random = Random.fromSeed(config.seed);
    const parameters = parametersFrom(initialise(config, random), config.units, config.hidden);
    return new Training(config, random, 0, freshPlateau, parameters, zeroMoments(parameters));
  }

  /** The training that `state()` was taken from. Throws an error that names the tensor if one does not fit the config. */
  static from(config: Config, state: TrainingState): Training {
    const { units, hidden } = config;
    const [p, first, second] = [state.parameters, state.first, state.second].map((v) =>
      parametersFrom(v, units, hidden),
    );
    return new Training(config, Random.fromState(state.random), state.step, state.plateau, p!, {
      first: first!,
      second: second!,
    });
  }

  /** Steps done so far. */
  get step(): number {
    return this.done;
  }

  /** One optimiser step (T1 to T6). Throws a NonFiniteError, and changes no parameter, where a term is NaN or infinite. */
  advance(): StepMetrics {
    const { config, done } = this;
    const { steps } = config;
    const timesteps = rampedTimesteps(done, steps, config.timestepsStart, config.timesteps, config);
    const sigmaG = ramped(done, steps, config.sigmaGStart, config.sigmaG, config);
    const lambdaCap = ramped(done, steps, config.lambdaCapStart, config.lambdaCap, config);
    const now = { ...config, timesteps, sigmaG, lambdaCap };
    const learningRate = config.learningRate * this.rateFactor();
    let metrics: StepMetrics | undefined;
    tf.tidy(() => {
      const rounds = Array.from({ length: config.accumulate }, () => this.round(now));
      const { gradients, norm } = clipByGlobalNorm(accumulate(rounds.map((r) => r.gradients)), config.clipNorm);
      const means = LOSS_KEYS.map((key) => tf.div(tf.addN(rounds.map((r) => r.terms[key])), rounds.length));
      const values = tf.stack([...means, norm]).dataSync();
      for (const { terms } of rounds) disposeLosses(terms);
      metrics = this.report(values, timesteps, learningRate, rounds[0]!.terms.conCount);
      const next = adamw(this.parameters, gradients, this.moments, done + 1, learningRate, config);
      this.replace(next.p, next.moments);
    });
    this.plateau = reduceOnPlateau(this.plateau, metrics!.total, {
      factor: config.plateauFactor,
      patience: config.plateauPatience,
      threshold: config.plateauThreshold,
    });
    this.done++;
    return metrics!;
  }

  /** A copy of everything needed to go on. */
  state(): TrainingState {
    const read = (p: Parameters): Record<ParameterName, Float32Array> =>
      perParameter((name) => Float32Array.from(p[name].dataSync()));
    return {
      step: this.done,
      random: this.random.state(),
      plateau: this.plateau,
      parameters: read(this.parameters),
      first: read(this.moments.first),
      second: read(this.moments.second),
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

  private rateFactor(): number {
    const { schedule, steps, warmup, cosineFloor } = this.config;
    if (schedule === "cosine") return warmupCosine(this.done, steps, warmup, cosineFloor);
    return warmupShare(this.done, warmup) * (schedule === "plateau" ? this.plateau.factor : 1);
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
