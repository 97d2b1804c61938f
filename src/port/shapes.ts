import { z } from "zod";

/** The length of an axis: a letter if it varies from input to input, otherwise a number. */
type Length = string | number;

/** What a glossary says about a field's shape, beside its description. */
export interface FieldNotes {
  shape?: string;
  description?: string;
}

/** Nested lists of `entry`, one level for each length. The shape is kept for the glossary. */
function nested(entry: z.ZodType, lengths: Length[]): z.ZodType {
  const lists = lengths.reduceRight<z.ZodType>((inner, length) => {
    const list = z.array(inner);
    return typeof length === "number" ? list.length(length) : list;
  }, entry);
  return lists.meta({ shape: lengths.map((length) => `[${length}]`).join("") });
}

/** A list of T. */
type Listed<T> = z.ZodType<T[]>;

/** A list of real numbers. `matrix` is a list of such lists, and `tensor` a list of matrices. */
export const vector = (a: Length): Listed<number> => nested(z.number(), [a]) as Listed<number>;
export const matrix = (a: Length, b: Length): Listed<number[]> => nested(z.number(), [a, b]) as Listed<number[]>;
export const tensor = (a: Length, b: Length, c: Length): Listed<number[][]> =>
  nested(z.number(), [a, b, c]) as Listed<number[][]>;

/** A whole number. In an output it must be equal, whatever the precision (P8). */
export const whole = z.int();

/** A whole number that is at least 0, such as a count or an index. */
export const count = z.int().min(0);

/** A list of counts. `countTable` is a list of such lists. */
export const counts = (a: Length): Listed<number> => nested(count, [a]) as Listed<number>;
export const countTable = (a: Length, b: Length): Listed<number[]> => nested(count, [a, b]) as Listed<number[]>;

/** A number, or null where there is no value. In code NaN takes the place of null. */
type Nullable = number | null;

/** A grid of numbers or null, and a list of such grids. */
export const grid = (a: Length, b: Length): Listed<Nullable[]> =>
  nested(z.number().nullable(), [a, b]) as Listed<Nullable[]>;
export const grids = (a: Length, b: Length, c: Length): Listed<Nullable[][]> =>
  nested(z.number().nullable(), [a, b, c]) as Listed<Nullable[][]>;

/** Whether all numbers of a schema are whole numbers. */
export function isWhole(schema: z.core.$ZodType): boolean {
  if (schema instanceof z.ZodArray) return isWhole(schema.element);
  if (schema instanceof z.ZodNullable) return isWhole(schema.unwrap());
  return schema instanceof z.ZodNumberFormat;
}
