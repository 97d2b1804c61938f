import { existsSync } from "node:fs";
import { readText } from "../io/files.ts";
import { parseMetrics, type MetricsLine } from "./metrics.ts";

/** The lines of a whole file of metrics, in the order of their steps. Throws an InputError as `parseMetrics` does. */
export function readMetrics(file: string): MetricsLine[] {
  return parseMetrics(readText(file), file);
}

/** The lines of a run's metrics after a crash, none where there is no file yet. The last line may be cut short. */
export function metricsSoFar(file: string): MetricsLine[] {
  return existsSync(file) ? parseMetrics(readText(file), file, { cutShort: true }) : [];
}
