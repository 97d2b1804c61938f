import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { InputError } from "./error.ts";

/** Writes a file so that under its name there is always the whole old one or the whole new one. */
export function writeAtomically(file: string, content: string | Uint8Array): void {
  const partial = `${file}.partial`;
  writeDurably(partial, content);
  renameSync(partial, file);
}

/** Writes a folder of files so that under its name there is never a part of it; a folder already there is replaced. */
export function writeFolderAtomically(folder: string, files: Record<string, string | Uint8Array>): void {
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeDurably(join(partial, name), content);
  rmSync(folder, { recursive: true, force: true });
  renameSync(partial, folder);
}

function writeDurably(file: string, content: string | Uint8Array): void {
  const handle = openSync(file, "w");
  try {
    const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
    for (let written = 0; written < bytes.length;) written += writeSync(handle, bytes, written);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
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
