import { mean as meanOf, std } from "mathjs";

/** The arithmetic mean; NaN of no numbers. */
export function mean(values: ArrayLike<number>): number {
  return values.length === 0 ? NaN : meanOf<number>(Array.from(values));
}

/** The standard deviation of a whole population (divided by the count, not by one less); NaN of no numbers. */
export function deviation(values: ArrayLike<number>): number {
  return values.length === 0 ? NaN : Number(std(Array.from(values), "uncorrected"));
}

/** The coefficient of variation: the standard deviation divided by the mean. */
export function variation(values: readonly number[]): number {
  return deviation(values) / mean(values);
}

/**
 * The smallest value of a sample that a given share of the sample lies at or below. NaN counts as the lowest value.
 * A share of 0.5 is the median; of an even number of values it is the lower one of the two in the middle.
 */
export function percentile(sample: readonly number[], share: number): number {
  const rank = (x: number): number => (Number.isNaN(x) ? -Infinity : x);
  const sorted = [...sample].sort((p, q) => rank(p) - rank(q));
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

/** The middle value of a sample, the lower one of two; NaN are left out. NaN of no numbers. */
export function median(sample: readonly number[]): number {
  return percentile(
    sample.filter((x) => !Number.isNaN(x)),
    0.5,
  );
}
