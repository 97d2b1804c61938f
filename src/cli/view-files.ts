import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import type { View, Views } from "../claims/study.ts";
import { writeAtomically } from "../io/files.ts";

/** Views as files of a folder, for processes that share them. */
export function viewFiles(folder: string): Views {
  const fileOf = (name: string): string => join(folder, `${encodeURIComponent(name)}.view`);
  return {
    read(name) {
      const file = fileOf(name);
      return existsSync(file) ? (deserialize(readFileSync(file)) as View) : undefined;
    },
    write(name, view) {
      writeAtomically(fileOf(name), serialize(view));
    },
  };
}
