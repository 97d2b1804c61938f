import { textTable } from "../io/text-table.ts";
import type { Matrix, Row } from "./matrix.ts";
import type { Place } from "./scan.ts";

/** The matrix for people: for each requirement its oracle, its implementation and its tests, then the problems. */
export function tableOf({ rows, problems }: Matrix): string {
  const summary = `requirements: ${rows.length}, problems: ${problems.length}`;
  return [...rows.map(section), [...problems, summary].join("\n")].join("\n\n");
}

function section({ number, title, oracle, implementation, tests }: Row): string {
  return [
    `${number} ${title}`,
    ...textTable([
      ...byFile("oracle", oracle, (names) => names.join(", ")),
      ...byFile("src", implementation, (names) => names.join(", ")),
      ...byFile("tests", tests, (names) => (names.length === 1 ? "1 test" : `${names.length} tests`)),
    ]).map((line) => `  ${line}`),
  ].join("\n");
}

/** A row for each file: its path, and what it has. The first row has the heading. */
function byFile(heading: string, places: Place[], what: (names: string[]) => string): string[][] {
  const paths = [...new Set(places.map(({ path }) => path))];
  const has = (path: string): string => what(places.filter((place) => place.path === path).map(({ name }) => name));
  const lines = paths.map((path) => `${path}: ${has(path)}`);
  return (lines.length > 0 ? lines : ["-"]).map((line, k) => [k === 0 ? heading : "", line]);
}
