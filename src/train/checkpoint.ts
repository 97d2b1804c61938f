import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { InputError } from "../io/error.ts";
import { parsedAs } from "../io/expectation.ts";
import { isPartial, readBytes, writeFolderAtomically } from "../io/files.ts";
import { readJson } from "../io/json.ts";
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from "../io/safetensors.ts";
import { parseConfig, type Config } from "./config.ts";
import { WEIGHTS_FILE } from "./network-folder.ts";
import { assertFinite, parameterShapes, perParameter, type ParameterName } from "./parameters.ts";
import { attemptSeed, rejectedAttemptSchema, stepsOf, type AttemptsState } from "./restarts.ts";
import { NonFiniteError } from "./training.ts";

/** Checkpoints kept in a run's folder. */
const KEEP = 2;
const CHECKPOINTS = "checkpoints";
const OPTIMISER = "optimiser.safetensors";
const STATE = "state.json";

/** Sums of metrics since the last line written, so that a resumed run writes the same lines. */
export type MetricsWindow = Record<string, number>;

interface Checkpoint {
  config: Config;
  attempts: AttemptsState;
  window: MetricsWindow;
}

/** Flat values of every parameter, or of a moment of every parameter. */
type Values = Record<ParameterName, Float32Array>;

const int32 = z
  .int()
  .min(-(2 ** 31))
  .max(2 ** 31 - 1);

const stateSchema = z.strictObject({
  step: z.int().min(0),
  random: z
    .array(int32)
    .length(4)
    .refine(
      (words) => words.some((word) => word !== 0),
      "words that are not all zero: a generator never leaves that state",
    ),
  plateau: z.strictObject({ factor: z.number().positive(), best: z.number().nullable(), waited: z.int().min(0) }),
  rejectedAttempts: z.array(rejectedAttemptSchema),
  criterionSums: z.array(z.number()),
  window: z.record(z.string(), z.number()),
  config: z.unknown(),
});

/**
 * Writes checkpoints/step-<n> in a run's folder, whole or not at all, and removes all but the newest two. The number is that of the
 * steps of all attempts together. Throws a NonFiniteError, and writes nothing, if a parameter or a moment is not finite.
 */
export function saveCheckpoint(folder: string, { config, attempts, window }: Checkpoint): void {
  const { rejectedAttempts, criterionSums, training } = attempts;
  const { step, random, plateau, parameters, first, second } = training;
  const total = stepsOf(rejectedAttempts) + step;
  const tensors = { ...stored(first, "first.", config), ...stored(second, "second.", config) };
  const metadata = { step: String(total) };
  writeFolderAtomically(join(folder, CHECKPOINTS, `step-${String(total).padStart(9, "0")}`), {
    [WEIGHTS_FILE]: encodeSafetensors(stored(parameters, "", config), { format: "sic-weights", ...metadata }),
    [OPTIMISER]: encodeSafetensors(tensors, { format: "sic-optimiser", ...metadata }),
    [STATE]: `${JSON.stringify({ step, random, plateau, rejectedAttempts, criterionSums, window, config }, null, 1)}\n`,
  });
  for (const old of checkpointFolders(folder).slice(0, -KEEP)) rmSync(old, { recursive: true });
}

function stored(values: Values, prefix: string, { units, hidden }: Config): Record<string, StoredTensor> {
  const shapes = parameterShapes(units, hidden);
  return Object.fromEntries(
    (Object.keys(shapes) as ParameterName[]).map((name) => {
      try {
        assertFinite(prefix + name, values[name]);
      } catch (error) {
        throw new NonFiniteError((error as Error).message);
      }
      return [prefix + name, { shape: shapes[name], values: values[name] }];
    }),
  );
}

/**
 * The newest checkpoint of a run's folder that can be read. If a newer one cannot, `say` gets a line about it.
 * Throws an InputError that names the file and what is wrong with it if none can be read, or if there is none.
 */
export function loadCheckpoint(folder: string, say = warn): Checkpoint {
  const folders = checkpointFolders(folder).reverse();
  if (folders.length === 0)
    throw new InputError(`${folder} holds no checkpoint; expected the --out folder of a training`);
  const problems: InputError[] = [];
  for (const checkpoint of folders) {
    try {
      const loaded = load(checkpoint);
      for (const { message } of problems) say(`warning: ${message}; the checkpoint before it is taken: ${checkpoint}`);
      return loaded;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(error);
    }
  }
  throw problems[0]!;
}

/** Tells of something that was mended on the way. */
export function warn(line: string): void {
  process.stderr.write(`${line}\n`);
}

