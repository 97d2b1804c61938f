import { readFileSync } from "node:fs";
import type { ClaimText } from "./claim.ts";

/** The page that says what the claims are and by which rules they are decided. */
const PAGE = new URL("../../spec/claims.md", import.meta.url);

/**
 * The heading of a claim in spec/claims.md, and its first paragraph: the statement, and after "_Paper_:" its source.
 * Throws an Error where the page has no such section or the paragraph is not of that form.
 */
export function claimText(number: string, page: string = readFileSync(PAGE, "utf8")): ClaimText {
  const section = page.split(/^## /m).find((one) => one.startsWith(`${number} `));
  if (section === undefined)
    throw new Error(`spec/claims.md has no section ${number}; expected a heading "## ${number} ..."`);
  const [heading, paragraph = ""] = section.split("\n\n");
  const [, statement, source] = /^(.+?)\s+_Paper_: (.+)\.$/.exec(paragraph.replaceAll(/\s+/g, " ")) ?? [];
  if (statement === undefined || source === undefined)
    throw new Error(
      `section ${number} of spec/claims.md starts "${paragraph}"; expected a statement and "_Paper_: source."`,
    );
  return { number, title: heading!.slice(number.length + 1).trim(), statement, source };
}
