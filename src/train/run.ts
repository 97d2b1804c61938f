import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../io/error.ts";
import { holdsRun, loadCheckpoint, saveCheckpoint, type MetricsWindow } from "./checkpoint.ts";
import type { Config } from "./config.ts";
import { makeWritable, writeAtomically } from "../io/files.ts";
import { CONFIG_FILE, configText, METRICS_FILE } from "./network-folder.ts";
import { Training, type StepMetrics } from "./training.ts";

/** A line of metrics.jsonl: means over the steps since the line before, up to and including `step`. */
export type MetricsLine = { step: number } & StepMetrics;

export interface RunEvents {
  /** After every step. */
  onStep?(step: number, metrics: StepMetrics): void;
  /** Asked after every step; true saves a checkpoint and ends the run. */
  shouldStop?(): boolean;
}

/** A training tied to a folder: config.json, metrics.jsonl and checkpoints/ in it. */
export class Run {
  readonly folder: string;
  readonly training: Training;
  private window: MetricsWindow;

  private constructor(folder: string, training: Training, window: MetricsWindow) {
    this.folder = folder;
    this.training = training;
    this.window = window;
  }

  /** A new run. Throws an InputError when the folder cannot be written to or already holds a run. */
  static start(folder: string, config: Config): Run {
    if (holdsRun(folder))
      throw new InputError(
        `${folder} already holds a run; expected an empty folder, or --resume to go on with that run`,
      );
    makeWritable(folder);
    const run = new Run(folder, Training.start(config), {});
    writeAtomically(join(folder, CONFIG_FILE), configText(config));
    writeFileSync(run.metricsFile, "");
    run.save();
    return run;
  }

  /** The run in that folder, from its newest checkpoint on; metrics written after it are dropped. */
  static resume(folder: string): Run {
    const { config, training, window } = loadCheckpoint(folder);
    makeWritable(folder);
    const run = new Run(folder, Training.from(config, training), window);
    const kept = run.metricsLines().filter(({ step }) => step <= training.step);
    writeAtomically(run.metricsFile, kept.map((line) => `${JSON.stringify(line)}\n`).join(""));
    return run;
  }

  /** Trains until a try comes to its end (T8), or until `shouldStop`; saves at both. True when the last step is done. */
  async go(events: RunEvents = {}): Promise<boolean> {
    const { training } = this;
    const { checkpointEvery } = training.config;
    while (!training.isDone()) {
      const metrics = training.advance();
      this.record(metrics);
      events.onStep?.(training.step, metrics);
      if (training.step % checkpointEvery === 0 || training.isDone()) this.save();
      // Lets signals and the terminal have their turn.
      await new Promise((resolve) => setImmediate(resolve));
      if (events.shouldStop?.() && !training.isDone()) {
        this.save();
        return false;
      }
    }
    return true;
  }

  private get metricsFile(): string {
    return join(this.folder, METRICS_FILE);
  }

  private metricsLines(): MetricsLine[] {
    const text = existsSync(this.metricsFile) ? readFileSync(this.metricsFile, "utf8") : "";
    return text.split("\n").flatMap(parsed);
  }

  /** Writes a line of means every `logEvery` steps of a try, and at its end. */
  private record(metrics: StepMetrics): void {
    const { step, stepOfAttempt, config } = this.training;
    for (const [key, value] of Object.entries({ ...metrics, steps: 1 }))
      this.window[key] = (this.window[key] ?? 0) + value;
    if (stepOfAttempt % config.logEvery !== 0 && !this.training.isDone()) return;
    const { steps, ...sums } = this.window;
    const means = Object.fromEntries(Object.entries(sums).map(([key, sum]) => [key, sum / steps!]));
    appendFileSync(this.metricsFile, `${JSON.stringify({ step, ...means })}\n`);
    this.window = {};
  }

  private save(): void {
    const { training, window, folder } = this;
    saveCheckpoint(folder, { config: training.config, training: training.state(), window });
  }
}

/** A line of metrics.jsonl; none where a crash cut it short. */
function parsed(line: string): MetricsLine[] {
  try {
    return [JSON.parse(line) as MetricsLine];
  } catch {
    return [];
  }
}
