import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { exactFields, operationNames, operations } from "../../src/port/operations.ts";
import { goldenVectors, jsonSchemaOf, loadVectors } from "../../src/port/vectors.ts";
import type { Vector } from "../../src/port/vectors.ts";
import { specVersion } from "../../src/port/version.ts";
import { withGlossary } from "../../src/vectors/glossary.ts";
import { vectorFiles } from "../../src/vectors/make.ts";
import { numbers } from "../../src/vectors/rounding.ts";
import { upTheLadder } from "../../src/vectors/tolerance.ts";

const read = (name: string): string => readFileSync(goldenVectors + name, "utf8");
const files = loadVectors();
const cases = files.flatMap((file) => file.cases);

describe("golden/vectors", () => {
  let made: Map<string, string>;
  beforeAll(() => {
    made = vectorFiles();
  });

  it("holds just the files that npm run golden:vectors writes", () => {
    const there = readdirSync(goldenVectors, { recursive: true }).map(String);
    expect(there.sort()).toEqual([...made.keys(), "README.md", "schemas"].sort());
  });

  it("is what npm run golden:vectors makes, byte for byte", () => {
    for (const [name, content] of made)
      expect(read(name) === content, `${name} differs; run npm run golden:vectors`).toBe(true);
  });

  it("stays below 2.5 MB", () => {
    expect([...made.values()].reduce((sum, content) => sum + content.length, 0)).toBeLessThan(2.5e6);
  });
});

describe("every vector file", () => {
  it("P4: is of one operation, and each operation has one (mutant: an operation without vectors)", () => {
    expect(files.map(({ operation }) => operation)).toEqual([...operationNames].sort());
  });

  it("has ids that no other case has, and whole numbers in its exact fields", () => {
    expect(new Set(cases.map((one) => one.id)).size).toBe(cases.length);
    for (const one of cases) {
      for (const field of one.exact) expect(numbers(one.expected[field]).every(Number.isInteger)).toBe(true);
    }
  });

  it("P8: compares exactly what is a count or a list of indices (mutant: a whole number declared as real)", () => {
    const named = operationNames.flatMap((name) => exactFields(name));
    const counted = ["deadStates", "count", "nearCount", "farCount", "conCount", "timesteps", "modules"];
    expect(new Set(named)).toEqual(new Set(counted));
  });

  it("P3: carries the version that stands first in spec/CHANGELOG.md (mutant: a version raised in one place)", () => {
    const changelog = readFileSync(new URL("../../spec/CHANGELOG.md", import.meta.url), "utf8");
    expect(/^## (.+)$/m.exec(changelog)![1]).toBe(specVersion);
    expect(specVersion).toMatch(/^\d+\.\d+\.\d+$/);
    expect(new Set(files.map(({ version }) => version))).toEqual(new Set([specVersion]));
  });
});

describe("the JSON schemas", () => {
  it.each(operationNames)(
    "P4: %s requires just the fields that all cases have (mutant: a field that no case has)",
    (name) => {
      const schema = jsonSchemaOf(name) as { properties: { cases: { items: { properties: Record<string, Schema> } } } };
      const { input, expected } = schema.properties.cases.items.properties;
      const own = cases.filter(({ id }) => id.startsWith(`${name}/`));
      const inAll = (part: (one: Vector) => object): string[] => {
        const fields = own.map((one) => new Set(Object.keys(part(one))));
        return [...fields[0]!].filter((field) => fields.every((set) => set.has(field))).sort();
      };
      expect([...required(input!)].sort()).toEqual(inAll((one) => one.input));
      expect([...required(expected!)].sort()).toEqual(inAll((one) => one.expected));
    },
  );
});

interface Schema {
  required?: string[];
  allOf?: Schema[];
  $ref?: string;
}

/** The fields that a schema requires; a shared object is the parameters. */
function required(schema: Schema): string[] {
  return schema.required ?? Object.keys(operations.gradients.output.shape);
}

describe("the glossary in golden/vectors/README.md", () => {
  it("P4: is what the operations' declarations make (mutant: a field renamed in one place only)", () => {
    expect(withGlossary(read("README.md")) === read("README.md"), "differs; run npm run golden:vectors").toBe(true);
  });

  it("P4: describes every field", () => {
    for (const line of read("README.md")
      .split("\n")
      .filter((text) => text.startsWith("- `")))
      expect(line).toMatch(/: .+/);
  });
});

describe("the vectors' branches", () => {
  const expected = (field: string): number[] => cases.flatMap((one) => numbers(one.expected[field]));
  const inputs = (of: (input: Vector["input"]) => boolean): number => cases.filter((one) => of(one.input)).length;

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
