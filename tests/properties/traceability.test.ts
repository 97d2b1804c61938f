import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { requirementsWithOperation } from "../../src/port/operations.ts";
import { requirementsIn } from "../../src/port/requirements.ts";
import { tableOf } from "../../src/traceability/matrix-table.ts";
import { matrixOf, textsAt } from "../../src/traceability/matrix.ts";
import type { Texts } from "../../src/traceability/matrix.ts";
import { leadingNumbers, tagsIn, testsIn } from "../../src/traceability/scan.ts";

/** The texts of a repository with one requirement, of the given number, that lacks nothing. */
function whole(number: string): Texts {
  const one = (path: string, text: string): Map<string, string> => new Map([[path, text]]);
  return {
    pages: one("spec/page.md", `# A page\n\n## ${number} Title\n\ntext\n`),
    oracle: one("spec/oracle.ts", `/**\n * On lists.\n * @spec ${number}\n */\nexport function equation(): number {}`),
    source: one("src/model/file.ts", `/** On tensors. @spec ${number} */\nexport const equation = 1;`),
    tests: one("tests/file.test.ts", `it("${number}: is in (0, 1]", () => {});`),
  };
}

const none = new Set<string>();
const problemsOf = (texts: Texts, answered: ReadonlySet<string> = none): string[] => matrixOf(texts, answered).problems;
const without = (texts: Texts, side: keyof Texts): Texts => ({ ...texts, [side]: new Map() });
const file = (text: string, path = "src/model/file.ts"): Map<string, string> => new Map([[path, text]]);

describe("traceability of this repository", () => {
  it("lacks nothing that the rule of a letter asks for", () => {
    const texts = textsAt(fileURLToPath(new URL("../..", import.meta.url)));
    expect(problemsOf(texts, requirementsWithOperation)).toEqual([]);
  });
});

describe("the traceability matrix", () => {
  it("has the places of oracle, src and tests, with their paths", () => {
    const matrix = matrixOf(whole("L1"), none);
    expect(matrix.problems).toEqual([]);
    expect(matrix.rows).toEqual([
      {
        number: "L1",
        title: "Title",
        oracle: [{ path: "spec/oracle.ts", name: "equation", numbers: ["L1"] }],
        implementation: [{ path: "src/model/file.ts", name: "equation", numbers: ["L1"] }],
        tests: [{ path: "tests/file.test.ts", name: "L1: is in (0, 1]", numbers: ["L1"] }],
      },
    ]);
    expect(tableOf(matrix).split("\n")).toEqual([
      "L1 Title",
      "  oracle  spec/oracle.ts: equation",
      "  src     src/model/file.ts: equation",
      "  tests   tests/file.test.ts: 1 test",
      "",
      "requirements: 1, problems: 0",
    ]);
  });

  it.each(["D1", "N1", "L1", "T1"])(
    "asks for oracle, src and test of %s (mutants: any of the three not asked for)",
    (number) => {
      expect(problemsOf(without(whole(number), "oracle"))).toEqual([
        `${number} Title: no function of the oracle has its tag`,
      ]);
      expect(problemsOf(without(whole(number), "source"))).toEqual([`${number} Title: no function of src has its tag`]);
      expect(problemsOf(without(whole(number), "tests"))).toEqual([
        `${number} Title: no test has it at the beginning of its title`,
      ]);
    },
  );

  it.each(["M1", "C1", "P1"])(
    "asks for src and test of %s alone (mutants: the oracle asked for; src not)",
    (number) => {
      expect(problemsOf(without(whole(number), "oracle"))).toEqual([]);
      expect(problemsOf(without(whole(number), "source"))).toEqual([`${number} Title: no function of src has its tag`]);
      expect(problemsOf(without(whole(number), "tests"))).toEqual([
        `${number} Title: no test has it at the beginning of its title`,
      ]);
    },
  );

  it("asks for the oracle of a measure that an operation answers to (mutant: the letter M alone decides)", () => {
    expect(problemsOf(without(whole("M2"), "oracle"), new Set(["M2"]))).toEqual([
      "M2 Title: no function of the oracle has its tag",
    ]);
    expect(problemsOf(without(whole("M1"), "oracle"), new Set(["M2"]))).toEqual([]);
  });

  it("reports a number that spec/ does not have, in every place (mutants: one of the three left out)", () => {
    const { oracle, source, tests } = whole("L9");
    expect(problemsOf({ ...whole("L1"), oracle, source, tests }).slice(0, 3)).toEqual([
      "spec/oracle.ts: equation names L9, which spec/ does not have",
      "src/model/file.ts: equation names L9, which spec/ does not have",
      "tests/file.test.ts: L9: is in (0, 1] names L9, which spec/ does not have",
    ]);
  });

  it("reports a heading that stands twice", () => {
    const pages = file("## L1 Title\n\n## L1 Again\n", "spec/page.md");
    expect(problemsOf({ ...whole("L1"), pages })).toEqual(["L1 is the heading of more than one requirement"]);
  });

  it("reports a tag where nothing is implemented, and does not let it fill a gap (mutant: all of src counts)", () => {
    const source = file("/** Text. @spec L1 */\nexport const table = 1;", "src/report/table.ts");
    expect(problemsOf({ ...whole("L1"), source })).toEqual([
      "src/report/table.ts: table is tagged L1; expected such a function in src/model, train, measure, claims, port or vectors",
      "L1 Title: no function of src has its tag",
    ]);
  });

  it("does not count a docstring that only mentions a number (mutant: prose counts)", () => {
    const source = file("/** L1 on tensors. */\nexport const equation = 1;");
    expect(problemsOf({ ...whole("L1"), source })).toEqual(["L1 Title: no function of src has its tag"]);
  });
});