function load(checkpoint: string): Checkpoint {
  const file = join(checkpoint, STATE);
  const state = parsedAs(stateSchema, readJson(file), file, "the state of a checkpoint");
  const { step, random, plateau, rejectedAttempts, criterionSums, window } = state;
  const config = parseConfig(state.config, file);
  const wrong = (what: string, expected: string): InputError =>
    new InputError(`${file}: ${what}; expected ${expected}`);
  if (criterionSums.length !== config.acceptanceCriteria.length)
    throw wrong(
      `criterionSums is [${criterionSums.join(", ")}]`,
      `a number for each of the config's ${config.acceptanceCriteria.length} acceptance criteria`,
    );
  if (step > config.steps) throw wrong(`step is ${step}`, `at most ${config.steps}, the config's steps`);
  if (rejectedAttempts.length >= config.attempts)
    throw wrong(
      `there are ${rejectedAttempts.length} rejected attempts`,
      `fewer than ${config.attempts}, all attempts`,
    );
  rejectedAttempts.forEach(({ seed, steps }, k) => {
    if (seed !== attemptSeed(config.seed, k) || steps > config.steps)
      throw wrong(
        `rejected attempt ${k} has seed ${seed} and ${steps} steps`,
        `seed ${attemptSeed(config.seed, k)} and at most ${config.steps} steps`,
      );
  });
  const total = stepsOf(rejectedAttempts) + step;
  if (stepIn(checkpoint) !== total)
    throw wrong(`the steps of all attempts are ${total}`, `those in the name of ${checkpoint}`);
  const weights = join(checkpoint, WEIGHTS_FILE);
  const optimiser = join(checkpoint, OPTIMISER);
  const training = {
    step,
    random,
    plateau,
    parameters: readTensors(weights, config, [""], total)[0]!,
    ...momentsOf(readTensors(optimiser, config, ["first.", "second."], total)),
  };
  return { config, attempts: { rejectedAttempts, criterionSums, training }, window };
}

function momentsOf([first, second]: Values[]): { first: Values; second: Values } {
  return { first: first!, second: second! };
}

/** The newest checkpoint's folder. Throws an InputError when there is none. */
export function newestCheckpoint(folder: string): string {
  const newest = checkpointFolders(folder).at(-1);
  if (newest === undefined)
    throw new InputError(`${folder} holds no checkpoint; expected the --out folder of a training`);
  return newest;
}

/** The parameters in a folder with a network, held against the config's shapes. */
export function loadWeights(folder: string, config: Config): Values {
  return readTensors(join(folder, WEIGHTS_FILE), config, [""])[0]!;
}

/** True when a folder holds a training's checkpoint. Without one it is no run, whatever else a crash has left in it. */
export function holdsRun(folder: string): boolean {
  return checkpointFolders(folder).length > 0;
}

/** Removes what a crash has left: checkpoints that were being written, and old ones that were to go. A step `taken` stays. */
export function tidyCheckpoints(folder: string, taken = Infinity): void {
  const parent = checkpointsOf(folder);
  for (const name of readdirSync(parent).filter(isPartial))
    rmSync(join(parent, name), { recursive: true, force: true });
  for (const old of checkpointFolders(folder).slice(0, -KEEP))
    if (stepIn(old) < taken) rmSync(old, { recursive: true });
}

/** The step in the name of a checkpoint's folder. */
function stepIn(checkpoint: string): number {
  return Number(basename(checkpoint).slice("step-".length));
}

/** Where the checkpoints of a run stand. */
export function checkpointsOf(folder: string): string {
  return join(folder, CHECKPOINTS);
}

function checkpointFolders(folder: string): string[] {
  const parent = checkpointsOf(folder);
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .filter((name) => /^step-\d+$/.test(name))
    .sort()
    .map((name) => join(parent, name));
}

/**
 * The parameters under each of some prefixes in a safetensors file. Throws an InputError unless the file holds exactly these, in the
 * config's shapes, finite, and of the step that is asked for.
 */
function readTensors(file: string, { units, hidden }: Config, prefixes: string[], step?: number): Values[] {
  const { tensors, metadata } = decodeSafetensors(readBytes(file), file);
  if (step !== undefined && metadata["step"] !== String(step))
    throw new InputError(`${file} is of step ${metadata["step"] ?? "unknown"}; expected step ${step}, as in ${STATE}`);
  const shapes = parameterShapes(units, hidden);
  const names = Object.keys(shapes);
  const unknown = Object.keys(tensors).find((key) => !prefixes.some((p) => names.some((name) => p + name === key)));
  if (unknown !== undefined)
    throw new InputError(
      `${file}: ${unknown} is not known; expected ${prefixes.map((p) => `${p}{${names.join(", ")}}`).join(" and ")}`,
    );
  return prefixes.map((prefix) =>
    perParameter((name) => {
      const tensor = Object.hasOwn(tensors, prefix + name) ? tensors[prefix + name] : undefined;
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
    }),
  );
}
