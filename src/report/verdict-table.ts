import type { Finding } from "../claims/claim.ts";
import { textTable } from "../io/text-table.ts";

/** The verdicts as a table for a terminal. It shows number, verdict and title, and below them the reason. */
export function verdictTable(findings: readonly Finding[]): string {
  return textTable(
    findings.flatMap(({ number, verdict, title, reason }) => [
      [number, verdict, title],
      ["", "", reason],
    ]),
  ).join("\n");
}

/** How many claims got each verdict, in words. */
export function tally(findings: readonly Finding[]): string {
  const count = (verdict: Finding["verdict"]): number =>
    findings.filter((finding) => finding.verdict === verdict).length;
  return `of ${findings.length} claims ${count("holds")} hold, ${count("fails")} fail, ${count("not decided")} are not decided`;
}
