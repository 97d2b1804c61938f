import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../../src/io/error.ts";
import { parseJson } from "../../src/io/json.ts";

describe("JSON", () => {
  // Kills: a reader that differs from JSON.parse on what is plain JSON.
  test("what JSON.stringify writes is read as JSON.parse reads it", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(0, 1, "\t"), (text, indent) => {
        const pretty = JSON.stringify(JSON.parse(text), null, indent);
        expect(parseJson(pretty, "file")).toEqual(JSON.parse(text));
      }),
    );
  });

  // Kills: the last of two equal keys that is kept in silence, colons or quotes within texts that are taken for keys, a stack that ends,
  // infinite numbers, and text that is small but fills memory.
  test.each([
    ['{"a":1,"a":2}', 'the key "a" stands twice'],
    ['[{"b":{"a":1,\n "a" \n\t               : 2}}]', 'the key "a" stands twice'],
    ["[".repeat(65) + "]".repeat(65), "nested more than 64 levels deep"],
    ['{"a":'.repeat(20_000), "nested more than 64 levels deep"],
    ["[1e999]", "too large for float64"],
    ['{"a":-1E+400}', "too large for float64"],
    [`[${"9".repeat(400)}]`, "too large for float64"],
    [`[${"{},".repeat(500_000)}{}]`, "next to nothing in them"],
    [`{${Array.from({ length: 10_001 }, (_, i) => `"${i}":0`).join()}}`, "more than 10000 keys"],
    ["{", "expected JSON"],
    ['{"a', "expected JSON"],
    ['"\\', "expected JSON"],
    ["", "expected JSON"],
  ])("%.40s is refused", (text, says) => {
    expect(() => parseJson(text, "file")).toThrow(InputError);
    expect(() => parseJson(text, "file")).toThrow(says);
  });

  test.each([
    '{"a":{"a":1},"b":[{"a":2},{"a":3}]}',
    '{"a":"\\"a\\":1","b":"{[\\\\"}',
    `${"[".repeat(64)}${"]".repeat(64)}`,
    "[1e308,1e-999]",
  ])("%.40s is read", (text) => {
    expect(parseJson(text, "file")).toEqual(JSON.parse(text));
  });
});
