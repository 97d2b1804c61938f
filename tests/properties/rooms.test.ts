import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** An arrow from a file to a room that it names by a relative path. */
interface Arrow {
  file: string;
  from: string;
  to: string;
}

/** The room of a path from the root: spec, or a folder of src; undefined elsewhere. */
function roomOf(path: string): string | undefined {
  const [first, second] = path.split("/");
  if (first === "spec") return "spec";
  return first === "src" && second !== undefined && path.split("/").length > 2 ? second : undefined;
}

/** The rooms that a file names in imports, and in any other string that is a relative path to one of their modules, such as a child's script. */
function arrowsOf(file: string, source: string): Arrow[] {
  const arrows: Arrow[] = [];
  const from = roomOf(file)!;
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) && /^\.\.?\/.*\.\w+$/.test(node.text)) {
      const to = roomOf(posix.join(dirname(file), node.text));
      if (to !== undefined && to !== from && node.text.endsWith(".ts")) arrows.push({ file, from, to });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest));
  return arrows;
}

/** The rows of the table of rooms, in its order: a room and the rooms that it may import from. */
function tableOf(page: string): [string, string[]][] {
  const rows = page.matchAll(/^\| `(\w+)` +\|[^|]*\|([^|]*)\|$/gm);
  return [...rows].map(([, room, allowed]) => [room!, [...allowed!.matchAll(/`(\w+)`/g)].map(([, name]) => name!)]);
}

/** What is wrong between a table of rooms and the arrows that there are, a line each. */
function problemsOf(table: [string, string[]][], arrows: Arrow[]): string[] {
  const allowed = new Map(table);
  const order = table.map(([room]) => room);
  return [
    ...table.flatMap(([room, rooms]) =>
      rooms
        .filter((other) => !order.slice(0, order.indexOf(room)).includes(other))
        .map((other) => `${room} may import from ${other}, which does not stand above it`),
    ),
    ...arrows
      .filter(({ from, to }) => !allowed.get(from)?.includes(to))
      .map(({ file, from, to }) => `${file} imports from ${to}, which the row of ${from} does not name`),
    ...table.flatMap(([room, rooms]) =>
      rooms
        .filter((other) => !arrows.some(({ from, to }) => from === room && to === other))
        .map((other) => `no file of ${room} imports from ${other}`),
    ),
  ];
}

const files = ["src", "spec"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".ts")),
);
const table = tableOf(readFileSync(join(ROOT, "src/README.md"), "utf8"));

describe("the rooms of src/README.md", () => {
  it("are the folders of src, and spec", () => {
    const folders = readdirSync(join(ROOT, "src"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(table.map(([room]) => room).sort()).toEqual([...folders.map(({ name }) => name), "spec"].sort());
  });

  it("have just the arrows of their table, all of which run upwards (mutants: an import added; an import moved)", () => {
    const arrows = files.flatMap((file) => arrowsOf(file, readFileSync(join(ROOT, file), "utf8")));
    expect(problemsOf(table, arrows)).toEqual([]);
  });
});

describe("reading arrows", () => {
  it("sees imports, types, dynamic imports and paths of scripts (mutant: import statements alone)", () => {
    const source = [
      `import { a } from "../io/files.ts";`,
      `import type { B } from "../train/config.ts";`,
      `export * from "../measure/judge.ts";`,
      `const c = await import("../port/process.ts");`,
      `spawn("tsx", [fileURLToPath(new URL("../cli/probe.ts", import.meta.url))]);`,
      `import { d } from "./own.ts"; import e from "vitest"; readFileSync("../../golden/a.json");`,
    ].join("\n");
    expect(arrowsOf("src/backend/x.ts", source).map(({ to }) => to)).toEqual(["io", "train", "measure", "port", "cli"]);
    expect(arrowsOf("src/port/misreadings/x.ts", `import "../../../spec/oracle.ts"; import "../own.ts";`)).toEqual([
      { file: "src/port/misreadings/x.ts", from: "port", to: "spec" },
    ]);
  });

  it("reports a circle, an arrow that is not in the table, and one that no file uses (mutants: any of the three)", () => {
    const arrow = (from: string, to: string): Arrow => ({ file: `src/${from}/x.ts`, from, to });
    const up = tableOf("| `a`  | text | |\n| `b` | text | `a` |");
    expect(problemsOf(up, [arrow("b", "a")])).toEqual([]);
    expect(problemsOf(up, [arrow("b", "a"), arrow("a", "b")])).toEqual([
      "src/a/x.ts imports from b, which the row of a does not name",
    ]);
    expect(problemsOf(up, [])).toEqual(["no file of b imports from a"]);
    expect(
      problemsOf(tableOf("| `a`  | text | `b` |\n| `b` | text | `a` |"), [arrow("a", "b"), arrow("b", "a")]),
    ).toEqual(["a may import from b, which does not stand above it"]);
  });
});
