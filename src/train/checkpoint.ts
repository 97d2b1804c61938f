import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../io/error.ts";
import { isPartial, readBytes, readText, writeFolderAtomically } from "../io/files.ts";
import { decodeCheckpoint, decodeWeights, encodeCheckpoint, stepIn, type Checkpoint } from "./checkpoint-files.ts";
import type { Config } from "./config.ts";
import { WEIGHTS_FILE } from "./network-folder.ts";
import type { ParameterName } from "./parameters.ts";

/** Checkpoints kept in a run's folder. */
const KEEP = 2;
const CHECKPOINTS = "checkpoints";

/**
 * Writes checkpoints/step-<n> in a run's folder, whole or not at all, and removes all but the newest two. The number is that of the
 * steps of all attempts together. Throws a NonFiniteError, and writes nothing, if a parameter or a moment is not finite.
 */
export function saveCheckpoint(folder: string, checkpoint: Checkpoint): void {
  const { name, files } = encodeCheckpoint(checkpoint);
  writeFolderAtomically(join(folder, CHECKPOINTS, name), files);
  for (const old of checkpointFolders(folder).slice(0, -KEEP)) rmSync(old, { recursive: true });
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
  return decodeCheckpoint(checkpoint, {
    bytes: (name) => readBytes(join(checkpoint, name)),
    text: (name) => readText(join(checkpoint, name)),
  });
}

/** The newest checkpoint's folder. Throws an InputError when there is none. */
export function newestCheckpoint(folder: string): string {
  const newest = checkpointFolders(folder).at(-1);
  if (newest === undefined)
    throw new InputError(`${folder} holds no checkpoint; expected the --out folder of a training`);
  return newest;
}

/** The parameters in a folder with a network, held against the config's shapes. */
export function loadWeights(folder: string, config: Config): Record<ParameterName, Float32Array> {
  const file = join(folder, WEIGHTS_FILE);
  return decodeWeights(readBytes(file), file, config);
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
