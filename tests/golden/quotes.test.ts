import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readExpected, type Expected } from "../../src/golden/expected.ts";
import { loadModel, modelNames } from "../../src/golden/models.ts";
import { closingLosses } from "../../src/train/metrics.ts";

/** A page with its lines joined, so that a sentence is found wherever it breaks. */
function read(path: string): string {
  const text = readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");
  return text.replace(/\s+/g, " ");
}

const NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const TERMS = { Sep: "sep", Inv: "inv", Cap: "cap", ConIso: "con" } as const;

const spacings = ({ modules }: Expected): (number | undefined)[] =>
  modules.map(({ spacing: [first, second] }) => (first && second ? Math.sqrt(first * second) : undefined));

/** What a page says of golden models and what is not so, a line each. */
function wrongQuotes(page: string): string[] {
  const grids = [...page.matchAll(/there (?:is|are) (no|one|two) grid modules? \(`([\w-]+)`\)/g)]
    .filter(([, count, name]) => readExpected(name!).gridModules !== NUMBERS.indexOf(count!))
    .map(([quote]) => quote);
  const losses = [...page.matchAll(/(Sep|Inv|Cap|ConIso) is ((?:(?:, | and )?-?\d[\d.]* in `[\w-]+`)+)/g)].flatMap(
    ([, term, list]) =>
      [...list!.matchAll(/(-?\d[\d.]*) in `([\w-]+)`/g)]
        .filter(([, value, name]) => {
          const { metrics, config } = loadModel(name!);
          const digits = value!.split(".")[1]?.length ?? 0;
          return closingLosses(metrics, config.steps)[TERMS[term as keyof typeof TERMS]].toFixed(digits) !== value;
        })
        .map(([quote]) => `${term!} is ${quote}`),
  );
  const lengths = [...page.matchAll(/(\d\.\d\d) m in `([\w-]+)`/g)]
    .filter(([, value, name]) => !spacings(readExpected(name!)).some((spacing) => spacing?.toFixed(2) === value))
    .map(([quote]) => quote);
  return [...grids, ...losses, ...lengths];
}

/** The smallest and the largest of some numbers, in words. */
const range = (values: number[], digits = 0): string =>
  `${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)}`;

describe("what pages say of golden models", () => {
  it.each(["README.md", "golden/README.md", "spec/training.md"])("is so: %s (mutant: a number changed)", (path) => {
    expect(wrongQuotes(read(path))).toEqual([]);
  });

  it("is looked at (mutants: a pattern that finds nothing)", () => {
    const page =
      "there is one grid module (`seed-4`) Inv is 0.04 in `seed-4` and 0.99 in `seed-5` and 7.77 m in `seed-4`";
    expect(wrongQuotes(page)).toEqual([
      "there is one grid module (`seed-4`)",
      "Inv is 0.99 in `seed-5`",
      "7.77 m in `seed-4`",
    ]);
  });

  it("is summed up as the seeds show it (mutants: a range of the units, of the spacings, or a sum off)", () => {
    const seeds = modelNames().filter((name) => name.startsWith("seed-"));
    const shown = seeds.map((name) => readExpected(name));
    const emerged = shown.filter(({ gridModules }) => gridModules >= 2);
    const pairs = emerged.map((expected) =>
      expected.modules
        .map(({ size, class: kind }, k) => ({ size, kind, spacing: spacings(expected)[k] ?? Infinity }))
        .filter(({ kind, size }) => kind === "hexagonal" && size >= 10)
        .sort((p, q) => p.spacing - q.spacing),
    );
    const [fine, coarse] = [0, 1].map((place) => pairs.map((pair) => pair[place]!));
    const models = seeds.map((name) => loadModel(name));
    const attempts = models.reduce((sum, { rejectedAttempts }) => sum + rejectedAttempts.length + 1, 0);
    const rejected = models.flatMap(({ rejectedAttempts }) => rejectedAttempts);
    const steps =
      models.reduce((sum, { config }) => sum + config.steps, 0) + rejected.reduce((sum, one) => sum + one.steps, 0);
    const page = read("golden/README.md");
    for (const sentence of [
      `emerged in ${NUMBERS[emerged.length]!} of ${NUMBERS[seeds.length]!} seeds`,
      `The fine one has ${range(fine!.map(({ size }) => size))} units and a spacing of ${range(
        fine!.map(({ spacing }) => spacing),
        2,
      )} m.`,
      `The coarse one has ${range(coarse!.map(({ size }) => size))} units and a spacing of ${range(
        coarse!.map(({ spacing }) => spacing),
        2,
      )} m.`,
      `All ten seeds together took ${attempts} attempts and ${steps.toLocaleString("en")} steps.`,
    ])
      expect(page).toContain(sentence);
    expect(read("spec/training.md")).toContain(
      `Of the ${attempts} attempts of the ten seeds, ${attempts - emerged.length} were rejected or ended without two`,
    );
  });
});
