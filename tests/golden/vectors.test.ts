import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { vectorFiles } from "../../src/vectors/make.ts";
import { numbers } from "../../src/vectors/rounding.ts";
import { vectorFileSchema } from "../../src/vectors/schema.ts";
import type { VectorCase } from "../../src/vectors/schema.ts";
import { upTheLadder } from "../../src/vectors/tolerance.ts";

const folder = fileURLToPath(new URL("../../golden/vectors/", import.meta.url));
const names = readdirSync(folder).filter((name) => name.endsWith(".json") && name !== "schema.json");
const read = (name: string): string => readFileSync(folder + name, "utf8");

describe("golden/vectors", () => {
  let made: Map<string, string>;
  beforeAll(() => {
    made = vectorFiles();
  });

  it("holds just the files that npm run golden:vectors writes", () => {
    expect(readdirSync(folder).sort()).toEqual([...made.keys(), "README.md"].sort());
  });

  it("is what npm run golden:vectors makes, byte for byte", () => {
    for (const [name, content] of made)
      expect(read(name) === content, `${name} differs; run npm run golden:vectors`).toBe(true);
  });

  it("stays below 1.5 MB", () => {
    expect(readdirSync(folder).reduce((sum, name) => sum + read(name).length, 0)).toBeLessThan(1.5e6);
  });
});

describe("every vector file", () => {
  it.each(names)("%s fits the schema", (name) => {
    const file = vectorFileSchema.parse(JSON.parse(read(name)));
    expect(name).toBe(`${file.operation}.json`);
  });

  it("has ids that no other case has, and counts among its exact fields only", () => {
    const cases = names.flatMap((name) => vectorFileSchema.parse(JSON.parse(read(name))).cases);
    expect(new Set(cases.map((one) => one.id)).size).toBe(cases.length);
    for (const one of cases) {
      for (const field of one.exact) expect(numbers(one.expected[field]).every(Number.isInteger)).toBe(true);
    }
  });
});

describe("the table of operations in golden/vectors/README.md", () => {
  const rows = [...read("README.md").matchAll(/^\| `(\w+)` \| (.+?) \| (.+) \| (.+) \|$/gm)];
  const files = names.map((name) => vectorFileSchema.parse(JSON.parse(read(name))));
  const wordsOf = (text: string): Set<string> => new Set(text.match(/\w+/g));

  it("P4: names the operations that there are vectors for, and no other (mutant: an operation without vectors)", () => {
    const named = rows.map(([, operation]) => operation!).filter((word) => !(word in files[0]!.cases[0]!));
    expect(named.sort()).toEqual(files.map((file) => file.operation).sort());
  });

  it("P4: names every field of every input and output (mutant: a field renamed in one place only)", () => {
    for (const { operation, cases } of files) {
      const [, , , input, output] = rows.find(([, name]) => name === operation)!;
      for (const one of cases) {
        for (const field of Object.keys(one.input)) expect(wordsOf(input!), one.id).toContain(field);
        for (const field of Object.keys(one.expected)) expect(wordsOf(output!), one.id).toContain(field);
      }
    }
  });
});

describe("the vectors' branches", () => {
  const cases = names.flatMap((name) => vectorFileSchema.parse(JSON.parse(read(name))).cases);
  const expected = (field: string): number[] => cases.flatMap((one) => numbers(one.expected[field]));
  const inputs = (of: (input: VectorCase["input"]) => boolean): number => cases.filter((one) => of(one.input)).length;

  it("have dead and living states, empty and full masks", () => {
    for (const field of ["deadStates", "nearCount", "farCount", "conCount", "count"]) {
      expect(Math.min(...expected(field)), field).toBe(0);
      expect(Math.max(...expected(field)), field).toBeGreaterThan(0);
    }
  });

  it("have T = 1, B = 1, a velocity of 0", () => {
    const rows = (list: unknown): number[][] => (list ?? []) as number[][];
    expect(inputs((input) => rows(input.order).length === 1)).toBeGreaterThan(0);
    expect(inputs((input) => rows(input.order)[0]?.length === 1)).toBeGreaterThan(0);
    expect(inputs((input) => rows(input.velocities).some((v) => v.every((x) => x === 0)))).toBeGreaterThan(0);
  });
});

describe("tolerances", () => {
  it("go up a ladder of 1, 2, 5 (mutant: rounded down)", () => {
    expect([0, 1e-7, 1.1e-7, 3e-7, 6e-7, 0.02].map(upTheLadder)).toEqual([0, 1e-7, 2e-7, 5e-7, 1e-6, 0.02]);
  });
});
