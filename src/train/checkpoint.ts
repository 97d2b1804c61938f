import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../io/error.ts";
import { parsedAs } from "../io/expectation.ts";
import { assertFinite, parameterShapes, perParameter, type ParameterName } from "./parameters.ts";
import { parseConfig, type Config } from "./config.ts";
import { writeFolderAtomically } from "../io/files.ts";
import { CONFIG_FILE, WEIGHTS_FILE } from "./network-folder.ts";
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from "../io/safetensors.ts";
import type { TrainingState } from "./training.ts";
import { rejectedAttemptSchema } from "./restarts.ts";

/** Checkpoints kept in a run's folder. */
const KEEP = 2;
const OPTIMISER = "optimiser.safetensors";
const STATE = "state.json";

/** Sums of metrics since the last line written, so that a resumed run writes the same lines. */
export type MetricsWindow = Record<string, number>;

export interface Checkpoint {
  config: Config;
  training: TrainingState;
  window: MetricsWindow;
}

const stateSchema = z.strictObject({
  step: z.int().min(0),
  random: z
    .array(z.int())
    .length(4)
    .refine(
      (words) => words.some((word) => word !== 0),
      "words that are not all zero: a generator never leaves that state",
    ),
  plateau: z.strictObject({ factor: z.number(), best: z.number().nullable(), waited: z.int() }),
  rejectedAttempts: z.array(rejectedAttemptSchema),
  sums: z.array(z.number()),
  window: z.record(z.string(), z.number()),
  config: z.unknown(),
});

/** Writes checkpoints/step-<n> in a run's folder, whole or not at all, and removes all but the newest two. */
export function saveCheckpoint(folder: string, { config, training, window }: Checkpoint): void {
  const { step, random, plateau, rejectedAttempts, sums, parameters, first, second } = training;
  const shapes = parameterShapes(config.units, config.hidden);
  const stored = (values: Record<ParameterName, Float32Array>, prefix: string): Record<string, StoredTensor> =>
    Object.fromEntries(
      Object.entries(values).map(([k, v]) => [prefix + k, { shape: shapes[k as ParameterName], values: v }]),
    );
  writeFolderAtomically(join(folder, "checkpoints", `step-${String(step).padStart(9, "0")}`), {
    [WEIGHTS_FILE]: encodeSafetensors(stored(parameters, ""), { format: "sic-weights", step: String(step) }),
    [OPTIMISER]: encodeSafetensors({ ...stored(first, "first."), ...stored(second, "second.") }),
    [STATE]: `${JSON.stringify({ step, random, plateau, rejectedAttempts, sums, window, config }, null, 1)}\n`,
  });
  for (const old of checkpointFolders(folder).slice(0, -KEEP)) rmSync(old, { recursive: true });
}

/** The newest checkpoint of a run's folder. Throws an InputError that names the file and what is wrong with it. */
export function loadCheckpoint(folder: string): Checkpoint {
  const newest = newestCheckpoint(folder);
  const file = join(newest, STATE);
  const state = parsedAs(stateSchema, readJson(file), file, "the state of a checkpoint");
  const { step, random, plateau, rejectedAttempts, sums, window } = state;
  const config = parseConfig(state.config, file);
  if (sums.length !== config.acceptanceCriteria.length)
    throw new InputError(
      `${file}: sums is [${sums.join(", ")}]; expected a number for each of the config's ${config.acceptanceCriteria.length} gates`,
    );
  const optimiser = join(newest, OPTIMISER);
  const moments = decodeSafetensors(readBytes(optimiser), optimiser).tensors;
  const training = {
    step,
    random,
    plateau,
    rejectedAttempts,
    sums,
    parameters: loadWeights(newest, config),
    first: pick(moments, "first.", config, optimiser),
    second: pick(moments, "second.", config, optimiser),
  };
  return { config, training, window };
}

/** The newest checkpoint's folder. Throws an InputError when there is none. */
export function newestCheckpoint(folder: string): string {
  const newest = checkpointFolders(folder).at(-1);
  if (newest === undefined)
    throw new InputError(`${folder} holds no checkpoint; expected the --out folder of a training`);
  return newest;
}

/** The parameters in a checkpoint's folder, held against the config's shapes. */
export function loadWeights(checkpoint: string, config: Config): Record<ParameterName, Float32Array> {
  return loadTensors(join(checkpoint, WEIGHTS_FILE), config);
}

function loadTensors(file: string, config: Config): Record<ParameterName, Float32Array> {
  return pick(decodeSafetensors(readBytes(file), file).tensors, "", config, file);
}

/** True when a training has left anything in the folder that a new one would overwrite. */
export function holdsRun(folder: string): boolean {
  return existsSync(join(folder, CONFIG_FILE)) || checkpointFolders(folder).length > 0;
}

function checkpointFolders(folder: string): string[] {
  const parent = join(folder, "checkpoints");
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .filter((name) => /^step-\d+$/.test(name))
    .sort()
    .map((name) => join(parent, name));
}

function pick(
  tensors: Record<string, StoredTensor>,
  prefix: string,
  config: Config,
  file: string,
): Record<ParameterName, Float32Array> {
  const shapes = parameterShapes(config.units, config.hidden);
  return perParameter((name) => {
    const tensor = tensors[prefix + name];
    const expected = `[${shapes[name].join(", ")}]`;
    if (!tensor) throw new InputError(`${file}: ${prefix}${name} is missing; expected shape ${expected}`);
    if (`[${tensor.shape.join(", ")}]` !== expected)
      throw new InputError(`${file}: ${prefix}${name} has shape [${tensor.shape.join(", ")}]; expected ${expected}`);
    try {
      assertFinite(prefix + name, tensor.values);
    } catch (error) {
      throw new InputError(`${file}: ${(error as Error).message}`);
    }
    return tensor.values;
  });
}

/** A file's JSON. Throws an InputError where it cannot be read or is none. */
export function readJson(file: string): unknown {
  const text = readBytes(file).toString("utf8");
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new InputError(`${file}: ${(error as Error).message}; expected JSON`);
  }
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new InputError(
      `${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? "error"}); expected a file`,
    );
  }
}
