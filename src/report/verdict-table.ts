import type { Finding } from "../claims/claim.ts";

/** The verdicts as a table for a terminal: number, verdict, title; the reason beneath. */
export function verdictTable(findings: readonly Finding[]): string {
  const width = (cells: readonly string[]): number => Math.max(...cells.map((cell) => cell.length));
  const numbers = width(findings.map(({ number }) => number));
  const verdicts = width(findings.map(({ verdict }) => verdict));
  const indent = " ".repeat(numbers + verdicts + 4);
  return findings
    .map(
      ({ number, verdict, title, reason }) =>
        `${number.padEnd(numbers)}  ${verdict.padEnd(verdicts)}  ${title}\n${indent}${reason}`,
    )
    .join("\n");
}

/** How many claims got which verdict, in words. */
export function tally(findings: readonly Finding[]): string {
  const count = (verdict: Finding["verdict"]): number =>
    findings.filter((finding) => finding.verdict === verdict).length;
  return `of ${findings.length} claims ${count("holds")} hold, ${count("fails")} fail, ${count("not decided")} are not decided`;
}
