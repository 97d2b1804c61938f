import { z } from "zod";
import { InputError } from "../io/error.ts";
import { parsedAs } from "../io/expectation.ts";
import { parseJson } from "../io/json.ts";
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from "../io/safetensors.ts";
import { parseConfig, type Config } from "./config.ts";
import type { MetricsWindow } from "./metrics-record.ts";
import { WEIGHTS_FILE } from "./network-folder.ts";
import { assertFinite, parameterShapes, perParameter, type ParameterName } from "./parameters.ts";
import { attemptSeed, rejectedAttemptSchema, stepsOf, type AttemptsState } from "./restarts.ts";
import { NonFiniteError } from "./training.ts";

const OPTIMISER = "optimiser.safetensors";
const STATE = "state.json";

/** The files of a checkpoint's folder. */
export const CHECKPOINT_FILES = [WEIGHTS_FILE, OPTIMISER, STATE] as const;

/** What a run consists of between two steps. */
export interface Checkpoint {
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

/** A checkpoint's folder: its name, which has the steps of all attempts together, and its files. */
interface CheckpointFolder {
  name: string;
  files: Record<(typeof CHECKPOINT_FILES)[number], string | Uint8Array>;
}

/** A checkpoint as it is stored. Throws a NonFiniteError if a parameter or a moment is not finite. */
export function encodeCheckpoint({ config, attempts, window }: Checkpoint): CheckpointFolder {
  const { rejectedAttempts, criterionSums, training } = attempts;
  const { step, random, plateau, parameters, first, second } = training;
  const total = stepsOf(rejectedAttempts) + step;
  const tensors = { ...stored(first, "first.", config), ...stored(second, "second.", config) };
  const metadata = { step: String(total) };
  const state = { step, random, plateau, rejectedAttempts, criterionSums, window, config };
  return {
    name: `step-${String(total).padStart(9, "0")}`,
    files: {
      [WEIGHTS_FILE]: encodeSafetensors(stored(parameters, "", config), { format: "sic-weights", ...metadata }),
      [OPTIMISER]: encodeSafetensors(tensors, { format: "sic-optimiser", ...metadata }),
      [STATE]: `${JSON.stringify(state, null, 1)}\n`,
    },
  };
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

/** Reads a file of a folder, by its name in it. */
export interface FolderReader {
  bytes: (name: string) => Uint8Array;
  text: (name: string) => string;
}

/**
 * The checkpoint in a folder of that path.
 * Throws an InputError that names the file and what is wrong with it.
 */
export function decodeCheckpoint(folder: string, read: FolderReader): Checkpoint {
  const file = `${folder}/${STATE}`;
  const state = parsedAs(stateSchema, parseJson(read.text(STATE), file), file, "the state of a checkpoint");
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
  if (stepIn(folder) !== total) throw wrong(`the steps of all attempts are ${total}`, `those in the name of ${folder}`);
  const tensors = (name: string, prefixes: string[]): Values[] =>
    readTensors(read.bytes(name), `${folder}/${name}`, config, prefixes, total);
  const training = {
    step,
    random,
    plateau,
    parameters: tensors(WEIGHTS_FILE, [""])[0]!,
    ...momentsOf(tensors(OPTIMISER, ["first.", "second."])),
  };
  return { config, attempts: { rejectedAttempts, criterionSums, training }, window };
}

function momentsOf([first, second]: Values[]): { first: Values; second: Values } {
  return { first: first!, second: second! };
}

/** The step in the name of a checkpoint's folder. */
export function stepIn(checkpoint: string): number {
  return Number(/step-(\d+)$/.exec(checkpoint)?.[1] ?? NaN);
}

/** The parameters in a file of weights, held against the config's shapes. */
export function decodeWeights(bytes: Uint8Array, file: string, config: Config): Values {
  return readTensors(bytes, file, config, [""])[0]!;
}

/**
 * The parameters under each of some prefixes in a safetensors file. Throws an InputError unless the file holds exactly these, in the
 * config's shapes, finite, and of the step that is asked for.
 */
function readTensors(
  bytes: Uint8Array,
  file: string,
  { units, hidden }: Config,
  prefixes: string[],
  step?: number,
): Values[] {
  const { tensors, metadata } = decodeSafetensors(bytes, file);
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
