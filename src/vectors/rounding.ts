/**
 * The rounding experiment behind the tolerances. The oracle answers repeatedly. Each time every real number of the
 * input is moved by at most half a unit in the last place, as if it had been rounded to the precision. The largest
 * change of the output is the measured error.
 */
import type { Precision } from "../port/tolerance.ts";
import { answer } from "./answers.ts";
import type { Case } from "./case.ts";
import { Draws } from "./draws.ts";

/** Half a unit in the last place, as a share of the number. */
const HALF_UNIT: Record<Precision, number> = { float32: 2 ** -24, float64: 2 ** -53 };

/** How many times each input is moved. */
const REPEATS = 8;

/**
 * The largest change of any output field, as a share of the field's largest magnitude. Changes of at most `negligible`
 * do not count. Numbers that float32 holds exactly are not moved. No implementation rounds them, and cases stand at
 * exactly sigma with them. Whole numbers are among them.
 */
export function measuredError(
  { operation, input }: Case,
  expected: object,
  precision: Precision,
  negligible: number,
): number {
  const draws = new Draws(1);
  let largest = 0;
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const moved = move(input, () => 1 + HALF_UNIT[precision] * (2 * draws.uniform() - 1)) as Case["input"];
    const found = answer(operation, moved) as Record<string, unknown>;
    for (const [field, value] of Object.entries(expected)) {
      const scale = Math.max(...numbers(value).map(Math.abs));
      const other = numbers(found[field]);
      numbers(value).forEach((number, k) => {
        const change = Math.abs(number - other[k]!);
        if (change > negligible) largest = Math.max(largest, change / scale);
      });
    }
  }
  return largest;
}

/** All numbers in a value, in order. */
export function numbers(value: unknown): number[] {
  if (typeof value === "number") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(numbers);
}

/** A copy of a value in which each real number that float32 would round is multiplied by `factor()`. */
function move(value: unknown, factor: () => number): unknown {
  if (typeof value === "number") return Math.fround(value) === value ? value : value * factor();
  if (Array.isArray(value)) return value.map((entry) => move(entry, factor));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([key, entry]) => [key, move(entry, factor)]));
}
