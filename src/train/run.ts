import { existsSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../io/error.ts";
import { append, flush, makeWritable, readJson, writeAtomically } from "../io/files.ts";
import { Lock } from "../io/lock.ts";
import { checkpointsOf, holdsRun, loadCheckpoint, saveCheckpoint, tidyCheckpoints, warn } from "./checkpoint.ts";
import { parseConfig, type Config } from "./config.ts";
import { stepsOfLines, type StepMetrics } from "./metrics.ts";
import { metricsSoFar } from "./metrics-file.ts";
import { MetricsRecord, type MetricsWindow } from "./metrics-record.ts";
import { CONFIG_FILE, configText, METRICS_FILE, WEIGHTS_FILE } from "./network-folder.ts";
import { Attempts } from "./restarts.ts";
import { requireSameConfig } from "./same-config.ts";

interface RunEvents {
  /** Called after every step. */
  onStep?(step: number, metrics: StepMetrics): void;
  /** Called after every step. If it returns true, a checkpoint is saved and the run stops. */
  shouldStop?(): boolean;
}

/**
 * The attempts of a run with their folder, which holds config.json, metrics.jsonl and checkpoints/. No other process
 * may use the folder until `close`. The folder is a run from its first checkpoint on. Before that, it may hold what a
 * crash has left of a beginning.
 */
export class Run {
  readonly folder: string;
  readonly attempts: Attempts;
  readonly #lock: Lock;
  readonly #record: MetricsRecord;
  /** The step of the newest checkpoint. No step is saved twice. */
  #saved: number;

  private constructor(folder: string, lock: Lock, attempts: Attempts, window: MetricsWindow, saved: number) {
    this.folder = folder;
    this.#lock = lock;
    this.attempts = attempts;
    this.#record = new MetricsRecord(window);
    this.#saved = saved;
  }

  /**
   * Starts a new run.
   * @throws InputError if the folder cannot be written to, is in use, or holds a run or a network
   */
  static async start(folder: string, config: Config): Promise<Run> {
    requireNothingToLose(folder);
    makeWritable(folder);
    const run = locked(folder, (lock) => {
      requireNothingToLose(folder);
      const run = new Run(folder, lock, Attempts.start(config), {}, -1);
      if (!existsSync(checkpointsOf(folder))) mkdirSync(checkpointsOf(folder));
      tidyCheckpoints(folder);
      writeAtomically(join(folder, CONFIG_FILE), configText(config));
      writeAtomically(run.#metricsFile, "");
      return run;
    });
    try {
      await run.#save();
    } catch (error) {
      run.close();
      throw error;
    }
    return run;
  }

  /**
   * Continues the run in a folder from its newest checkpoint. Metrics that were written after it are dropped.
   * @param say called with a line about each checkpoint that cannot be read and about lost metrics
   * @throws InputError if the folder is in use, or if its config is not `expected` or not that of its checkpoint
   */
  static resume(folder: string, expected?: Config, say = warn): Run {
    loadCheckpoint(folder, () => undefined);
    makeWritable(folder);
    return locked(folder, (lock) => {
      const { config, attempts, window } = loadCheckpoint(folder, say);
      const file = join(folder, CONFIG_FILE);
      if (existsSync(file))
        requireSameConfig(parseConfig(readJson(file), file), config, file, "as in its newest checkpoint");
      if (expected) requireSameConfig(config, expected, folder, "as in the recipe");
      const run = new Run(folder, lock, Attempts.from(config, attempts), window, -1);
      run.#saved = run.attempts.step;
      tidyCheckpoints(folder, run.#saved);
      const kept = metricsSoFar(run.#metricsFile).filter(({ step }) => step <= run.attempts.step);
      const lengths = [...attempts.rejectedAttempts.map(({ steps }) => steps), attempts.training.step];
      const lost = stepsOfLines(lengths, config).filter((step) => !kept.some((line) => line.step === step));
      if (lost.length > 0)
        say(`warning: ${run.#metricsFile} has no line of step ${lost.join(", ")}; the run goes on without`);
      writeAtomically(run.#metricsFile, kept.map((line) => `${JSON.stringify(line)}\n`).join(""));
      if (!existsSync(file)) writeAtomically(file, configText(config));
      return run;
    });
  }

  /**
   * Trains until an attempt is kept (T8) or until `shouldStop`, and saves a checkpoint then. Returns whether the last
   * step is done.
   */
  async go(events: RunEvents = {}): Promise<boolean> {
    const { attempts } = this;
    const { checkpointEvery } = attempts.config;
    while (!attempts.isDone()) {
      const metrics = await attempts.advance();
      this.#append(metrics);
      events.onStep?.(attempts.step, metrics);
      if (attempts.step % checkpointEvery === 0 || attempts.isDone()) await this.#save();
      // Lets signals and the terminal have their turn.
      await new Promise((resolve) => setImmediate(resolve));
      if (events.shouldStop?.() && !attempts.isDone()) {
        await this.#save();
        return false;
      }
    }
    return true;
  }

  /** Disposes of the tensors and gives the folder free. */
  close(): void {
    this.attempts.dispose();
    this.#lock.release();
  }

  get #metricsFile(): string {
    return join(this.folder, METRICS_FILE);
  }

  #append(metrics: StepMetrics): void {
    const line = this.#record.add(metrics, this.attempts);
    if (line === undefined) return;
    this.#lock.assertHeld();
    append(this.#metricsFile, line);
  }

  async #save(): Promise<void> {
    const { attempts, folder } = this;
    if (attempts.step === this.#saved) return;
    const state = await attempts.state();
    this.#lock.assertHeld();
    flush(this.#metricsFile);
    saveCheckpoint(folder, { config: attempts.config, attempts: state, window: this.#record.window });
    this.#saved = attempts.step;
  }
}

/** Calls `make` with the lock of a folder. If it fails, the lock is released. */
function locked(folder: string, make: (lock: Lock) => Run): Run {
  const lock = Lock.take(folder);
  try {
    return make(lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * Requires that a new run overwrites nothing in a folder but what a crash has left of a beginning.
 * @throws InputError otherwise
 */
function requireNothingToLose(folder: string): void {
  if (holdsRun(folder))
    throw new InputError(`${folder} already holds a run; expected an empty folder, or --resume to go on with that run`);
  const file = (name: string): string => join(folder, name);
  if (existsSync(file(WEIGHTS_FILE)))
    throw new InputError(`${folder} already holds a network (${WEIGHTS_FILE}); expected an empty folder`);
  if (existsSync(file(METRICS_FILE)) && statSync(file(METRICS_FILE)).size > 0)
    throw new InputError(
      `${folder} already holds ${METRICS_FILE} of a run without checkpoints; expected an empty folder`,
    );
  if (!existsSync(file(CONFIG_FILE))) return;
  try {
    parseConfig(readJson(file(CONFIG_FILE)), CONFIG_FILE);
  } catch (error) {
    throw new InputError(
      `${folder} already holds a ${CONFIG_FILE} that is not of a run; expected an empty folder (${(error as Error).message})`,
    );
  }
}
