import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { InputError } from "../io/error.ts";
import { parsedAs } from "../io/expectation.ts";
import { readJson } from "../io/json.ts";
import { makeWritable, writeAtomically } from "../io/files.ts";
import type { Json, JsonObject, Tolerance } from "./compare.ts";
import type { Hello } from "./process.ts";

/** Where the golden vectors stand. */
export const goldenVectors = fileURLToPath(new URL("../../golden/vectors/", import.meta.url));

const json: z.ZodType<Json> = z.json();
const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), json);
const tolerance = z.object({ absolute: z.number(), relative: z.number() });

const vectorSchema = z.object({
  id: z.string(),
  requirements: z.array(z.string()).min(1),
  about: z.string(),
  input: jsonObject,
  expected: jsonObject,
  exact: z.array(z.string()),
  tolerance: z.object({ float32: tolerance, float64: tolerance }),
});

const vectorFileSchema = z.object({ operation: z.string(), cases: z.array(vectorSchema).min(1) });

/** One input with the output that belongs to it; golden/vectors/README.md explains the fields. */
export type Vector = z.infer<typeof vectorSchema>;

/** The vectors of one operation. */
export type VectorFile = z.infer<typeof vectorFileSchema>;

/**
 * The vector files of a folder (all .json files but schema.json), by name.
 * @throws an InputError naming the folder, or the file and the field that is not as the vectors' schema asks
 */
export function loadVectors(folder: string = goldenVectors): VectorFile[] {
  return namesIn(folder).map((name) => {
    const file = join(folder, name);
    return parsedAs(vectorFileSchema, readJson(file), file, "a file of vectors");
  });
}

function namesIn(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith(".json") && name !== "schema.json");
    if (names.length > 0) return names.sort();
  } catch {
    // said below, for both
  }
  throw new InputError(`${folder} holds no vectors; expected a folder with a .json file or more`);
}

/** Writes a file of vectors, with its folder if need be. */
export function saveVectors(path: string, file: VectorFile): void {
  makeWritable(dirname(path));
  writeAtomically(path, `${JSON.stringify(file, null, 2)}\n`);
}

/** P8: what a number may be off that cancels to nothing from terms of order one to ten; no fresh case is held closer. */
const leastAbsolute: Record<Hello["precision"], number> = { float32: 1e-5, float64: 1e-13 };

/**
 * P8: the tolerance of an operation's fresh cases: the widest among its vectors, for each precision.
 * @spec P8
 */
export function freshTolerance(cases: Vector[]): Record<Hello["precision"], Tolerance> {
  const widest = (precision: Hello["precision"]): Tolerance => ({
    absolute: Math.max(leastAbsolute[precision], ...cases.map((vector) => vector.tolerance[precision].absolute)),
    relative: Math.max(...cases.map((vector) => vector.tolerance[precision].relative)),
  });
  return { float32: widest("float32"), float64: widest("float64") };
}
