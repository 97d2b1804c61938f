import { fileURLToPath } from "node:url";
import type { Finding } from "../claims/claim.ts";
import { withGeneratedBlock } from "../io/generated-block.ts";
import { markdownTable } from "../io/text-table.ts";

/** The page with the table of all verdicts on the golden models. */
export const README = fileURLToPath(new URL("../../README.md", import.meta.url));

/** README.md with the table of these verdicts. */
export function readmeWith(page: string, findings: readonly Finding[]): string {
  const rows = findings.map(({ number, title, verdict }) => [
    number,
    title,
    verdict === "fails" ? "**fails**" : verdict,
  ]);
  const table = markdownTable([["claim", "title", "verdict"], ...rows], () => true);
  return withGeneratedBlock(page, "verdicts", "npm run claims -- --readme", table);
}

/** A sentence for each claim whose verdict differs from the one in the table of README.md. */
export function changedVerdicts(page: string, findings: readonly Finding[]): string[] {
  const listed = new Map(
    [...page.matchAll(/^\| (C\d+) +\|.*\| \**([a-z ]+?)\** +\|$/gm)].map(([, number, verdict]) => [number!, verdict!]),
  );
  return findings
    .filter(({ number, verdict }) => listed.get(number) !== verdict)
    .map(
      ({ number, verdict }) =>
        `The verdict on ${number} is "${verdict}"; README.md has "${listed.get(number) ?? "none"}".`,
    );
}
