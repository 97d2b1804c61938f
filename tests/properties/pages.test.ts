import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { ENGINES } from "../../src/backend/engines.ts";
import { PRESETS } from "../../src/train/config.ts";
import { requirementsIn } from "../../src/port/requirements.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FOLDERS = [".github", "golden", "spec", "src", "tests"];
const LONGEST_LINE = 120;
const LONGEST_CELL = 160;

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

/** The files of the repository in some folders, by path from its root. */
function filesIn(folders: string[], endings: string[]): string[] {
  const below = (folder: string): string[] =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map(
      (name) => `${folder}/${name.replaceAll("\\", "/")}`,
    );
  return folders.flatMap(below).filter((path) => endings.some((ending) => path.endsWith(ending)));
}

const pages = ["README.md", ...filesIn(FOLDERS, [".md"])].sort();

/** The lines of a page outside of code and displayed formulas, with their numbers from 1. */
function proseOf(page: string): { line: string; number: number }[] {
  let fence: string | undefined;
  return page.split("\n").flatMap((line, k) => {
    const mark = /^\s*(```|\$\$)/.exec(line)?.[1];
    const wasInside = fence !== undefined;
    if (mark !== undefined && (fence === undefined || fence === mark)) {
      const closed = mark === "$$" && /\$\$.*\$\$/.test(line);
      fence = wasInside || closed ? undefined : mark;
    }
    return wasInside || mark !== undefined ? [] : [{ line, number: k + 1 }];
  });
}

/** A line as it is read: links without their targets. */
const shown = (line: string): string => line.replace(/\]\([^)]*\)/g, "]");

/** Lines that are too long and table cells that hold a paragraph, a line each. */
function styleProblems(page: string): string[] {
  return proseOf(page).flatMap(({ line, number }) => {
    if (!line.startsWith("|")) {
      const { length } = shown(line);
      return length > LONGEST_LINE ? [`line ${number} has ${length} characters; expected at most ${LONGEST_LINE}`] : [];
    }
    return shown(line)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim())
      .filter((cell) => cell.length > LONGEST_CELL && !/^[-:]+$/.test(cell))
      .map((cell) => `line ${number} has a cell of ${cell.length} characters; expected at most ${LONGEST_CELL}`);
  });
}

/** The name by which a link reaches a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/\s/g, "-");

/** Relative links of a page to files that are not there, or to headings that they do not have. */
function brokenLinks(path: string, page: string): string[] {
  const links = proseOf(page).flatMap(({ line }) =>
    [...line.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!),
  );
  return links
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [file, anchor] = link.split("#");
      const target = file === "" ? path : posix.join(dirname(path), file!);
      if (!existsSync(join(ROOT, target))) return true;
      if (anchor === undefined) return false;
      const headings = [...read(target).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading!));
      return !headings.includes(anchor);
    });
}

/** What a page names as a file or folder of the repository and what is not there: paths, and names of TypeScript files. */
function missingFiles(page: string, names: ReadonlySet<string>): string[] {
  const spans = [...page.matchAll(/`([^`\n]+)`/g)].map(([, text]) => text!);
  const isPath = (text: string): boolean => /^(src|spec|tests|golden|\.github|\.ci)\/[\w./-]+$/.test(text);
  const isExample = (text: string): boolean => /\b(NAME|OPERATION)\b/.test(text);
  return spans.filter((text) =>
    isPath(text) && !isExample(text) ? !existsSync(join(ROOT, text)) : /^[\w.-]+\.ts$/.test(text) && !names.has(text),
  );
}

/** The rows of the table on a page whose first column has this heading, cell by cell without emphasis. */
function tableWith(page: string, heading: string): string[][] {
  const lines = page.split("\n");
  const start = lines.findIndex((line) => new RegExp(`^\\| ${heading} +\\|`).test(line));
  const rows = lines.slice(start + 2);
  const end = rows.findIndex((line) => !line.startsWith("|"));
  return rows.slice(0, end < 0 ? rows.length : end).map((row) =>
    row
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.replace(/[`*]/g, "").trim()),
  );
}

interface Package {
  version: string;
  engines: { node: string };
  scripts: Record<string, string>;
}
const manifest = JSON.parse(read("package.json")) as Package;

describe("every page", () => {
  // The fields of the vectors are described in lines that golden:vectors makes, one a field.
  const written = pages.filter((path) => path !== "golden/vectors/README.md");

  it.each(written)("%s has short lines and short cells", (path) => {
    expect(styleProblems(read(path))).toEqual([]);
  });

  it.each(pages)("%s links to what is there", (path) => {
    expect(brokenLinks(path, read(path))).toEqual([]);
  });

  it.each(pages)("%s names files that are there", (path) => {
    const names = new Set(filesIn(FOLDERS, [".ts"]).map((file) => posix.basename(file)));
    expect(missingFiles(read(path), names)).toEqual([]);
  });

  it.each(pages)("%s names scripts that package.json has", (path) => {
    const named = [...read(path).matchAll(/npm run ([a-z:]+)/g)].map(([, name]) => name!);
    expect(named.filter((name) => !(name in manifest.scripts))).toEqual([]);
  });

  it("names the versions of Node that package.json asks for", () => {
    const versions = manifest.engines.node.split(" || ").map((range) => range.replace(/^[^\d]+|(\.0)+$/g, ""));
    const text = `Node ${versions.slice(0, -1).join(", ")}, or ${versions.at(-1)!} and newer`;
    const mentions = pages.flatMap((path) =>
      [...read(path).matchAll(/Node \d[^.;`]*(?:\.\d+[^.;`]*)*/g)].map(([found]) => found),
    );
    expect(mentions).not.toEqual([]);
    expect(mentions.filter((found) => found !== text)).toEqual([]);
  });
});

describe("every file", () => {
  const texts = [...filesIn(FOLDERS, [".md", ".ts", ".py", ".yml"]), "README.md", "CITATION.cff", ".ci/run"];
  const own = "tests/properties/pages.test.ts";

  it("speaks of the project alone, not of tickets or of paths of one machine (mutant: a path left in)", () => {
    const foreign = [/\bissues? #?\d+/i, /(^|\s)#\d+\b/, /\bshared\//, /(^|[\s"'`(])\/(work|home|root|Users)\//];
    const found = texts
      .filter((path) => path !== own)
      .flatMap((path) =>
        read(path)
          .split("\n")
          .filter((line) => foreign.some((pattern) => pattern.test(line)))
          .map((line) => `${path}: ${line.trim()}`),
      );
    expect(found).toEqual([]);
  });
});

describe("README.md", () => {
  const page = read("README.md");

  it("lists every script of package.json, and no other", () => {
    const names = tableWith(page, "command").map(([command]) => command!.replace(/^npm (run )?/, ""));
    expect(names.sort()).toEqual(Object.keys(manifest.scripts).sort());
  });

  it("lists the presets with the numbers that they have", () => {
    const expected = Object.entries(PRESETS).map(([name, { steps, attempts, units }]) => [
      name,
      steps.toLocaleString("en"),
      String(attempts),
      String(units),
    ]);
    expect(
      tableWith(page, "preset")
        .map((row) => row.slice(0, 4))
        .slice(0, expected.length),
    ).toEqual(expected);
  });

  it("lists the engines in the order in which they are tried (mutant: two rows exchanged)", () => {
    expect(tableWith(page, "engine").map(([name]) => name)).toEqual([...ENGINES]);
  });
});

describe("spec/README.md", () => {
  it("lists the pages with the numbers that their headings have", () => {
    const expected = filesIn(["spec"], [".md"])
      .map((path) => ({ name: posix.basename(path), numbers: requirementsIn(read(path)).map(({ number }) => number) }))
      .filter(({ numbers }) => numbers.length > 0)
      .map(({ name, numbers }) => `${name}: ${numbers[0]!} to ${numbers.at(-1)!}`);
    const rows = tableWith(read("spec/README.md"), "page");
    expect(rows.map(([link, numbers]) => `${/\((.*)\)/.exec(link!)![1]!}: ${numbers!}`).sort()).toEqual(
      expected.sort(),
    );
  });
});

describe("CITATION.cff", () => {
  it("has the version of package.json", () => {
    expect(read("CITATION.cff")).toContain(`\nversion: ${manifest.version}\n`);
  });
});

describe("looking at pages", () => {
  it("sees names of files that are not there (mutants: paths passed over; names passed over)", () => {
    const page = "`src/none.ts` `src/README.md` `golden/expected/NAME.json` `none.ts` `pages.test.ts` `maps.npy`";
    expect(missingFiles(page, new Set(["pages.test.ts"]))).toEqual(["src/none.ts", "none.ts"]);
  });

  it("sees long lines and long cells, not long links, code or formulas (mutants: any of the four)", () => {
    const long = "x ".repeat(90);
    expect(styleProblems(`${long}\n`)).toEqual(["line 1 has 180 characters; expected at most 120"]);
    expect(styleProblems(`| a | ${long} |\n`)).toEqual(["line 1 has a cell of 179 characters; expected at most 160"]);
    expect(styleProblems(`[text](${"x".repeat(150)})\n`)).toEqual([]);
    expect(styleProblems("```sh\n" + long + "\n```\n$$" + long + "$$\n$$\n" + long + "\n$$\nshort\n")).toEqual([]);
    expect(styleProblems("$$x$$\n" + long)).toHaveLength(1);
  });

  it("sees links to files and headings that are not there (mutants: anchors passed over)", () => {
    const page =
      "[a](README.md) [b](spec/none.md) [c](spec/README.md#notation) [d](spec/README.md#none) [e](https://x.org/y)";
    expect(brokenLinks("README.md", page)).toEqual(["spec/none.md", "spec/README.md#none"]);
  });
});
