import { brief } from "./plain.ts";
import type { Tolerance } from "./tolerance.ts";
import type { Verdict } from "./verdict.ts";

/** Any value of JSON. */
export type Json = null | boolean | number | string | Json[] | { [field: string]: Json };

/** A JSON object. */
export type JsonObject = Record<string, Json>;

/** The verdict of a comparison, and the largest error found as a share of what is allowed (1 = just tolerated). */
export interface Comparison extends Verdict {
  errorShare: number;
}

/** One place where the port's output differs from what was expected. */
interface Difference extends Verdict {
  kind: "off" | "shape" | "not-finite";
}

/**
 * P7, P8: compares a port's output with the expected one, field by field. Fields that are not expected are ignored.
 * @param exact names of the fields that must be equal (counts)
 * @returns `pass`, or the kind of the first difference with one line for people: its path, both values and the error. A
 * wrong shape and a number that is not finite come before a wrong number.
 * @spec P7 P8
 */
export function compare(expected: JsonObject, actual: unknown, tolerance: Tolerance, exact: string[] = []): Comparison {
  if (typeof actual !== "object" || actual === null || Array.isArray(actual)) {
    return { kind: "shape", message: `output is ${brief(actual)}, expected an object`, errorShare: Infinity };
  }
  const walk = new Walk();
  for (const [field, value] of Object.entries(expected)) {
    const allowed = exact.includes(field) ? 0 : tolerance.absolute + tolerance.relative * largestMagnitude(value);
    walk.mayBeNull = hasNull(value);
    walk.isExact = exact.includes(field);
    walk.visit(field, value, (actual as Record<string, unknown>)[field], allowed);
  }
  return walk.result();
}

/** The largest |x| among the finite numbers in a value. */
export function largestMagnitude(value: Json): number {
  if (typeof value === "number") return Math.abs(value);
  if (value === null || typeof value !== "object") return 0;
  return Object.values(value).reduce<number>((largest, entry) => Math.max(largest, largestMagnitude(entry)), 0);
}

/** Whether a value has null anywhere. If so, null is a possible answer in this field. */
function hasNull(value: Json): boolean {
  return value === null || (typeof value === "object" && Object.values(value).some(hasNull));
}

/** Collects the differences of one comparison. */
class Walk {
  /**
   * P7: whether the visited field has null somewhere. If so, null in place of a number is a wrong answer and not a lost
   * NaN.
   */
  mayBeNull = false;
  /**
   * Whether the visited field holds whole numbers. Such a list may have a wrong length without having a wrong shape, as
   * modules do.
   */
  isExact = false;
  private first: Difference | undefined;
  private wrong = 0;
  private compared = 0;
  private errorShare = 0;

  visit(path: string, expected: Json, actual: unknown, allowed: number): void {
    if (actual === undefined) this.differ("shape", `${path} is missing`);
    else if (typeof expected === "number") this.visitNumber(path, expected, actual, allowed);
    else if (expected === null && typeof actual === "number" && Number.isFinite(actual)) {
      this.differ("off", `${path} is ${actual}, expected null`);
    } else if (expected === null || typeof expected !== "object") {
      if (actual !== expected) this.differ("shape", `${path} is ${brief(actual)}, expected ${brief(expected)}`);
    } else if (Array.isArray(expected)) this.visitArray(path, expected, actual, allowed);
    else if (typeof actual !== "object" || actual === null || Array.isArray(actual)) {
      this.differ("shape", `${path} is ${brief(actual)}, expected an object`);
    } else {
      for (const [field, value] of Object.entries(expected)) {
        this.visit(`${path}.${field}`, value, (actual as Record<string, unknown>)[field], allowed);
      }
    }
  }

  result(): Comparison {
    const { first, errorShare } = this;
    if (!first) return { kind: "pass", message: `${this.compared} values agree`, errorShare };
    const others = this.wrong > 1 ? `; ${this.wrong} values are wrong in all` : "";
    return { ...first, message: first.message + others, errorShare };
  }

  private visitArray(path: string, expected: Json[], actual: unknown, allowed: number): void {
    if (!Array.isArray(actual)) {
      this.differ("shape", `${path} is ${brief(actual)}, expected a list of ${expected.length}`);
    } else if (actual.length !== expected.length) {
      const kind = this.isExact ? "off" : "shape";
      this.differ(kind, `${path} has ${actual.length} entries, expected ${expected.length}`);
    } else
      expected.forEach((value, k) => {
        this.visit(`${path}[${k}]`, value, actual[k], allowed);
      });
  }

  private visitNumber(path: string, expected: number, actual: unknown, allowed: number): void {
    if (actual === null && this.mayBeNull) {
      this.differ("off", `${path} is null, expected ${expected}`);
    } else if (actual === null) {
      this.differ("not-finite", `${path} is null, expected ${expected} (some JSON writers turn NaN into null)`);
    } else if (typeof actual !== "number") {
      this.differ("shape", `${path} is ${brief(actual)}, expected the number ${expected}`);
    } else if (!Number.isFinite(actual)) {
      this.differ("not-finite", `${path} is ${actual}, expected ${expected}`);
    } else {
      this.compared += 1;
      const error = Math.abs(actual - expected);
      const share = error === 0 ? 0 : error / allowed;
      this.errorShare = Math.max(this.errorShare, share);
      if (share <= 1) return;
      const limit =
        allowed === 0 ? "it must be equal" : `off by ${error.toPrecision(3)}, allowed ${allowed.toPrecision(3)}`;
      this.differ("off", `${path} is ${actual}, expected ${expected} (${limit})`);
    }
  }

  private differ(kind: Difference["kind"], message: string): void {
    this.wrong += 1;
    if (this.first === undefined || (this.first.kind === "off" && kind !== "off")) this.first = { kind, message };
    if (kind !== "off") this.errorShare = Infinity;
  }
}
