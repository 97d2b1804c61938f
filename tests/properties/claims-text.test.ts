import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CLAIMS } from "../../src/claims/all.ts";
import { claimText } from "../../src/claims/claim-text.ts";
import { FULL, Study } from "../../src/claims/study.ts";

const page = readFileSync("spec/claims.md", "utf8");
const [general, ...sections] = page.split(/^## /m);
const nobody = new Study([], [], FULL);

/** The numbers of a text, without those of requirements (M10), of wave vectors (k1) and of times (g_t). */
const numbersIn = (text: string): string[] => text.replaceAll(/[A-Za-z]_?\d+/g, "").match(/\d+(\.\d+)?/g) ?? [];

describe("spec/claims.md and the code", () => {
  // Kills: a claim without a section, a section without a claim, sections in another order.
  test("C1 to C16: each claim has its section, in the same order", () => {
    expect(sections.map((section) => /^\S+/.exec(section)![0])).toEqual(CLAIMS.map(({ number }) => number));
  });

  // Kills: a title, a statement or a source that the page of claims takes from elsewhere, or cuts.
  test.each(CLAIMS)("$number has its heading, first paragraph and source from the page", ({ number }) => {
    const { title, statement, source } = claimText(number);
    const start = sections.find((section) => section.startsWith(`${number} `))!.replaceAll(/\s+/g, " ");
    expect(start.startsWith(`${number} ${title} ${statement} _Paper_: ${source}. `)).toBe(true);
    expect(statement.endsWith(".")).toBe(true);
  });

  // Kills: a limit that was changed in the code alone, or in the text alone.
  test.each(CLAIMS)("$number: every number in the rule that its code states is in the text", ({ number, decide }) => {
    const section = sections.find((one) => one.startsWith(`${number} `))!;
    const ablations = /^C1[0-5]$/.test(number) ? sections.find((one) => one.startsWith("C10 "))! : "";
    const written = numbersIn(`${general!} ${section} ${ablations}`.replaceAll(",", ""));
    const stated = numbersIn(decide(nobody).rule.replace(/of the first 0 |the first 0 /g, ""));
    expect(stated.length).toBeGreaterThan(1);
    expect(stated.filter((one) => !written.includes(one))).toEqual([]);
  });

  test("a page of another form is refused (mutants: an empty statement; the next section's)", () => {
    expect(() => claimText("C9", "## C8 A\n\nB.\n_Paper_: c.\n")).toThrow("has no section C9");
    expect(() => claimText("C8", "## C8 A\n\nB.\n\n## C9 D\n\nE.\n_Paper_: f.\n")).toThrow("section C8");
    expect(claimText("C8", "## C8 A b\n\nC\nd.\n_Paper_: e; f.\n\nG.\n")).toEqual({
      number: "C8",
      title: "A b",
      statement: "C d.",
      source: "e; f",
    });
  });
});
