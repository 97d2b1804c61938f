import type { Cell } from "../claims/claim.ts";

/** Digits that a number is shown to. */
const DIGITS = 4;

/** Between these a number is written out. Beyond them it has a power of ten. */
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

/** Whole numbers stay whole. */
function short(value: number): number {
  return Number.isInteger(value) ? value : rounded(value);
}

/** A whole number in superscript. */
function raised(power: number): string {
  return Array.from(String(power), (character) => (character === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(character)]!)).join(
    "",
  );
}

/** What stands where a number could not be had. */
export const MISSING = "–";

/** A cell for people. The parts of a list stand behind each other. */
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
