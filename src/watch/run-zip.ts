import { unzipSync, zipSync } from "fflate";
import { InputError } from "../io/error.ts";
import type { RunFiles } from "./session.ts";

/** Files that an archive may have, and bytes that they may take together when they are unpacked. */
const MOST_FILES = 1000;
const MOST_BYTES = 2 ** 28;

/** All files have this date, the earliest that an archive can hold, so that the same run makes the same bytes. */
const DATE = "1980-01-01T00:00:00";

/** A run's folder as a zip archive, in a folder of that name. Weights do not shrink, so that nothing is compressed. */
export function zipRun(name: string, files: RunFiles): Uint8Array {
  const entries = [...files].map(([path, bytes]): [string, Uint8Array] => [`${name}/${path}`, bytes]);
  return zipSync(Object.fromEntries(entries), { level: 0, mtime: DATE });
}

/** The files of a zip archive. Throws an InputError where it is none, or would take more memory than a run needs. */
export function unzipRun(bytes: Uint8Array, from: string): RunFiles {
  let [count, size] = [0, 0];
  try {
    const files = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (name.endsWith("/")) return false;
        requireModest(++count, (size += originalSize), from);
        return true;
      },
    });
    return new Map(Object.entries(files));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${from} is not a whole zip archive (${(error as Error).message}); expected a saved run`);
  }
}

/** Throws an InputError for more files or bytes than a run has. */
export function requireModest(count: number, size: number, from: string): void {
  if (count > MOST_FILES) throw new InputError(`${from} has more than ${MOST_FILES} files; expected a run's folder`);
  if (size > MOST_BYTES)
    throw new InputError(
      `${from} holds more than ${MOST_BYTES} bytes; expected a run whose files are smaller together`,
    );
}
