import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { matrixOf, textsAt } from "../../src/traceability/matrix.ts";
import type { Texts } from "../../src/traceability/matrix.ts";
import { citationsIn, numbersIn, requirementsIn, titlesIn } from "../../src/traceability/scan.ts";
import { tableOf } from "../../src/traceability/matrix-table.ts";

// Numbers are put together here, so that this file's own texts cite none.
const L = "L";
const one = (path: string, text: string): Map<string, string> => new Map([[path, text]]);
const whole: Texts = {
  pages: one("spec/losses.md", `# L: losses\n\n## ${L}1 Separation\n\ntext\n`),
  oracle: one("spec/oracle.ts", `/** ${L}1: far pairs. */\nexport function separation(): number {`),
  reference: one("src/model/losses.ts", `/**\n * ${L}1 on tensors.\n */\nexport const separation = 1;`),
  tests: one("tests/losses.test.ts", `it("${L}1: in (0, 1]", () => {});`),
};

describe("the trace of this repository", () => {
  it("finds a function and a test for every requirement, and no number that is none", () => {
    expect(matrixOf(textsAt(fileURLToPath(new URL("../..", import.meta.url)))).problems).toEqual([]);
  });
});

describe("tracing", () => {
  it("finds nothing wrong where all four places agree", () => {
    const { rows, problems } = matrixOf(whole);
    expect(problems).toEqual([]);
    expect(rows).toEqual([
      {
        number: `${L}1`,
        title: "Separation",
        oracle: ["spec/oracle.ts: separation"],
        reference: ["src/model/losses.ts: separation"],
        tests: [`tests/losses.test.ts: ${L}1: in (0, 1]`],
      },
    ]);
    expect(tableOf(matrixOf(whole))).toContain("1 in 1 file");
  });

  it("reports a requirement without a test (mutant: tests not asked for)", () => {
    expect(matrixOf({ ...whole, tests: new Map() }).problems).toEqual([
      `${L}1 Separation: no test cites it in its title`,
    ]);
  });

  it("reports a requirement without a function; the oracle's or the reference's is enough (mutant: either not asked for)", () => {
    expect(matrixOf({ ...whole, oracle: new Map() }).problems).toEqual([]);
    expect(matrixOf({ ...whole, oracle: new Map(), reference: new Map() }).problems).toEqual([
      `${L}1 Separation: no function cites it in its docstring`,
    ]);
  });

  it("reports a number that spec/ does not have, and a heading that stands twice", () => {
    const tests = one("tests/losses.test.ts", `it("${L}1, ${L}9: x", () => {});`);
    expect(matrixOf({ ...whole, tests }).problems).toEqual([
      `tests/losses.test.ts: ${L}1, ${L}9: x cites ${L}9, which spec/ does not have`,
    ]);
    const pages = one("spec/losses.md", `## ${L}1 Separation\n\n## ${L}1 Again\n`);
    expect(matrixOf({ ...whole, pages }).problems).toEqual([`${L}1 is the heading of more than one requirement`]);
  });
});

describe("scanning", () => {
  it("reads ranges and single numbers once each (mutant: a range's ends only)", () => {
    expect(numbersIn(`${L}2 to ${L}4, ${L}3 and T12, not XL5 or l6`)).toEqual([
      `${L}2`,
      `${L}3`,
      `${L}4`,
      ["T", 12].join(""),
    ]);
  });

  it("reads headings of the second level only", () => {
    expect(requirementsIn(`# ${L}1 No\n## ${L}2 Yes it is\n### ${L}3 No\n## Notation\n`)).toEqual([
      { number: `${L}2`, title: "Yes it is" },
    ]);
  });

  it("reads docstrings of functions, classes, methods and constants, not of types or lines without one", () => {
    const source = [
      `/** ${L}1 */ export async function first() {}`,
      `/** ${L}2 */\nclass Second {\n  /** ${L}3 */\n  private third(): void {}\n}`,
      `/** ${L}4 */\nexport interface Fourth {}`,
      `/** none */\nfunction fifth() {}`,
      `// ${L}6\nconst sixth = 1;`,
    ].join("\n");
    expect(citationsIn(source)).toEqual([
      { name: "first", numbers: [`${L}1`] },
      { name: "Second", numbers: [`${L}2`] },
      { name: "third", numbers: [`${L}3`] },
    ]);
  });

  it("reads titles of tests and groups in all three kinds of quotes", () => {
    const source = `describe("${L}1", () => { it('${L}2', f); it.each([1])(\`${L}3 %s\`, f); test("none", f); });`;
    expect(titlesIn(source).map((title) => title.numbers)).toEqual([[`${L}1`], [`${L}2`], [`${L}3`]]);
  });

  it("reads the rows of a table of tests, and no list of numbers elsewhere (mutant: any quoted number)", () => {
    const source = `it.each([\n  ["${L}1", "far", 2],\n  [\n    "${L}2",\n    "near",\n  ],\n])("%s %s", f); expect(x).toEqual(["${L}3", "${L}4"]);`;
    expect(titlesIn(source)).toEqual([
      { name: `${L}1 far`, numbers: [`${L}1`] },
      { name: `${L}2 near`, numbers: [`${L}2`] },
    ]);
  });
});
