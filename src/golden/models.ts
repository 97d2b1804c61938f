import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { InputError } from "../error.ts";
import { loadCheckpoint, loadWeights, readJson } from "../train/checkpoint.ts";
import { parseConfig, type Config } from "../train/config.ts";
import { writeAtomically, writeFolderAtomically } from "../train/files.ts";
import { parameterShapes, perParameter, type ParameterName } from "../train/parameters.ts";
import type { MetricsLine } from "../train/run.ts";
import { encodeSafetensors } from "../train/safetensors.ts";

/** golden/models: a folder for each trained network, and a manifest with the SHA-256 of every file in it. */
export const GOLDEN_MODELS = fileURLToPath(new URL("../../golden/models", import.meta.url));

const MANIFEST = "manifest.json";
const CONFIG = "config.json";
const WEIGHTS = "weights.safetensors";
const METRICS = "metrics.jsonl";

/** A trained network as it is kept: what it was trained with, its weights (flat, row by row), and the course of its losses. */
export interface GoldenModel {
  name: string;
  config: Config;
  parameters: Record<ParameterName, Float32Array>;
  metrics: MetricsLine[];
}

/** SHA-256 in hex of each file, by model and file name. */
type Manifest = Record<string, Record<string, string>>;

const manifestSchema = z.record(z.string(), z.record(z.string(), z.string()));

/** The names of the models in a folder, sorted. */
export function modelNames(root = GOLDEN_MODELS): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, entry.name, CONFIG)))
    .map((entry) => entry.name)
    .sort();
}

/** One model. Throws an InputError that names the file and what is wrong with it. */
export function loadModel(name: string, root = GOLDEN_MODELS): GoldenModel {
  const folder = join(root, name);
  if (!existsSync(join(folder, CONFIG)))
    throw new InputError(`there is no golden model "${name}"; expected one of ${modelNames(root).join(", ")}`);
  const config = parseConfig(readJson(join(folder, CONFIG)), join(folder, CONFIG));
  return { name, config, parameters: loadWeights(folder, config), metrics: readMetrics(join(folder, METRICS)) };
}

/** A trained network in a folder of any kind: a golden model's, or the newest checkpoint of a run's. */
export function loadNetwork(folder: string): Pick<GoldenModel, "config" | "parameters"> & { step: number } {
  if (existsSync(join(folder, WEIGHTS))) {
    const { config, parameters } = loadModel(basename(folder), dirname(folder));
    return { config, parameters, step: config.steps };
  }
  const { config, training } = loadCheckpoint(folder);
  return { config, parameters: training.parameters, step: training.step };
}

/**
 * Keeps a finished run as a golden model: its config, its weights in float16, its metrics, and their checksums in the manifest.
 * Throws an InputError when the run has steps to go.
 */
export function storeModel(name: string, run: string, root = GOLDEN_MODELS): void {
  const { config, training } = loadCheckpoint(run);
  if (training.step < config.steps)
    throw new InputError(`${run} is at step ${training.step}; expected a run that is done, at ${config.steps}`);
  const shapes = parameterShapes(config.units, config.hidden);
  const tensors = perParameter((key) => ({ shape: shapes[key], values: training.parameters[key] }));
  mkdirSync(root, { recursive: true });
  writeFolderAtomically(join(root, name), {
    [CONFIG]: `${JSON.stringify(config, null, 2)}\n`,
    [WEIGHTS]: encodeSafetensors(tensors, { format: "sic-weights", step: String(training.step) }, "F16"),
    [METRICS]: readFileSync(join(run, METRICS)),
  });
  const manifest = { ...readManifest(root), [name]: checksums(name, root) };
  const sorted = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeAtomically(join(root, MANIFEST), `${JSON.stringify(sorted, null, 2)}\n`);
}

/** The manifest of a folder of models; empty where there is none. */
export function readManifest(root = GOLDEN_MODELS): Manifest {
  const file = join(root, MANIFEST);
  return existsSync(file) ? manifestSchema.parse(readJson(file)) : {};
}

/** SHA-256 of the files of a model, as the manifest should have them. */
export function checksums(name: string, root = GOLDEN_MODELS): Record<string, string> {
  return Object.fromEntries(
    [CONFIG, WEIGHTS, METRICS].map((file) => [
      file,
      createHash("sha256")
        .update(readFileSync(join(root, name, file)))
        .digest("hex"),
    ]),
  );
}

function readMetrics(file: string): MetricsLine[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as MetricsLine);
}
