import { textTable } from "../io/text-table.ts";
import type { Report, Result } from "./conform.ts";
import { goodOnes } from "./fixed.ts";
import { byNumber } from "./requirements.ts";
import { specVersion } from "./version.ts";
import { isFailure } from "./verdict.ts";

/**
 * P10: the report as a table for people. It has a line for each requirement, and below it the failures and what they
 * look like.
 */
export function table(report: Report, titles: Map<string, string>): string {
  const { hello, results } = report;
  const numbers = [...new Set(results.map(({ requirement }) => requirement))].sort(byNumber);
  const groups = numbers.map((number) => results.filter(({ requirement }) => requirement === number));
  const lines = textTable(numbers.map((number, k) => [number, titles.get(number) ?? "", summary(groups[k]!)]));
  const rows = lines.flatMap((line, k) => [line, ...detailsOf(groups[k]!.filter(isFailure))]);
  const who = hello
    ? `Port: ${hello.name} (${hello.language}, ${hello.precision})`
    : "Port: unknown, because it did not answer hello";
  const written = hello?.version && hello.version !== specVersion ? `; the port was written to ${hello.version}` : "";
  const versions = `Specification: ${specVersion}${written}`;
  const fixed = Object.entries(goodOnes(hello?.fixed));
  const settings =
    fixed.length > 0
      ? [
          `Fixed settings: ${fixed.map(([name, value]) => `${name} = ${value}`).join(", ")}.`,
          "Cases with other settings are not covered.",
        ]
      : [];
  const notes =
    report.notes && !report.passed
      ? ["", "The port last wrote to standard error:", ...report.notes.split("\n").map((line) => `  | ${line}`)]
      : [];
  return [who, versions, ...settings, "", ...rows, "", verdict(report), ...notes].join("\n");
}

function summary(group: Result[]): string {
  const failed = group.filter(isFailure).length;
  const passing = group.filter(({ kind }) => kind === "pass");
  const others = apart.flatMap(([kind, says]) => counted(group, kind, says));
  const asked = passing.length + failed;
  if (asked === 0) return others.length === 1 ? apart.find(([kind]) => kind === group[0]!.kind)![1] : others.join(", ");
  const share = Math.max(0, ...passing.map(({ errorShare }) => errorShare ?? 0));
  const error = share > 0 && failed === 0 ? [`error at most ${(100 * share).toPrecision(2)} % of the tolerance`] : [];
  const verdictOf = failed === 0 ? `ok       ${asked} of ${asked}` : `FAILED   ${passing.length} of ${asked} passed`;
  return [verdictOf, ...error, ...others].join(", ");
}

/** The verdicts that are neither good nor bad, in the words of the table. */
const apart: [kind: Result["kind"], says: string][] = [
  ["not-covered", "not covered"],
  ["skipped", "skipped"],
  ["expected", "failed as expected"],
];

function counted(group: Result[], kind: Result["kind"], says: string): string[] {
  const count = group.filter((one) => one.kind === kind).length;
  return count > 0 ? [`${count} ${says}`] : [];
}

/** The failures of one requirement. The hints stand below the first failure of each operation. */
function detailsOf(failures: Result[]): string[] {
  const told = new Set<string>();
  return failures.flatMap(({ title, kind, message, looksLike = [], operation = title }) => {
    const hints = told.has(operation) ? [] : looksLike.map((says) => `      looks like: ${says}`);
    if (looksLike.length > 0) told.add(operation);
    return [`    ${title}`, `      ${kind}: ${message}`, ...hints];
  });
}

function verdict({ results, seed, passed }: Report): string {
  const failed = results.filter(isFailure).length;
  const good = results.filter(({ kind }) => kind === "pass").length;
  const others = apart.flatMap(([kind, says]) => counted(results, kind, says));
  const counts = [`${good} passed`, `${failed} failed`, ...others].join(", ");
  const text = `${counts} (fresh cases: seed ${seed})`;
  if (results.some(({ kind }) => kind === "runner-fault")) return `THE RUNNER WENT WRONG. Please report it: ${text}`;
  if (passed) return `CONFORMS in what it covers: ${text}`;
  if (failed > 0) return `DOES NOT CONFORM: ${text}`;
  const isAsked = results.some(({ kind }) => kind === "skipped" || kind === "expected");
  return `${isAsked ? "PASSES NOTHING" : "COVERS NOTHING"}: ${text}`;
}
