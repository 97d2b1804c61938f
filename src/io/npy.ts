import { InputError } from "./error.ts";
import { requirePositive, requireThat } from "./require.ts";
import type { RateMaps } from "../measure/rate-map.ts";

const MAGIC = "\u0093NUMPY";

/** Bytes that a file of rate maps may have: 512 MiB. In memory its numbers take up to four times as much. */
export const LARGEST_FILE = 2 ** 29;

/** What the header of a .npy file says, and where its data begins. */
interface Header {
  littleEndian: boolean;
  /** Bytes a number. */
  width: number;
  fortranOrder: boolean;
  shape: number[];
  dataStart: number;
}

/** Reads the header: the magic string, the version, the length and a Python dictionary of three keys. */
function readHeader(bytes: Buffer): Header {
  requireThat(bytes.toString("latin1", 0, 6) === MAGIC, "file", "not a .npy file", "one that begins with \\x93NUMPY");
  const version = bytes[6] ?? 0;
  requireThat(version >= 1 && version <= 3 && bytes.length >= 12, ".npy version", version, "1, 2 or 3, with a header");
  const start = version === 1 ? 10 : 12;
  const dataStart = start + (version === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8));
  requireThat(dataStart <= bytes.length, ".npy header", "cut short", "the whole file");
  const text = bytes.toString("latin1", start, dataStart);
  const type = /'descr':\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape':\s*\(([^)]*)\)/.exec(text)?.[1];
  const parsed = /^([<>|=])f([248])$/.exec(type ?? "");
  if (parsed === null) throw new InputError(`type is ${type ?? "structured"}, expected float16, float32 or float64`);
  if (order === undefined || shape === undefined) throw new InputError(`.npy header is unreadable: ${text.trim()}`);
  return {
    littleEndian: parsed[1] !== ">",
    width: Number(parsed[2]),
    fortranOrder: order === "True",
    shape: shape.split(",").flatMap((part) => (part.trim() === "" ? [] : [Number(part)])),
    dataStart,
  };
}

/** The value of an IEEE half-precision number. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The numbers of a file in the order in which they are stored. */
function readNumbers(bytes: Buffer, { littleEndian, width, dataStart }: Header, count: number): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset + dataStart, count * width);
  const read = {
    2: (at: number) => half(view.getUint16(at, littleEndian)),
    4: (at: number) => view.getFloat32(at, littleEndian),
    8: (at: number) => view.getFloat64(at, littleEndian),
  }[width as 2 | 4 | 8];
  return Float64Array.from({ length: count }, (_, i) => read(i * width));
}

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
 * Rate maps from the bytes of a .npy file [units, y, x] of float16, float32 or float64, of either byte order and either
 * memory order. NaN marks unvisited bins.
 * @param box side of the box in metres
 * @throws InputError for another type or shape, a file cut short, infinite values, or maps of NaN alone
 */
export function readNpy(bytes: Buffer, box: number): RateMaps {
  requirePositive("box", box, "metres");
  const header = readHeader(bytes);
  const { units, bins } = requireSizes(header.shape);
  const count = units * bins * bins;
  const wanted = header.dataStart + count * header.width;
  requireThat(
    bytes.length >= wanted,
    "file",
    `of ${bytes.length} bytes`,
    `${wanted} for shape [${header.shape.join(", ")}]`,
  );
  const stored = readNumbers(bytes, header, count);
  if (!header.fortranOrder) return requireMaps(units, bins, box, stored);
  const values = stored.map((_, i) => {
    const unit = Math.floor(i / (bins * bins));
    const row = Math.floor(i / bins) % bins;
    return stored[unit + units * (row + bins * (i % bins))]!;
  });
  return requireMaps(units, bins, box, values);
}

/**
 * Rate maps from JSON: an array [units][y][x] of numbers, with null for unvisited bins.
 * @param box side of the box in metres
 * @throws InputError for text that is not JSON, another shape, a value that is neither a number nor null, or nulls alone
 */
export function readJson(text: string, box: number): RateMaps {
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
