import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const spec = fileURLToPath(new URL("../../spec/", import.meta.url));

/** The letters of the requirements: ports, data, network, losses, training, measures, claims. */
export const families = "PDNLTMC";

/** Orders requirements as a port's author meets them: first the protocol, then the data, the network, and so on. */
export function byNumber(a: string, b: string): number {
  return families.indexOf(a[0]!) - families.indexOf(b[0]!) || Number(a.slice(1)) - Number(b.slice(1));
}

/** A requirement with its number, as a heading of spec/ gives it. */
export interface Requirement {
  number: string;
  title: string;
}

/** The requirements that a page of spec/ defines. Each is a heading such as `## L1 Separation`. */
export function requirementsIn(markdown: string): Requirement[] {
  const headings = markdown.matchAll(new RegExp(`^## ([${families}]\\d+) (.+)$`, "gm"));
  return [...headings].map(([, number, title]) => ({ number: number!, title: title! }));
}

/** The titles of all requirements by number, from the headings of spec/*.md: "Separation" for "L1". */
export function requirementTitles(): Map<string, string> {
  const pages = readdirSync(spec).filter((name) => name.endsWith(".md"));
  const requirements = pages.flatMap((name) => requirementsIn(readFileSync(`${spec}${name}`, "utf8")));
  return new Map(requirements.map(({ number, title }) => [number, title]));
}
