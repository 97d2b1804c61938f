import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { InputError } from "../io/error.ts";
import { parsedAs } from "../io/expectation.ts";
import { loadCheckpoint, loadWeights } from "../train/checkpoint.ts";
import { parseConfig, type Config } from "../train/config.ts";
import { isPartial, readBytes, readJson, writeAtomically, writeFolderAtomically } from "../io/files.ts";
import { CONFIG_FILE, METRICS_FILE, networkFiles, WEIGHTS_FILE } from "../train/network-folder.ts";
import type { ParameterName } from "../train/parameters.ts";
import type { MetricsLine } from "../train/metrics.ts";
import { readMetrics } from "../train/metrics-file.ts";
import { rejectedAttemptSchema, stepsOf, type RejectedAttempt } from "../train/restarts.ts";

/**
 * The folder of the golden models. It has a folder for each trained network, and a manifest with the SHA-256 of every
 * file in them.
 */
export const GOLDEN_MODELS = fileURLToPath(new URL("../../golden/models", import.meta.url));

const MANIFEST = "manifest.json";
const REJECTED_ATTEMPTS = "rejected-attempts.json";

/** A trained network as it is stored: its config, its weights (flat, row by row), and its losses during training. */
export interface GoldenModel {
  name: string;
  config: Config;
  parameters: Record<ParameterName, Float32Array>;
  metrics: MetricsLine[];
  /** The attempts that were rejected before this one (T8). */
  rejectedAttempts: readonly RejectedAttempt[];
}

/** SHA-256 in hex of each file, by model and file name. */
type Manifest = Record<string, Record<string, string>>;

const manifestSchema = z.record(z.string(), z.record(z.string(), z.string()));

/** The names of the models in a folder, sorted. */
export function modelNames(root = GOLDEN_MODELS): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, entry.name, CONFIG_FILE)))
    .map((entry) => entry.name)
    .filter((name) => !isPartial(name))
    .sort();
}

/**
 * Reads a model.
 * @throws InputError that names the file and what is wrong with it, or if there is no model of that name
 */
export function loadModel(name: string, root = GOLDEN_MODELS): GoldenModel {
  const folder = join(root, name);
  if (!modelNames(root).includes(name))
    throw new InputError(`there is no golden model "${name}"; expected one of ${modelNames(root).join(", ")}`);
  requireAsInManifest(folder);
  const config = readConfig(folder);
  return {
    name,
    config,
    parameters: loadWeights(folder, config),
    metrics: readMetrics(join(folder, METRICS_FILE)),
    rejectedAttempts: parsedAs(
      z.array(rejectedAttemptSchema),
      readJson(join(folder, REJECTED_ATTEMPTS)),
      join(folder, REJECTED_ATTEMPTS),
      "a list of rejected attempts",
    ),
  };
}

/**
 * Reads a trained network from a folder. This may be a golden model's, or that of a run, whose newest checkpoint is
 * read.
 */
export function loadNetwork(folder: string): Pick<GoldenModel, "config" | "parameters"> & { step: number } {
  if (existsSync(join(folder, WEIGHTS_FILE))) {
    requireAsInManifest(folder);
    const config = readConfig(folder);
    return { config, parameters: loadWeights(folder, config), step: config.steps };
  }
  const { config, attempts } = loadCheckpoint(folder);
  return { config, parameters: attempts.training.parameters, step: attempts.training.step };
}

/**
 * Stores a finished run as a golden model: its config, weights in float16, the metrics of the attempt that was kept,
 * and the attempts that were rejected before it. The checksums of these files go into the manifest.
 * @throws InputError if the run is not finished
 */
export function storeModel(name: string, run: string, root = GOLDEN_MODELS): void {
  const { config, attempts } = loadCheckpoint(run);
  const { rejectedAttempts, training } = attempts;
  const before = stepsOf(rejectedAttempts);
  if (training.step < config.steps)
    throw new InputError(`${run} is at step ${training.step} of ${config.steps}; expected a finished run`);
  const lines = readMetrics(join(run, METRICS_FILE)).filter((line) => line.step > before);
  mkdirSync(root, { recursive: true });
  writeFolderAtomically(join(root, name), {
    ...networkFiles(
      config,
      training.parameters,
      lines.map((line) => ({ ...line, step: line.step - before })),
    ),
    [REJECTED_ATTEMPTS]: `${JSON.stringify(rejectedAttempts, null, 1)}\n`,
  });
  const manifest = { ...readManifest(root), [name]: checksums(name, root) };
  const sorted = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeAtomically(join(root, MANIFEST), `${JSON.stringify(sorted, null, 2)}\n`);
}

/** The manifest of a folder of models. It is empty if there is none. */
export function readManifest(root = GOLDEN_MODELS): Manifest {
  const file = join(root, MANIFEST);
  return existsSync(file) ? parsedAs(manifestSchema, readJson(file), file, "a manifest of checksums") : {};
}

/** SHA-256 of the files of a model, as the manifest should have them. */
export function checksums(name: string, root = GOLDEN_MODELS): Record<string, string> {
  return Object.fromEntries(
    [CONFIG_FILE, WEIGHTS_FILE, METRICS_FILE, REJECTED_ATTEMPTS].map((file) => [
      file,
      createHash("sha256")
        .update(readBytes(join(root, name, file)))
        .digest("hex"),
    ]),
  );
}

/**
 * Requires that a model's files are those of the manifest beside it. Without a manifest nothing is compared.
 * @throws InputError for a file that is missing, changed, or not in the manifest
 */
function requireAsInManifest(folder: string): void {
  const [root, name] = [dirname(resolve(folder)), basename(resolve(folder))];
  if (!existsSync(join(root, MANIFEST))) return;
  const manifest = new Map(Object.entries(readManifest(root)));
  const [kept, found] = [manifest.get(name), checksums(name, root)];
  if (kept === undefined)
    throw new InputError(`${folder} is not in ${join(root, MANIFEST)}; expected a model that golden:train has stored`);
  for (const [file, sum] of Object.entries(found))
    if (kept[file] !== sum)
      throw new InputError(
        `${join(folder, file)} has SHA-256 ${sum}; expected ${kept[file] ?? "no such file"}, as in ${join(root, MANIFEST)}`,
      );
}

function readConfig(folder: string): Config {
  return parseConfig(readJson(join(folder, CONFIG_FILE)), join(folder, CONFIG_FILE));
}
