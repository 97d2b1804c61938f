import { z } from "zod";

/** P8 Tolerance, as it stands in a vector. */
export const toleranceSchema = z
  .strictObject({ relative: z.number().min(0).max(0.1), absolute: z.number().min(0) })
  .meta({
    id: "Tolerance",
    description:
      "A number x is right if |x - expected| <= absolute + relative times the largest magnitude in its field.",
  });

/** P8 Tolerance: a number may be off by `absolute` plus `relative` times the largest magnitude in its field. */
export type Tolerance = z.infer<typeof toleranceSchema>;

/** The precision in which a port computes. */
export const precisionSchema = z.enum(["float32", "float64"]);

/** The precision in which a port computes. */
export type Precision = z.infer<typeof precisionSchema>;
