import type { Matrix, Row } from "./matrix.ts";

/** The matrix as a table for people, the requirement's number first; then its problems. */
export function tableOf({ rows, problems }: Matrix): string {
  const cells = rows.map((row) => [row.number, row.title, names(row.oracle), names(row.reference), testsOf(row)]);
  const all = [["", "requirement", "oracle", "reference", "tests"], ...cells];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((line) => line[column]!.length)));
  const lines = all.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [...lines, "", ...problems, `${rows.length} requirements, ${problems.length} problems`].join("\n");
}

/** The first two names without their paths, and how many more there are. */
function names(places: string[]): string {
  const short = [...new Set(places.map((place) => place.split(": ").at(-1)!))];
  const more = short.length > 2 ? ` +${short.length - 2}` : "";
  return short.length === 0 ? "-" : short.slice(0, 2).join(", ") + more;
}

/** How many tests, and in how many files. */
function testsOf({ tests }: Row): string {
  const files = new Set(tests.map((place) => place.split(": ")[0]!));
  return tests.length === 0 ? "-" : `${tests.length} in ${files.size} ${files.size === 1 ? "file" : "files"}`;
}
