import type { Report, Result } from "./conform.ts";
import { byNumber } from "./requirements.ts";
import { specVersion } from "./version.ts";
import { isFailure } from "./verdict.ts";

/** P10: the report as a table for people: a line for each requirement, and under it what failed and what that looks like. */
export function table(report: Report, titles: Map<string, string>): string {
  const { hello, results } = report;
  const numbers = [...new Set(results.map(({ requirement }) => requirement))].sort(byNumber);
  const names = numbers.map((number) => `${number.padEnd(3)} ${titles.get(number) ?? ""}`);
  const width = Math.max(...names.map((name) => name.length));
  const rows = numbers.flatMap((number, k) => {
    const group = results.filter(({ requirement }) => requirement === number);
    return [`${names[k]!.padEnd(width)}  ${summary(group)}`, ...group.filter(isFailure).flatMap(details)];
  });
  const who = hello ? `${hello.name} (${hello.language}, ${hello.precision})` : "a port that did not say hello";
  const written = hello?.version && hello.version !== specVersion ? `; the port was written to ${hello.version}` : "";
  const versions = `specification ${specVersion}${written}`;
  const notes = report.notes && !report.passed ? ["", "The port last wrote to standard error:", report.notes] : [];
  return [who, versions, "", ...rows, "", verdict(report), ...notes].join("\n");
}

function summary(group: Result[]): string {
  const failed = group.filter(isFailure).length;
  const uncovered = group.filter(({ kind }) => kind === "not-covered").length;
  const asked = group.length - uncovered;
  if (asked === 0) return "not covered";
  const share = Math.max(...group.map(({ kind, errorShare }) => (kind === "pass" ? (errorShare ?? 0) : 0)));
  const error = share > 0 ? `, error at most ${(100 * share).toPrecision(2)} % of the tolerance` : "";
  const rest = uncovered > 0 ? `, ${uncovered} not covered` : "";
  return failed === 0
    ? `ok       ${asked} of ${asked}${error}${rest}`
    : `FAILED   ${asked - failed} of ${asked} passed${rest}`;
}

function details({ title, kind, message, looksLike }: Result): string[] {
  const hints = (looksLike ?? []).map((says) => `      looks like: ${says}`);
  return [`    ${title}`, `      ${kind}: ${message}`, ...hints];
}

function verdict({ results, seed, passed }: Report): string {
  const failed = results.filter(isFailure).length;
  const uncovered = results.filter(({ kind }) => kind === "not-covered").length;
  const good = results.length - failed - uncovered;
  const counts = `${good} passed, ${failed} failed, ${uncovered} not covered (fresh cases: seed ${seed})`;
  if (passed) return `CONFORMS in what it covers: ${counts}`;
  return failed > 0 ? `DOES NOT CONFORM: ${counts}` : `COVERS NOTHING: ${counts}`;
}
