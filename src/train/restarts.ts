import { z } from "zod";
import { criterionSum, TERMS, unmetCriterion } from "./acceptance-criteria.ts";
import type { Config } from "./config.ts";
import type { StepMetrics } from "./metrics.ts";
import { Training, type TrainingState } from "./training.ts";

/**
 * The difference of the seeds of two attempts of a run. It is large, so that runs with neighbouring seeds share no
 * attempt.
 */
const SEED_STEP = 1000;

/** T8: a rejected attempt as it is stored: its seed, its steps, and the criterion that it did not meet, with the term's mean there. */
export const rejectedAttemptSchema = z.strictObject({
  seed: z.int().min(0),
  steps: z.int().min(1),
  at: z.number(),
  term: z.enum(TERMS),
  mean: z.number(),
});
export type RejectedAttempt = z.infer<typeof rejectedAttemptSchema>;

/**
 * T8: the seed of an attempt, counted from 0: seed + 1000 attempt, modulo 2^31.
 * @spec T8
 */
export function attemptSeed(seed: number, attempt: number): number {
  return (seed + SEED_STEP * attempt) % 2 ** 31;
}

/** The number of steps of all rejected attempts together. */
export function stepsOf(rejectedAttempts: readonly RejectedAttempt[]): number {
  return rejectedAttempts.reduce((sum, { steps }) => sum + steps, 0);
}

/** The state of a run's attempts between two steps. */
export interface AttemptsState {
  rejectedAttempts: readonly RejectedAttempt[];
  /** For each acceptance criterion the sum of its term so far, in the present attempt. */
  criterionSums: readonly number[];
  /** The present attempt. */
  training: TrainingState;
}

/**
 * T8: the attempts of a run, one training after another. An attempt that does not meet a criterion is rejected, and the
 * next one begins as if there had been none before. The first attempt that meets all criteria is kept. If none does,
 * the last one is kept. Dispose of the object at the end.
 * @spec T8
 */
export class Attempts {
  readonly config: Config;
  #training: Training;
  #rejectedAttempts: readonly RejectedAttempt[];
  #criterionSums: readonly number[];

  private constructor(config: Config, training: Training, state: Omit<AttemptsState, "training">) {
    this.config = config;
    this.#training = training;
    this.#rejectedAttempts = state.rejectedAttempts;
    this.#criterionSums = state.criterionSums;
  }

  /** The first attempt before its first step. */
  static start(config: Config): Attempts {
    return new Attempts(config, attempt(config, 0), { rejectedAttempts: [], criterionSums: noSums(config) });
  }

  /**
   * The attempts whose `state()` is given.
   * @throws Error that names the tensor if one does not fit the config
   */
  static from(config: Config, state: AttemptsState): Attempts {
    const seed = attemptSeed(config.seed, state.rejectedAttempts.length);
    return new Attempts(config, Training.from({ ...config, seed }, state.training), state);
  }

  /** The present attempt. */
  get training(): Training {
    return this.#training;
  }

  get rejectedAttempts(): readonly RejectedAttempt[] {
    return this.#rejectedAttempts;
  }

  /** The number of steps done, over all attempts. */
  get step(): number {
    return stepsOf(this.#rejectedAttempts) + this.#training.step;
  }

  /** Whether an attempt has done its last step and is kept. */
  isDone(): boolean {
    return this.#training.isDone();
  }

  /**
   * Does one step of the present attempt. If the attempt does not meet a criterion there, the next one takes its place.
   */
  async advance(): Promise<StepMetrics> {
    const { config } = this;
    const metrics = await this.#training.advance();
    const done = this.#training.step;
    this.#criterionSums = config.acceptanceCriteria.map((criterion, k) =>
      criterionSum(this.#criterionSums[k]!, criterion, metrics, done, config.steps),
    );
    this.#rejectOrGoOn(done);
    return metrics;
  }

  /** A copy of the state from which the attempts continue. */
  async state(): Promise<AttemptsState> {
    return {
      rejectedAttempts: this.#rejectedAttempts,
      criterionSums: this.#criterionSums,
      training: await this.#training.state(),
    };
  }

  dispose(): void {
    this.#training.dispose();
  }

  #rejectOrGoOn(done: number): void {
    const { config } = this;
    const rejected = this.#rejectedAttempts;
    const unmet = unmetCriterion(config.acceptanceCriteria, this.#criterionSums, done, config.steps);
    if (unmet === undefined || rejected.length === config.attempts - 1) return;
    const { at, term } = unmet.criterion;
    const seed = attemptSeed(config.seed, rejected.length);
    this.#rejectedAttempts = [...rejected, { seed, steps: done, at, term, mean: unmet.mean }];
    this.#training.dispose();
    this.#training = attempt(config, this.#rejectedAttempts.length);
    this.#criterionSums = noSums(config);
  }
}

/** T8: an attempt before its first step, a whole training of its own seed. */
function attempt(config: Config, k: number): Training {
  return Training.start({ ...config, seed: attemptSeed(config.seed, k) });
}

function noSums({ acceptanceCriteria }: Config): number[] {
  return acceptanceCriteria.map(() => 0);
}
