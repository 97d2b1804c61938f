import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { citationsIn, requirementsIn, titlesIn } from "./scan.ts";
import type { Citation } from "./scan.ts";

/** The texts that are scanned, by path. */
export interface Texts {
  pages: Map<string, string>;
  oracle: Map<string, string>;
  reference: Map<string, string>;
  tests: Map<string, string>;
}

/** One requirement and everything that cites it, what cites fewest others first: `path: name` of functions, and titles of tests. */
export interface Row {
  number: string;
  title: string;
  oracle: string[];
  reference: string[];
  tests: string[];
}

/** The table of all requirements, and what is wrong with it, a line each. */
export interface Matrix {
  rows: Row[];
  problems: string[];
}

/**
 * Holds text, code and tests together: every requirement of spec/ must be cited by the docstring of a function of the oracle or of the reference and by
 * the title of a test, and nothing may be cited that is no requirement.
 */
export function matrixOf({ pages, oracle, reference, tests }: Texts): Matrix {
  const requirements = [...pages.values()].flatMap(requirementsIn);
  const inOracle = placesIn(oracle, citationsIn);
  const inReference = placesIn(reference, citationsIn);
  const inTests = placesIn(tests, titlesIn);
  const citing = (citations: Citation[], number: string): string[] =>
    citations
      .filter((citation) => citation.numbers.includes(number))
      .sort((a, b) => a.numbers.length - b.numbers.length)
      .map((citation) => citation.name);
  const rows = requirements.map(({ number, title }) => ({
    number,
    title,
    oracle: citing(inOracle, number),
    reference: citing(inReference, number),
    tests: citing(inTests, number),
  }));
  const known = new Set(requirements.map(({ number }) => number));
  const unknown = [...inOracle, ...inReference, ...inTests].flatMap(({ name, numbers }) =>
    numbers
      .filter((number) => !known.has(number))
      .map((number) => `${name} cites ${number}, which spec/ does not have`),
  );
  return {
    rows,
    problems: [...repeated(requirements.map(({ number }) => number)), ...rows.flatMap(gapsOf), ...unknown],
  };
}

/** What a row lacks. */
function gapsOf({ number, title, oracle, reference, tests }: Row): string[] {
  const gaps = [];
  if (oracle.length + reference.length === 0) gaps.push(`${number} ${title}: no function cites it in its docstring`);
  if (tests.length === 0) gaps.push(`${number} ${title}: no test cites it in its title`);
  return gaps;
}

function repeated(numbers: string[]): string[] {
  return numbers
    .filter((number, k) => numbers.indexOf(number) !== k)
    .map((number) => `${number} is the heading of more than one requirement`);
}

function placesIn(texts: Map<string, string>, scan: (text: string) => Citation[]): Citation[] {
  return [...texts].flatMap(([path, text]) =>
    scan(text).map(({ name, numbers }) => ({ name: `${path}: ${name}`, numbers })),
  );
}

/** The texts of the repository at `root`. */
export function textsAt(root: string): Texts {
  return {
    pages: read(root, "spec", ".md"),
    oracle: read(root, "spec", ".ts"),
    reference: read(root, "src", ".ts"),
    tests: read(root, "tests", ".test.ts"),
  };
}

/** All files below `folder` whose name ends so: path from `root` and content. */
function read(root: string, folder: string, ending: string): Map<string, string> {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).sort();
  const paths = names.filter((name) => name.endsWith(ending)).map((name) => `${folder}/${name.replaceAll("\\", "/")}`);
  return new Map(paths.map((path) => [path, readFileSync(join(root, path), "utf8")]));
}
