import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const spec = fileURLToPath(new URL("../../spec/", import.meta.url));

const families = "PDNLTMC";

/** Orders requirement numbers as a port's author meets them: the protocol, then the data, the network, and so on. */
export function byNumber(a: string, b: string): number {
  return families.indexOf(a[0]!) - families.indexOf(b[0]!) || Number(a.slice(1)) - Number(b.slice(1));
}

/** The titles of the numbered requirements, from the headings of spec/*.md: "L1" to "Separation". */
export function requirementTitles(): Map<string, string> {
  const pages = readdirSync(spec).filter((name) => name.endsWith(".md"));
  const headings = pages.flatMap((name) => [
    ...readFileSync(`${spec}${name}`, "utf8").matchAll(/^## ([A-Z]\d+) (.+)$/gm),
  ]);
  return new Map(headings.map(([, number, title]) => [number!, title!]));
}
