import type { Config } from "./config.ts";
import { parameterShapes, perParameter, type ParameterName } from "./parameters.ts";
import { encodeSafetensors } from "../io/safetensors.ts";

/** The files of a folder that holds a trained network: its config, its weights, a line of metrics for every `logEvery` steps. */
export const CONFIG_FILE = "config.json";
export const WEIGHTS_FILE = "weights.safetensors";
export const METRICS_FILE = "metrics.jsonl";

/** Those files' contents; weights are stored in float16. */
export function networkFiles(
  config: Config,
  parameters: Record<ParameterName, Float32Array>,
  metrics: readonly object[],
): Record<string, string | Uint8Array> {
  const shapes = parameterShapes(config.units, config.hidden);
  const tensors = perParameter((name) => ({ shape: shapes[name], values: parameters[name] }));
  return {
    [CONFIG_FILE]: configText(config),
    [WEIGHTS_FILE]: encodeSafetensors(tensors, { format: "sic-weights", step: String(config.steps) }, "F16"),
    [METRICS_FILE]: metrics.map((line) => `${JSON.stringify(line)}\n`).join(""),
  };
}

/** A config as it stands in a file. */
export function configText(config: Config): string {
  return `${JSON.stringify(config, null, 2)}\n`;
}
