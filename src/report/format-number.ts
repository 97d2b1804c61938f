import type { Cell } from "../claims/claim.ts";

/** The number of significant digits that are shown. */
const DIGITS = 4;

/** A number between these two is written out. Any other one is written with a power of ten. */
const SMALLEST = 1e-4;
const LARGEST = 1e6;

/** A number for people, with four significant digits and a real minus sign. Whole numbers stay whole. */
export function readable(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? MISSING : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const plain = value === 0 || (size >= SMALLEST && size < LARGEST);
  const [digits, power] = (plain ? String(short(value)) : value.toExponential(DIGITS - 1)).split("e");
  const written = power === undefined ? digits! : `${digits!} × 10${raised(Number(power))}`;
  return written.replace("-", "−");
}

/** A number to four significant digits. Whole numbers stay whole. */
function short(value: number): number {
  return Number.isInteger(value) ? value : rounded(value);
}

/** A whole number in superscript. */
function raised(power: number): string {
  return Array.from(String(power), (character) => (character === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(character)]!)).join(
    "",
  );
}

/** The text in place of a number that does not exist. */
export const MISSING = "–";

/** The text of a cell. The entries of a list are separated by commas. */
export function cellText(cell: Cell): string {
  if (cell === null) return MISSING;
  if (typeof cell === "boolean") return cell ? "yes" : "no";
  if (typeof cell === "number") return readable(cell);
  return typeof cell === "string" ? cell : cell.map(cellText).join(", ");
}

/** A number to four significant digits, for files that need no more. */
export function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}
