import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../error.ts";
import { holdsRun, loadCheckpoint, saveCheckpoint, type MetricsWindow } from "./checkpoint.ts";
import type { Config } from "./config.ts";
import { makeWritable, writeAtomically } from "./files.ts";
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
    writeAtomically(join(folder, "config.json"), `${JSON.stringify(config, null, 2)}\n`);
    writeFileSync(run.metricsFile, "");
    run.save();
    return run;
  }

  /** The run in that folder, from its newest checkpoint on; metrics written after it are dropped. */
  static resume(folder: string): Run {
    const { config, training, window } = loadCheckpoint(folder);
    makeWritable(folder);
    const run = new Run(folder, Training.from(config, training), window);
    const lines = existsSync(run.metricsFile) ? readFileSync(run.metricsFile, "utf8").split("\n") : [];
    const kept = lines.filter((line) => line !== "" && stepOf(line) <= training.step);
    writeAtomically(run.metricsFile, kept.map((line) => `${line}\n`).join(""));
    return run;
  }

  /** Trains to the config's last step, or until `shouldStop`; saves at both. True when the last step is done. */
  async go(events: RunEvents = {}): Promise<boolean> {
    const { training } = this;
    const { steps, checkpointEvery } = training.config;
    while (training.step < steps) {
      const metrics = training.advance();
      this.record(metrics);
      events.onStep?.(training.step, metrics);
      if (training.step % checkpointEvery === 0 || training.step === steps) this.save();
      // Lets signals and the terminal have their turn.
      await new Promise((resolve) => setImmediate(resolve));
      if (events.shouldStop?.() && training.step < steps) {
        this.save();
        return false;
      }
    }
    return true;
  }

  private get metricsFile(): string {
    return join(this.folder, "metrics.jsonl");
  }

  private record(metrics: StepMetrics): void {
    const { step, config } = this.training;
    for (const [key, value] of Object.entries({ ...metrics, steps: 1 }))
      this.window[key] = (this.window[key] ?? 0) + value;
    if (step % config.logEvery !== 0 && step !== config.steps) return;
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

function stepOf(line: string): number {
  try {
    return (JSON.parse(line) as MetricsLine).step;
  } catch {
    return Infinity; // a line cut short by a crash
  }
}
