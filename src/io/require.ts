import { InputError } from "./error.ts";

/**
 * Throws an InputError unless `ok`.
 * @param field what the caller named it, as in "box"
 * @param expected what would have been right, as in "a positive number of metres"
 */
export function requireThat(ok: boolean, field: string, value: unknown, expected: string): asserts ok {
  if (!ok) throw new InputError(`${field} is ${inWords(value)}, expected ${expected}`);
}

/** A value as it stands in a message: text and numbers as they are, everything else as JSON, shortened. */
function inWords(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}

/** Throws an InputError unless `value` is a whole number of at least `least`. */
export function requireCount(field: string, value: number, least: number): void {
  requireThat(Number.isSafeInteger(value) && value >= least, field, value, `a whole number of at least ${least}`);
}

/** Throws an InputError unless `value` is a finite number above 0. */
export function requirePositive(field: string, value: number, unit: string): void {
  requireThat(Number.isFinite(value) && value > 0, field, value, `a positive number of ${unit}`);
}
