import { readNpy } from "../io/npy.ts";
import { requirePositive, requireThat } from "../io/require.ts";
import { InputError } from "../io/error.ts";
import type { RateMaps } from "./rate-map.ts";

/** Bytes that a file of rate maps may have: 512 MiB. In memory its numbers take up to four times as much. */
export const LARGEST_FILE = 2 ** 29;

/** The three sizes of rate maps, checked. */
function requireSizes(shape: readonly number[]): { units: number; bins: number } {
  const [units, rows, columns] = shape;
  const fits = shape.length === 3 && units! >= 1 && rows! >= 8 && rows === columns;
  requireThat(fits, "shape", `[${shape.join(", ")}]`, "[units, y, x] with y equal to x and at least 8");
  return { units: units!, bins: rows! };
}

/** Rate maps of checked sizes; at least one unit must have a value somewhere, and none may be infinite. */
function requireMaps(units: number, bins: number, box: number, values: Float64Array): RateMaps {
  const infinite = values.findIndex((value) => Math.abs(value) === Infinity);
  requireThat(infinite < 0, `value ${infinite}`, values[infinite], "a finite number, or NaN for an unvisited bin");
  requireThat(!values.every(Number.isNaN), "every value", NaN, "a finite number in the visited bins");
  return { units, bins, box, values };
}

/**
 * Rate maps from the bytes of a .npy file [units, y, x] of float16, float32 or float64. NaN marks unvisited bins.
 * @param box side of the box in metres
 * @throws InputError for another type or shape, a file cut short, infinite values, or maps of NaN alone
 */
export function mapsFromNpy(bytes: Buffer, box: number): RateMaps {
  requirePositive("box", box, "metres");
  const { shape, values } = readNpy(bytes);
  const { units, bins } = requireSizes(shape);
  return requireMaps(units, bins, box, values);
}

/**
 * Rate maps from JSON: an array [units][y][x] of numbers, with null for unvisited bins.
 * @param box side of the box in metres
 * @throws InputError for text that is not JSON, another shape, a value that is neither a number nor null, or nulls alone
 */
export function mapsFromJson(text: string, box: number): RateMaps {
  requirePositive("box", box, "metres");
  const maps = parse(text);
  const outer = requireArray(maps, "the file");
  const first = requireArray(outer[0], "unit 0");
  const { units, bins } = requireSizes([outer.length, first.length, requireArray(first[0], "row 0 of unit 0").length]);
  const values = new Float64Array(units * bins * bins);
  outer.forEach((map, unit) => {
    const rows = requireArray(map, `unit ${unit}`);
    requireThat(rows.length === bins, `unit ${unit}`, `${rows.length} rows`, `${bins} rows`);
    rows.forEach((row, y) => {
      const name = `row ${y} of unit ${unit}`;
      const cells = requireArray(row, name);
      requireThat(cells.length === bins, name, `${cells.length} numbers`, `${bins} numbers`);
      cells.forEach((cell, x) => {
        requireThat(cell === null || typeof cell === "number", `value ${x} in ${name}`, cell, "a number or null");
        values[(unit * bins + y) * bins + x] = cell ?? NaN;
      });
    });
  });
  return requireMaps(units, bins, box, values);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(`file is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function requireArray(value: unknown, name: string): unknown[] {
  requireThat(Array.isArray(value), name, typeof value, "an array, as in [units][y][x]");
  return value as unknown[];
}
