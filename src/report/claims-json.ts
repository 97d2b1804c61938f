import type { Figure, Finding } from "../claims/claim.ts";
import type { Glance } from "../claims/glance.ts";
import { rounded } from "./format-number.ts";

/** The text that takes the place of pixels in the page's download. */
const LEFT_OUT = "The pixels are in claims.json, which was written beside the page.";

/** The page as JSON: all findings, and the network that is shown first. Numbers of figures have four significant digits. */
export function claimsJson(findings: readonly Finding[], first?: Glance): string {
  return toJson(findings, first, short);
}

/** As claimsJson, without the pixels of maps and images, so that it is short enough to travel within the page. */
export function numbersJson(findings: readonly Finding[], first?: Glance): string {
  return toJson(findings, first, (figure) => short(withoutPixels(figure)));
}

function toJson(findings: readonly Finding[], first: Glance | undefined, made: (figure: Figure) => unknown): string {
  const content = {
    format: "sic-claims-2",
    ...(first ? { glance: { ...first, figures: first.figures.map(made) } } : {}),
    findings: findings.map((finding) => ({ ...finding, figures: finding.figures.map(made) })),
  };
  return `${JSON.stringify(content)}\n`;
}

function withoutPixels(figure: Figure): object {
  if (figure.kind === "image") return { ...figure, values: LEFT_OUT };
  if (figure.kind !== "maps") return figure;
  const rows = figure.rows.map(({ label, maps }) => ({
    label,
    maps: maps.map((map) => ({ ...map, values: LEFT_OUT })),
  }));
  return { ...figure, rows };
}

/** A copy with every number rounded. */
function short(value: unknown): unknown {
  if (typeof value === "number") return rounded(value);
  if (Array.isArray(value)) return value.map(short);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, short(part)]));
}