describe("scanning", () => {
  it("reads headings of the second level only", () => {
    expect(requirementsIn("# L1 No\n## L2 Yes it is\n### L3 No\n## Notation\n")).toEqual([
      { number: "L2", title: "Yes it is" },
    ]);
  });

  it("reads the numbers that a title begins with, and none behind (mutants: numbers anywhere; a range's ends only)", () => {
    expect(leadingNumbers("L1: far pairs, unlike L2")).toEqual(["L1"]);
    expect(leadingNumbers("C6 C7 and C9 they hold")).toEqual(["C6", "C7", "C9"]);
    expect(leadingNumbers("C1 to C3, C16: none holds")).toEqual(["C1", "C2", "C3", "C16"]);
    expect(leadingNumbers("the same as L1")).toEqual([]);
    expect(leadingNumbers("L1a is no number, nor is XL1")).toEqual([]);
  });

  it("reads tags of functions, classes, methods and constants", () => {
    const source = [
      "/** One. @spec L1 */ export async function first() {}",
      "/**\n * Two.\n * @spec L2 L3\n */\nclass Second {\n  /**\n   * Three.\n   * @spec L4\n   */\n  private third(): void {}\n}",
      "/** No tag. */\nfunction fourth() {}",
      "/** Five. @spec T5 */\nexport const fifth = 1;",
    ].join("\n");
    expect(tagsIn("src/a.ts", source)).toEqual({
      places: [
        { path: "src/a.ts", name: "first", numbers: ["L1"] },
        { path: "src/a.ts", name: "Second", numbers: ["L2", "L3"] },
        { path: "src/a.ts", name: "third", numbers: ["L4"] },
        { path: "src/a.ts", name: "fifth", numbers: ["T5"] },
      ],
      problems: [],
    });
  });

  it.each([
    ["on a type", "/** @spec L1 */\ninterface A {}", "@spec L1 stands on no function, method, class or constant"],
    ["on a field", "interface A {\n  /** @spec L1 */\n  b: 1;\n}", "@spec L1 stands on no function"],
    ["outside of a docstring", "// @spec L1\nconst a = 1;", "1 of 1 @spec are no tags"],
    ["without numbers", "/** @spec */\nconst a = 1;", "a has the tag @spec ; expected numbers of requirements"],
    ["with other words", "/** @spec L1, L2 */\nconst a = 1;", "a has the tag @spec L1, L2; expected numbers"],
  ])("reports a tag %s (mutant: such a tag passed over)", (_, source, problem) => {
    const { places, problems } = tagsIn("src/a.ts", source);
    expect(places).toEqual([]);
    expect(problems.map((line) => line.slice(0, `src/a.ts: ${problem}`.length))).toEqual([`src/a.ts: ${problem}`]);
  });

  it("reads titles of tests in all three kinds of quotes, with the numbers of the groups around them", () => {
    const source = `describe("L1", () => { it('L2', f); describe("M1 group", () => { it.each(list)(\`L3 \${x}\`, f); test("a", f); }); });`;
    expect(testsIn("a.test.ts", source).map(({ numbers }) => numbers)).toEqual([
      ["L1", "L2"],
      ["L1", "M1", "L3"],
      ["L1", "M1"],
    ]);
  });

  it("fills a title with the rows of its table, and takes no list elsewhere for a test (mutant: any quoted number)", () => {
    const source = `it.each([["L1", "far", 2], ["L2", "near"]] as const)("%s %s", f); expect(x).toEqual(["L3"]); check("L4", f);`;
    expect(testsIn("a.test.ts", source).map(({ name, numbers }) => [name, numbers])).toEqual([
      ["L1 far", ["L1"]],
      ["L2 near", ["L2"]],
    ]);
  });

  it("does not count a group without tests, nor tests that are skipped (mutants: groups as tests; skip ignored)", () => {
    const source = `describe("L1", () => {}); it.skip("L2", f); describe.skip("L3", () => { it("L4", f); }); it.todo("L5");`;
    expect(testsIn("a.test.ts", source)).toEqual([]);
  });
});
