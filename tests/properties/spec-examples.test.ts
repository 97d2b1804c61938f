import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { answer } from "../../src/vectors/answers.ts";
import { numbers } from "../../src/vectors/rounding.ts";
import type { Case } from "../../src/vectors/case.ts";

const folder = fileURLToPath(new URL("../../spec/", import.meta.url));
const exampleSchema = z.strictObject({
  operation: z.string(),
  input: z.record(z.string(), z.json()),
  output: z.record(z.string(), z.json()),
});

/** The examples of a page, each with the requirement under whose heading it stands. */
function examplesOf(page: string): { number: string; text: string }[] {
  return readFileSync(folder + page, "utf8")
    .split(/^## /m)
    .slice(1)
    .flatMap((section) => {
      const number = section.split(" ")[0]!;
      return [...section.matchAll(/^```json example\n(.*?)^```$/gms)].map((block) => ({ number, text: block[1]! }));
    });
}

/** The same value with every number rounded to the four decimals that the pages give. */
function rounded(value: unknown): unknown {
  if (typeof value === "number") return Math.round(value * 1e4) / 1e4 + 0;
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, rounded(entry)]));
}

describe("the examples in spec/ are what the oracle says", () => {
  const pages = readdirSync(folder).filter((name) => name.endsWith(".md"));
  for (const page of pages) {
    for (const [k, { number, text }] of examplesOf(page).entries()) {
      it(`${number}: example ${k + 1} of spec/${page} (mutant: any change of its equation)`, () => {
        const { operation, input, output } = exampleSchema.parse(JSON.parse(text));
        const found = answer(operation as Case["operation"], input as unknown as Case["input"]);
        expect(rounded(found)).toEqual(output);
        expect(numbers(output).every((value) => rounded(value) === value)).toBe(true);
      });
    }
  }

  it("are found at all", () => {
    expect(pages.flatMap(examplesOf).length).toBeGreaterThan(15);
  });
});
