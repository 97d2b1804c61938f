import {
  accessSync,
  appendFileSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { constants as limits } from "node:buffer";
import { dirname, join } from "node:path";
import { InputError } from "./error.ts";
import { parseJson } from "./json.ts";

/** What a file or folder is called while it is being written. A crash may leave it; whoever lists a folder passes it over. */
const PARTIAL = ".partial";

/** Whether a name is that of a file or folder that was being written. */
export function isPartial(name: string): boolean {
  return name.endsWith(PARTIAL);
}

/** Writes a file so that under its name there is always the whole old one or the whole new one. */
export function writeAtomically(file: string, content: string | Uint8Array): void {
  const partial = file + PARTIAL;
  writeDurably(partial, content);
  renameSync(partial, file);
  flush(dirname(file));
}

/**
 * Writes a folder of files so that under its name there is never a part of it. A folder already there is replaced. The folder above
 * must be there.
 */
export function writeFolderAtomically(folder: string, files: Record<string, string | Uint8Array>): void {
  const partial = folder + PARTIAL;
  const old = `${folder}.old${PARTIAL}`;
  for (const left of [partial, old]) rmSync(left, { recursive: true, force: true });
  mkdirSync(partial);
  for (const [name, content] of Object.entries(files)) writeDurably(join(partial, name), content);
  flush(partial);
  if (existsSync(folder)) renameSync(folder, old);
  renameSync(partial, folder);
  flush(dirname(folder));
  rmSync(old, { recursive: true, force: true });
}

/** Adds text to the end of a file. */
export function append(file: string, text: string): void {
  named(file, () => {
    appendFileSync(file, text);
  });
}

/** Sees to it that what was written to a file, or into a folder, is on the disk. */
export function flush(path: string): void {
  named(path, () => {
    const handle = openSync(path, "r");
    try {
      fsyncSync(handle);
    } catch (error) {
      if (!["EPERM", "EINVAL"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error; // folders, on some systems
    } finally {
      closeSync(handle);
    }
  });
}

/** The bytes of a file. Throws an InputError where it cannot be read. */
export function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new InputError(
      `${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? "error"}); expected a file`,
    );
  }
}

/** The text of a file. Throws an InputError where it cannot be read, or is too long for one. */
export function readText(file: string): string {
  const bytes = readBytes(file);
  try {
    return bytes.toString("utf8");
  } catch {
    throw new InputError(`${file} has ${bytes.length} bytes; expected at most ${limits.MAX_STRING_LENGTH}`);
  }
}

/** The value of a JSON file. Throws an InputError where it cannot be read, or breaks the rules of `parseJson`. */
export function readJson(file: string): unknown {
  return parseJson(readText(file), file);
}

function writeDurably(file: string, content: string | Uint8Array): void {
  named(file, () => {
    const handle = openSync(file, "w");
    try {
      const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
      for (let written = 0; written < bytes.length;) written += writeSync(handle, bytes, written);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  });
}

/** Does some work on a file; an error that does not name the file, as of a full disk, is given its name. */
function named(file: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw Object.assign(error as NodeJS.ErrnoException, { path: (error as NodeJS.ErrnoException).path ?? file });
  }
}

/** Makes a folder to write to, or throws an InputError that says why it cannot be. */
export function makeWritable(folder: string): void {
  try {
    makeFolder(folder);
    if (!statSync(folder).isDirectory()) throw Object.assign(new Error(), { code: "ENOTDIR" });
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new InputError(
      `${folder} cannot be written to (${(error as NodeJS.ErrnoException).code ?? "error"}); expected a folder that can`,
    );
  }
}

/** A folder with all above it. Node's own recursive mkdir never returns where a parent answers ENOENT, as /proc does. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error; // another process was faster
  }
}
