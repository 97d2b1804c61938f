import ts from "typescript";
import { families } from "../port/requirements.ts";

/** A function with the requirements that it implements, or a test with those that its title begins with. */
export interface Place {
  path: string;
  name: string;
  numbers: string[];
}

/**
 * The tags of a source file: the functions that implement a requirement, and a line for each tag that cannot be right.
 */
export interface Tags {
  places: Place[];
  problems: string[];
}

/** A requirement's number, as a pattern. */
const NUMBER = `[${families}]\\d+`;

/** The numbers that a test's title begins with: "L1", "L1, L2:", "C6 C7", "C1 to C3 and C9:". */
export function leadingNumbers(title: string): string[] {
  const entry = `${NUMBER}(?: to ${NUMBER})?`;
  const lead = new RegExp(`^${entry}(?:(?:, | and | )${entry})*\\b`).exec(title)?.[0] ?? "";
  return [...lead.matchAll(new RegExp(`([A-Z])(\\d+)(?: to [A-Z](\\d+))?`, "g"))].flatMap(
    ([, letter, first, last = first]) =>
      Array.from({ length: Number(last) - Number(first) + 1 }, (_, k) => `${letter!}${Number(first) + k}`),
  );
}

/**
 * The functions, methods, classes and constants of a source file whose docstring has a `spec` tag with the numbers that they implement.
 * A tag without a number, with anything else, on a type, or outside of a docstring is a problem.
 */
export function tagsIn(path: string, source: string): Tags {
  const tags: Tags = { places: [], problems: [] };
  let found = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) {
      for (const tag of node.tags ?? []) {
        if (tag.tagName.text !== "spec") continue;
        found += 1;
        read(tag, node.parent);
      }
    }
    node.getChildren(file).forEach(visit);
  };
  const read = (tag: ts.JSDocTag, tagged: ts.Node): void => {
    const text = (ts.getTextOfJSDocComment(tag.comment) ?? "").trim();
    const name = nameOf(tagged);
    const numbers = text.split(/\s+/);
    if (name === undefined)
      tags.problems.push(`${path}: @spec ${text} stands on no function, method, class or constant`);
    else if (!numbers.every((number) => new RegExp(`^${NUMBER}$`).test(number)))
      tags.problems.push(
        `${path}: ${name} has the tag @spec ${text}; expected numbers of requirements with spaces between`,
      );
    else tags.places.push({ path, name, numbers });
  };
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  visit(file);
  const written = source.match(new RegExp(`@spec\\s+${NUMBER}`, "g"))?.length ?? 0;
  if (written > found)
    tags.problems.push(
      `${path}: ${written - found} of ${written} @spec are no tags; expected each on a line of its own in a docstring`,
    );
  return tags;
}

/** The name of what a docstring stands on; undefined for types and their fields, which implement nothing. */
function nameOf(node: ts.Node): string | undefined {
  if (ts.isVariableStatement(node)) return node.declarationList.declarations[0]?.name.getText();
  const named =
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isPropertyAssignment(node) ||
    ts.isAccessor(node);
  return named ? node.name?.getText() : undefined;
}

/**
 * The tests of a test file with the numbers that their own title, or that of a group around them, begins with. A row of `it.each` fills the
 * placeholders of its title. Tests that are skipped do not count.
 */
export function testsIn(path: string, source: string): Place[] {
  const tests: Place[] = [];
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node, around: string[]): void => {
    const called = ts.isCallExpression(node) ? callOf(node) : undefined;
    const inside = [...around];
    if (called?.skipped) return;
    for (const title of called?.titles ?? []) {
      const numbers = [...new Set([...around, ...leadingNumbers(title)])];
      if (called?.kind === "describe") inside.push(...leadingNumbers(title));
      else if (numbers.length > 0) tests.push({ path, name: title, numbers });
    }
    ts.forEachChild(node, (child) => {
      visit(child, inside);
    });
  };
  visit(file, []);
  return tests;
}

/** A call of vitest's that makes tests or a group of tests. */
interface TestCall {
  kind: "test" | "describe";
  skipped: boolean;
  titles: string[];
}

/** What a call makes: `it(title, ..)`, `it.each(rows)(title, ..)`, `describe.skip(title, ..)`; undefined for any other call. */
function callOf(call: ts.CallExpression): TestCall | undefined {
  const title = call.arguments[0];
  if (title === undefined || !(ts.isStringLiteralLike(title) || ts.isTemplateExpression(title))) return undefined;
  const text = ts.isTemplateExpression(title) ? `${title.head.text}...` : title.text;
  const table = ts.isCallExpression(call.expression) ? call.expression : undefined;
  const [root, ...modifiers] = (table ?? call).expression.getText().split(".");
  if (root === undefined || !["it", "test", "describe"].includes(root)) return undefined;
  const rows = modifiers.includes("each") ? rowsOf(table?.arguments[0]) : [];
  return {
    kind: root === "describe" ? "describe" : "test",
    skipped: modifiers.includes("skip") || modifiers.includes("todo"),
    titles: rows.length > 0 ? rows.map((row) => filled(text, row)) : [text],
  };
}

/** The strings at the beginning of each row of a table of tests that is written where it is used. */
function rowsOf(table: ts.Expression | undefined): string[][] {
  if (table !== undefined && ts.isAsExpression(table)) return rowsOf(table.expression);
  if (table === undefined || !ts.isArrayLiteralExpression(table)) return [];
  return table.elements.map((row) => {
    const entries = ts.isArrayLiteralExpression(row) ? [...row.elements] : [row];
    const end = entries.findIndex((entry) => !ts.isStringLiteralLike(entry));
    return (end < 0 ? entries : entries.slice(0, end)).map((entry) => (entry as ts.StringLiteralLike).text);
  });
}

function filled(title: string, row: string[]): string {
  return row.reduce((text, entry) => text.replace("%s", () => entry), title);
}
