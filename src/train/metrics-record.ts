import type { StepMetrics } from "./metrics.ts";
import type { Attempts } from "./restarts.ts";

/** Sums of metrics since the last line, so that a resumed run makes the same lines. */
export type MetricsWindow = Readonly<Record<string, number>>;

/** Makes the lines of a run's metrics from what its steps report. */
export class MetricsRecord {
  #window: MetricsWindow;

  constructor(window: MetricsWindow) {
    this.#window = window;
  }

  get window(): MetricsWindow {
    return this.#window;
  }

  /** Takes what the last step reports. Every `logEvery` steps of an attempt, and at its end, it gives a line with their means. */
  add(metrics: StepMetrics, attempts: Attempts): string | undefined {
    const { step, training, config } = attempts;
    const added = Object.entries({ ...metrics, steps: 1 }).map(([key, value]) => [
      key,
      (this.#window[key] ?? 0) + value,
    ]);
    this.#window = Object.fromEntries(added) as MetricsWindow;
    if (training.step % config.logEvery !== 0 && !attempts.isDone()) return undefined;
    const { steps, ...sums } = this.#window;
    const means = Object.fromEntries(Object.entries(sums).map(([key, sum]) => [key, sum / steps!]));
    this.#window = {};
    return `${JSON.stringify({ step, ...means })}\n`;
  }
}
