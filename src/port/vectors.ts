import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { InputError } from "../io/error.ts";
import { parsedAs } from "../io/expectation.ts";
import { makeWritable, readJson, writeAtomically } from "../io/files.ts";
import type { JsonObject } from "./compare.ts";
import { operationNames, operations } from "./operations.ts";
import type { OperationName } from "./operations.ts";
import { toleranceSchema } from "./tolerance.ts";
import type { Precision, Tolerance } from "./tolerance.ts";
import { specVersion } from "./version.ts";

/** Where the golden vectors stand. */
export const goldenVectors = fileURLToPath(new URL("../../golden/vectors/", import.meta.url));

const perPrecision = <T extends z.ZodType>(entry: T) => z.strictObject({ float32: entry, float64: entry });

const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), z.json());

/** What a file of vectors contains. Input and output are those of the operation, as P4 declares them. */
function fileSchema<Name extends z.ZodType<OperationName>, Input extends z.ZodType, Output extends z.ZodType>(
  operation: Name,
  input: Input,
  output: Output,
) {
  const vector = z.strictObject({
    id: z
      .string()
      .regex(/^[a-zA-Z]+\/[a-z0-9-]+$/)
      .describe("operation and name, which no other case has"),
    requirements: z.array(z.string()).min(1).describe("the requirements in spec/ that the case holds a port to"),
    about: z.string().min(1).describe("what is special about the case, in a few words"),
    input: input.describe("the operation's input"),
    expected: output.describe("the operation's output, by the float64 oracle"),
    exact: z.array(z.string()).describe("the fields of `expected` that must be equal"),
    measured: perPrecision(z.number().min(0))
      .optional()
      .describe(
        "the largest error in the rounding experiment, as a share of a field's largest magnitude; saved cases leave it out",
      ),
    tolerance: perPrecision(toleranceSchema),
  });
  return z.strictObject({
    $schema: z.string().optional(),
    version: z.string().optional().describe("the version of the specification that the vectors belong to"),
    operation: operation.describe("the operation that all cases ask for"),
    cases: z.array(vector).min(1),
  });
}

const vectorFileSchema = fileSchema(z.enum(operationNames), jsonObject, jsonObject);

/** The vectors of one operation. */
export type VectorFile = z.infer<typeof vectorFileSchema>;

/** One input with its output. golden/vectors/README.md explains the fields. */
export type Vector = VectorFile["cases"][number];

/** The JSON schema of an operation's file of vectors. */
export function jsonSchemaOf(operation: OperationName): object {
  const { input, output, says } = operations[operation];
  return z.toJSONSchema(
    fileSchema(z.literal(operation), input, output).describe(`Vectors of \`${operation}\`. ${says}`),
  );
}

/**
 * Reads a file of vectors and checks every field.
 * @throws an InputError naming the file and the field that is not as the operation declares it
 */
export function readVectorFile(file: string): VectorFile {
  const json = readJson(file);
  const { operation } = parsedAs(vectorFileSchema, json, file, "a file of vectors");
  const { input, output } = operations[operation];
  return parsedAs(fileSchema(z.literal(operation), input, output), json, file, "a file of vectors");
}

/**
 * Reads the files of vectors in a folder (all its .json files), ordered by name.
 * @throws an InputError naming the folder, or the file and the field that is not as its operation declares it
 */
export function loadVectors(folder: string = goldenVectors): VectorFile[] {
  return namesIn(folder).map((name) => readVectorFile(join(folder, name)));
}

function namesIn(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
    if (names.length > 0) return names.sort();
  } catch {
    // said below, for both
  }
  throw new InputError(`${folder} holds no vectors; expected a folder with at least one .json file`);
}

/** Writes vectors of one operation to a file, and makes its folder if necessary. */
export function saveVectors(path: string, operation: OperationName, cases: Vector[]): void {
  makeWritable(dirname(path));
  const file: VectorFile = { version: specVersion, operation, cases };
  writeAtomically(path, `${JSON.stringify(file, null, 2)}\n`);
}

/**
 * P8: the smallest absolute tolerance of a fresh case, for a number that is the small remainder of terms of order one
 * to ten.
 */
const leastAbsolute: Record<Precision, number> = { float32: 1e-5, float64: 1e-13 };

/**
 * P8: the tolerance of an operation's fresh cases, which is the widest among its vectors, for each precision.
 * @spec P8
 */
export function freshTolerance(cases: Vector[]): Record<Precision, Tolerance> {
  const widest = (precision: Precision): Tolerance => ({
    absolute: Math.max(leastAbsolute[precision], ...cases.map((vector) => vector.tolerance[precision].absolute)),
    relative: Math.max(...cases.map((vector) => vector.tolerance[precision].relative)),
  });
  return { float32: widest("float32"), float64: widest("float64") };
}
