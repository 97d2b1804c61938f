import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "../error.ts";
import { loadWeights, readJson } from "../train/checkpoint.ts";
import { parseConfig, type Config } from "../train/config.ts";
import type { ParameterName } from "../train/parameters.ts";
import type { MetricsLine } from "../train/run.ts";

/** golden/models: a folder for each trained network, and manifest.json with the SHA-256 of every file. */
export const GOLDEN_MODELS = fileURLToPath(new URL("../../golden/models", import.meta.url));

/** A trained network as it is kept: what it was trained with, its weights (flat, row by row), and the course of its losses. */
export interface GoldenModel {
  name: string;
  config: Config;
  parameters: Record<ParameterName, Float32Array>;
  metrics: MetricsLine[];
}

/** The names of the models in a folder, sorted. */
export function modelNames(root = GOLDEN_MODELS): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, entry.name, "config.json")))
    .map((entry) => entry.name)
    .sort();
}

/** One model. Throws an InputError that names the file and what is wrong with it. */
export function loadModel(name: string, root = GOLDEN_MODELS): GoldenModel {
  const folder = join(root, name);
  if (!existsSync(join(folder, "config.json")))
    throw new InputError(`there is no golden model "${name}"; expected one of ${modelNames(root).join(", ")}`);
  const config = parseConfig(readJson(join(folder, "config.json")), join(folder, "config.json"));
  const lines = readFileSync(join(folder, "metrics.jsonl"), "utf8").trim().split("\n");
  const metrics = lines.filter((line) => line !== "").map((line) => JSON.parse(line) as MetricsLine);
  return { name, config, parameters: loadWeights(folder, config), metrics };
}

/** The SHA-256 of a file, in hex. */
export function checksum(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}
