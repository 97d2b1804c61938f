import { mean as meanOf, std } from "mathjs";

/** The arithmetic mean. It is NaN if there are no numbers. */
export function mean(values: ArrayLike<number>): number {
  return values.length === 0 ? NaN : meanOf<number>(Array.from(values));
}

/**
 * The standard deviation of a whole population (divided by the count, not by one less). It is NaN if there are no
 * numbers.
 */
export function deviation(values: ArrayLike<number>): number {
  return values.length === 0 ? NaN : Number(std(Array.from(values), "uncorrected"));
}

/** The coefficient of variation: the standard deviation divided by the mean. */
export function variation(values: readonly number[]): number {
  return deviation(values) / mean(values);
}

/**
 * The smallest value of a sample such that the given share of the sample lies at or below it. NaN counts as the lowest
 * value. A share of 0.5 gives the median, which is the lower one of the two middle values if their number is even.
 */
export function percentile(sample: readonly number[], share: number): number {
  const rank = (x: number): number => (Number.isNaN(x) ? -Infinity : x);
  const sorted = [...sample].sort((p, q) => rank(p) - rank(q));
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

/**
 * The middle value of a sample, which is the lower one of two. NaN is left out. The result is NaN if there are no
 * numbers.
 */
export function median(sample: readonly number[]): number {
  return percentile(
    sample.filter((x) => !Number.isNaN(x)),
    0.5,
  );
}
