import type { Figure, Finding } from "../claims/claim.ts";
import { rounded } from "./format-number.ts";

/** What a figure of the page's own download has instead of pixels. */
const LEFT_OUT = "left out here: claims.json, which was written beside the page, has them";

/** All findings as JSON, figures' numbers to four significant digits. */
export function claimsJson(findings: readonly Finding[]): string {
  return toJson(findings.map((finding) => ({ ...finding, figures: finding.figures.map(short) })));
}

/** As claimsJson, without the pixels of maps and images: short enough to travel within the page. */
export function numbersJson(findings: readonly Finding[]): string {
  return toJson(findings.map((finding) => ({ ...finding, figures: finding.figures.map(withoutPixels).map(short) })));
}

function toJson(findings: readonly unknown[]): string {
  return `${JSON.stringify({ format: "sic-claims-1", findings })}\n`;
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
