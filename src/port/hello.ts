import { z } from "zod";
import { plain } from "./plain.ts";
import { precisionSchema } from "./tolerance.ts";

/** A text about the port itself, for people. */
const label = z
  .string()
  .min(1)
  .transform((text) => plain(text, 60));

/**
 * P3 Hello: what a port says about itself.
 * @spec P3
 */
export const helloSchema = z.object({
  protocol: z.literal(1),
  name: label,
  language: label,
  precision: precisionSchema,
  operations: z.array(label).min(1),
  /** The settings that the port cannot change. */
  fixed: z.record(z.string(), z.union([z.number(), z.string()], "expected a number or a word")).optional(),
  /** The version of the specification that the port was written to. */
  version: label.optional(),
});

/** P3 Hello. */
export type Hello = z.infer<typeof helloSchema>;
