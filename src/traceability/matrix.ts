import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { requirementsIn } from "../port/requirements.ts";
import type { Requirement } from "../port/requirements.ts";
import { tagsIn, testsIn } from "./scan.ts";
import type { Place } from "./scan.ts";

/** The texts that are scanned, by path. */
export interface Texts {
  pages: Map<string, string>;
  oracle: Map<string, string>;
  source: Map<string, string>;
  tests: Map<string, string>;
}

/**
 * A requirement with the functions that are tagged with it and the tests that begin with its number. Those that carry
 * the fewest numbers come first.
 */
export interface Row extends Requirement {
  oracle: Place[];
  implementation: Place[];
  tests: Place[];
}

/** All requirements, and a line for each problem. */
export interface Matrix {
  rows: Row[];
  problems: string[];
}

/** The folders of src whose functions implement requirements. */
const IMPLEMENTING = ["model", "train", "measure", "claims", "port", "vectors"];

/**
 * The letters of requirements that always have a function of the oracle. A measure has one if an operation asks for it.
 */
const WITH_ORACLE = ["D", "N", "L", "T"];

/**
 * Compares text, code and tests. Every requirement of spec/ needs a tagged function of src and a test. D, N, L and T
 * also need a tagged function of the oracle, and so do the measures that an operation answers to. Only src/model,
 * train, measure, claims, port and vectors implement requirements. No tag and no test may name a number that spec/ does
 * not have.
 * @param answered the numbers that operations of a port answer to
 */
export function matrixOf({ pages, oracle, source, tests }: Texts, answered: ReadonlySet<string>): Matrix {
  const requirements = [...pages.values()].flatMap(requirementsIn);
  const inOracle = [...oracle].map(([path, text]) => tagsIn(path, text));
  const inSource = [...source].map(([path, text]) => tagsIn(path, text));
  const tagged = inSource.flatMap((tags) => tags.places);
  const places = {
    oracle: inOracle.flatMap((tags) => tags.places),
    implementation: tagged.filter(isPlaced),
    tests: [...tests].flatMap(([path, text]) => testsIn(path, text)),
  };
  const rows = requirements.map((requirement) => ({
    ...requirement,
    oracle: of(requirement, places.oracle),
    implementation: of(requirement, places.implementation),
    tests: of(requirement, places.tests),
  }));
  const known = new Set(requirements.map(({ number }) => number));
  return {
    rows,
    problems: [
      ...repeated(requirements),
      ...[...inOracle, ...inSource].flatMap((tags) => tags.problems),
      ...tagged.filter((place) => !isPlaced(place)).map(misplaced),
      ...Object.values(places).flatMap((list) => list.flatMap((place) => unknown(place, known))),
      ...rows.flatMap((row) => gapsOf(row, answered)),
    ],
  };
}

function of({ number }: Requirement, places: Place[]): Place[] {
  return places.filter(({ numbers }) => numbers.includes(number)).sort((a, b) => a.numbers.length - b.numbers.length);
}

/** What a requirement lacks, by the rule of its letter. */
function gapsOf({ number, title, oracle, implementation, tests }: Row, answered: ReadonlySet<string>): string[] {
  const needsOracle = WITH_ORACLE.includes(number[0]!) || answered.has(number);
  return [
    ...(needsOracle && oracle.length === 0 ? [`${number} ${title}: no function of the oracle has its tag`] : []),
    ...(implementation.length === 0 ? [`${number} ${title}: no function of src has its tag`] : []),
    ...(tests.length === 0 ? [`${number} ${title}: no test has it at the beginning of its title`] : []),
  ];
}

function isPlaced({ path }: Place): boolean {
  return IMPLEMENTING.some((folder) => path.startsWith(`src/${folder}/`));
}

function misplaced({ path, name, numbers }: Place): string {
  const expected = `${IMPLEMENTING.slice(0, -1).join(", ")} or ${IMPLEMENTING.at(-1)!}`;
  return `${path}: ${name} is tagged ${numbers.join(" ")}; expected such a function in src/${expected}`;
}

function unknown({ path, name, numbers }: Place, known: ReadonlySet<string>): string[] {
  return numbers
    .filter((number) => !known.has(number))
    .map((number) => `${path}: ${name} names ${number}, which spec/ does not have`);
}

function repeated(requirements: Requirement[]): string[] {
  const numbers = requirements.map(({ number }) => number);
  return numbers
    .filter((number, k) => numbers.indexOf(number) !== k)
    .map((number) => `${number} is the heading of more than one requirement`);
}

/** The texts of the repository at `root`. */
export function textsAt(root: string): Texts {
  return {
    pages: read(root, "spec", ".md"),
    oracle: read(root, "spec", ".ts"),
    source: read(root, "src", ".ts"),
    tests: read(root, "tests", ".test.ts"),
  };
}

/** All files below `folder` whose name ends with `ending`: path from `root`, and content. */
function read(root: string, folder: string, ending: string): Map<string, string> {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).sort();
  const paths = names.filter((name) => name.endsWith(ending)).map((name) => `${folder}/${name.replaceAll("\\", "/")}`);
  return new Map(paths.map((path) => [path, readFileSync(join(root, path), "utf8")]));
}
