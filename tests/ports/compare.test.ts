import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compare } from "../../src/port/compare.ts";

// P7, P8: what counts as the same output.

const tolerance = { absolute: 0.01, relative: 0.1 };

test.each([
  // Mutants: each number scaled by itself, not by its field's largest; counts compared with a tolerance; only the first entry looked at.
  ["within the tolerance of its field's largest", { x: [100, 0] }, { x: [100, 10] }, "pass", /3|2 values/],
  [
    "beyond it",
    { x: [100, 0] },
    { x: [100, 10.02] },
    "off",
    /^x\[1\] is 10.02, expected 0 \(off by 10.0, allowed 10.0\)$/,
  ],
  ["the scale of another field does not count", { x: 0, y: 100 }, { x: 1, y: 100 }, "off", /^x is 1/],
  ["a count is exact", { count: 100 }, { count: 101 }, "off", /it must be equal/],
  [
    "the first of several is shown",
    { x: [1, 2, 3] },
    { x: [1, 4, 6] },
    "off",
    /^x\[1\] is 4.*; 2 values are wrong in all$/,
  ],
  ["too short", { x: [1, 2] }, { x: [1] }, "shape", /^x has 1 entries, expected 2/],
  ["too deep", { x: [1] }, { x: [[1]] }, "shape", /^x\[0\] is \[1\], expected the number 1/],
  ["missing", { x: 1 }, {}, "shape", /^x is missing/],
  ["missing inside", { p: { a: [1] } }, { p: {} }, "shape", /^p.a is missing/],
  ["null for a number", { x: 1 }, { x: null }, "not-finite", /^x is null/],
  ["a number for null", { x: [null] }, { x: [0] }, "off", /^x\[0\] is 0, expected null/],
  [
    "null for a number where others are null",
    { x: [null, 1] },
    { x: [null, null] },
    "off",
    /^x\[1\] is null, expected 1/,
  ],
  ["a lost NaN before a wrong number", { x: [1], y: [1] }, { x: [3], y: [null] }, "not-finite", /^y\[0\] is null/],
  ["null for null", { x: [null, 1] }, { x: [null, 1] }, "pass", /values agree/],
  ["more fields than asked for", { x: 1 }, { x: 1, y: NaN }, "pass", /1 values agree/],
] as const)("P8 %s", (_, expected, actual, kind, message) => {
  const found = compare(expected as never, actual, tolerance, ["count"]);
  expect(found.kind).toBe(kind);
  expect(found.message).toMatch(message);
});

test("P8 the error is reported as a share of what is allowed, and is over 1 just where the verdict is off", () => {
  // Mutant: the share taken of the relative part alone.
  fc.assert(
    fc.property(fc.integer({ min: -100, max: 100 }), fc.integer({ min: -100, max: 100 }), (x, y) => {
      const { kind, errorShare } = compare({ x }, { x: y }, tolerance);
      expect(errorShare).toBeCloseTo(Math.abs(x - y) / (0.01 + 0.1 * Math.abs(x)));
      expect(kind).toBe(errorShare > 1 ? "off" : "pass");
    }),
  );
});

test("P7 a number that is not finite is never right", () => {
  // Mutant: NaN compared with <=, which is false both ways.
  for (const x of [NaN, Infinity, -Infinity]) expect(compare({ x: 1 }, { x }, tolerance).kind).toBe("not-finite");
});
