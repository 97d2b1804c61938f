import { z } from "zod";

const tolerance = z
  .strictObject({ relative: z.number().min(0).max(0.1), absolute: z.number().min(0) })
  .describe("a number x is right when |x - expected| <= absolute + relative times the largest magnitude in its field");

const perPrecision = <T extends z.ZodType>(entry: T) => z.strictObject({ float32: entry, float64: entry });

const vectorCase = z.strictObject({
  id: z
    .string()
    .regex(/^[a-zA-Z]+\/[a-z0-9-]+$/)
    .describe("operation and name, unique over all files"),
  requirements: z
    .array(z.string().regex(/^[DNLTM]\d+$/))
    .min(1)
    .describe("numbers of the requirements in spec/"),
  about: z.string().min(1).describe("what is special about the case"),
  input: z.record(z.string(), z.json()).describe("the operation's input"),
  expected: z.record(z.string(), z.json()).describe("the operation's output, by the float64 oracle"),
  exact: z.array(z.string()).describe("fields of `expected` that must be equal"),
  measured: perPrecision(z.number().min(0)).describe(
    "error of the rounding experiment, as a share of a field's magnitude",
  ),
  tolerance: perPrecision(tolerance),
});

/** A file of golden/vectors: all cases of one operation. */
export const vectorFileSchema = z
  .strictObject({
    $schema: z.literal("./schema.json"),
    operation: z.string(),
    cases: z.array(vectorCase).min(1),
  })
  .describe("Inputs of one operation of SIC and the outputs that belong to them");

/** A file of golden/vectors. */
export type VectorFile = z.infer<typeof vectorFileSchema>;

/** One case in such a file. */
export type VectorCase = VectorFile["cases"][number];

/** The JSON schema of such a file. */
export function jsonSchema(): object {
  return z.toJSONSchema(vectorFileSchema);
}
