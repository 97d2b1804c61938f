import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readExpected } from "../../src/golden/expected.ts";
import { loadModel } from "../../src/golden/models.ts";
import { recipe, REFERENCE } from "../../src/golden/recipes.ts";
import { changedSettings, RESULTS_PAGE, resultsPage, resultsTable } from "../../src/golden/results.ts";
import { withGeneratedBlock } from "../../src/io/generated-block.ts";

describe("golden/README.md", () => {
  // Kills: a table that was edited by hand, or not remade after a model or its expectation changed.
  it("has the tables that golden:measure makes of golden/models and golden/expected", () => {
    expect(readFileSync(RESULTS_PAGE, "utf8")).toBe(resultsPage());
  });

  // Kills: modules in another order, attempts counted without the kept one, stripes with an angle, another verdict than M14's.
  it("has a row for each network", () => {
    const result = { model: loadModel("seed-0"), expected: readExpected("seed-0") };
    const cells = (row: number): string[] =>
      resultsTable([result])
        [row]!.split("|")
        .map((cell) => cell.trim());
    const row = Object.fromEntries(cells(0).map((head, column) => [head, cells(2)[column]]));
    const { modules, gridModules } = result.expected;
    expect(row).toMatchObject({
      model: "seed-0",
      verdict: "not emerged",
      "grid modules": String(gridModules),
      attempts: String(result.model.rejectedAttempts.length + 1),
      units: modules.map(({ size }) => size).join(", "),
      "angle (°)": modules.map(({ angle }) => angle?.toFixed(0) ?? "–").join(", "),
    });
  });

  // Kills: attempts or steps among the settings, a nested setting compared by the order of its keys, the two sides exchanged.
  it("names the settings in which a step back to the paper differs", () => {
    const reference = recipe(REFERENCE);
    expect(changedSettings(recipe("paper-init-longer"), reference)).toEqual({
      here: "`init` library",
      there: "`init` identity",
    });
    const reordered = {
      ...reference,
      curriculum: reference.curriculum.map((knot) => Object.fromEntries(Object.entries(knot).reverse()) as typeof knot),
    };
    expect(changedSettings(reordered, reference)).toEqual({ here: "", there: "" });
    expect(changedSettings({ ...reference, curriculum: [] }, reference).here).toBe("`curriculum` none");
  });
});

describe("a generated block", () => {
  // Kills: text outside of the markers that is lost, a block that grows each time, a missing block passed over.
  it("is replaced between its markers, and only there", () => {
    const page = "a\n\n<!-- x: made by `c`, not by hand -->\n\nold\n\n<!-- end of x -->\n\nb\n";
    const made = withGeneratedBlock(page, "x", "c", ["new", "lines"]);
    expect(made).toBe(page.replace("old", "new\nlines"));
    expect(withGeneratedBlock(made, "x", "c", ["old"])).toBe(page);
    expect(() => withGeneratedBlock(page, "y", "c", [])).toThrow("the page has no block y");
  });
});
