import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { markdownLine } from "../../src/io/text-table.ts";
import { judge } from "../../src/measure/judge.ts";
import { population } from "../../src/synthetic/maps.ts";
import { COMPARED, POPULATIONS } from "./toolbox-maps.ts";

interface Stored {
  versions: Record<string, string>;
  populations: { name: string; gridness: (number | null)[] }[];
}

/** The section of the page that compares toolboxes. */
const page = readFileSync("spec/judge.md", "utf8")
  .split(/^## /m)
  .find((part) => part.startsWith("Beside"))!;
const toolboxes = ["opexebo", "spatial-maps"].map((name) => ({
  name,
  stored: JSON.parse(readFileSync(`golden/toolboxes/${name}.json`, "utf8")) as Stored,
}));

/** The lowest and the highest gridness that a toolbox gives to the units of a population. */
function rangeOf({ populations }: Stored, population: string): string {
  const scores = populations.find(({ name }) => name === population)!.gridness.map((score) => score!);
  return [Math.min(...scores), Math.max(...scores)].map((score) => score.toFixed(2)).join(" to ");
}

/** The modules that the judge finds. */
function verdictOf(maps: readonly Float64Array[]): string {
  const { modules } = judge(population(maps, COMPARED.box));
  const told = modules.map(
    ({ class: name, units, counts }) => `${name}, ${units.length} units${counts ? ", counts" : ""}`,
  );
  return told.length === 0 ? "no module" : told.join("; ");
}

/** Cells of a row of a table, without the spaces that align them. */
const cellsOf = (line: string): string[] => line.split("|").map((cell) => cell.trim());

describe("the judge beside other toolboxes", () => {
  // Kills: a judge that calls rectangles, stripes or place cells hexagonal; a page with older numbers.
  test.each(POPULATIONS)("M7 M8: spec/judge.md shows what each says of $name", ({ name, maps }) => {
    const row = [name, ...toolboxes.map(({ stored }) => rangeOf(stored, name)), verdictOf(maps)];
    const line = page.split("\n").find((one) => one.startsWith(`| ${name} `));
    expect(cellsOf(line ?? "")).toEqual(cellsOf(markdownLine(row)));
  });

  // Kills: a page that names other versions than those that were asked.
  test("M4: spec/judge.md names the versions that were compared", () => {
    for (const { name, stored } of toolboxes) expect(page).toContain(`${name} ${stored.versions[name]}`);
  });
});
