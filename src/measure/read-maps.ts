import { InputError } from "../io/error.ts";
import { parseJson } from "../io/json.ts";
import { readNpy, type NumberArray } from "../io/npy.ts";
import { readNpz } from "../io/npz.ts";
import { requireThat } from "../io/require.ts";
import { BOX } from "./rate-map.ts";
import type { RateMaps } from "./rate-map.ts";

/** Bytes that a file of rate maps may have: 512 MiB. In memory its numbers take up to four times as much. */
export const LARGEST_FILE = 2 ** 29;

/** A box this large is doubted to be in metres. */
const LARGE_BOX = 20;

const AXES = ["unit", "y", "x"] as const;

/** An axis of rate maps. */
export type Axis = (typeof AXES)[number];

/** How a file is to be read. */
export interface Reading {
  /** Side of the box, in metres. */
  box: number;
  /** The axes in the order in which the file has them; unit, y, x if left out, or y, x for one map. */
  axes?: readonly Axis[];
  /** Axes that the file has the other way round: y downwards, x leftwards. */
  flip?: readonly Axis[];
  /** Name of the array in a .npz file. */
  array?: string;
}

/** Rate maps, and what a user should know about how they were read. */
export interface ReadMaps {
  maps: RateMaps;
  hints: string[];
}

/** What to do with files that are not read, by the end of their name. */
const ADVICE: readonly [RegExp, string][] = [
  [/\.mat$/i, "scipy.io.loadmat (or h5py for v7.3)"],
  [/\.(h5|hdf5)$/i, "h5py.File"],
  [/\.nwb$/i, "pynwb.NWBHDF5IO"],
  [/\.(csv|tsv|txt|dat)$/i, "numpy.loadtxt, one map a row, reshaped to [units, y, x]"],
  [/\.(pkl|pickle)$/i, "pickle.load"],
  [/\.(pt|pth)$/i, "torch.load"],
  [/\.(xlsx?|parquet|feather)$/i, "pandas"],
];

/** Refuses what cannot be read, by the end of a file's name, and says what to do. */
function requireReadable(file: string): void {
  const [, how] = ADVICE.find(([ending]) => ending.test(file)) ?? [];
  if (how === undefined) return;
  throw new InputError(
    `${file} is of a type that is not read; load it in Python with ${how}, and write it with numpy.save("maps.npy", maps)`,
  );
}

/** The order of the axes of an array with so many of them. */
function axesOf(count: number, axes: readonly Axis[] | undefined): readonly Axis[] {
  if (axes === undefined) {
    requireThat(count === 2 || count === 3, "number of axes", count, "3 (unit, y, x), or 2 (y, x) for one map");
    return count === 2 ? ["y", "x"] : AXES;
  }
  requireThat(axes.length === count, "--axes", axes.join(","), `${count} names, as the array has so many axes`);
  return axes;
}

/** Rate maps from an array with axes in any order. */
function mapsFromArray({ shape, values }: NumberArray, { box, axes, flip = [] }: Reading): ReadMaps {
  requireThat(box >= BOX.least && box <= BOX.most, "box", box, `a number of metres from ${BOX.least} to ${BOX.most}`);
  const order = axesOf(shape.length, axes);
  const size = (axis: Axis): number => (order.includes(axis) ? shape[order.indexOf(axis)]! : 1);
  const stride = (axis: Axis): number =>
    order.includes(axis) ? shape.slice(order.indexOf(axis) + 1).reduce((product, length) => product * length, 1) : 0;
  const [units, bins] = [size("unit"), size("y")];
  const fits = units >= 1 && bins >= 8 && size("x") === bins;
  requireThat(fits, "shape", `[${shape.join(", ")}]`, `[${order.join(", ")}] with y equal to x and at least 8`);
  const [alongUnit, alongY, alongX] = [stride("unit"), stride("y"), stride("x")];
  const place = (axis: Axis, index: number): number => (flip.includes(axis) ? bins - 1 - index : index);
  const plain = axes === undefined && flip.length === 0;
  const sorted = plain
    ? values
    : Float64Array.from({ length: values.length }, (_, i) => {
        const unit = Math.floor(i / (bins * bins));
        const [y, x] = [place("y", Math.floor(i / bins) % bins), place("x", i % bins)];
        return values[unit * alongUnit + y * alongY + x * alongX]!;
      });
  const infinite = sorted.findIndex((value) => Math.abs(value) === Infinity);
  requireThat(infinite < 0, `value ${infinite}`, sorted[infinite], "a finite number, or NaN for an unvisited bin");
  requireThat(!sorted.every(Number.isNaN), "every value", NaN, "a finite number in the visited bins");
  const hints = [];
  if (axes === undefined && units === bins)
    hints.push(
      `all three axes have ${bins} entries; they were read as unit, y, x: name them with --axes if that is wrong`,
    );
  if (box >= LARGE_BOX)
    hints.push(`the box has a side of ${box} m; if these are centimetres, all lengths here are centimetres, too`);
  return { maps: { units, bins, box, values: sorted }, hints };
}

/**
 * Rate maps from the bytes of a .npy file [units, y, x], or [y, x] for one map, of floats, integers or booleans. NaN marks
 * unvisited bins.
 * @throws InputError for another type or shape, a file cut short, infinite values, or maps of NaN alone
 */
export function mapsFromNpy(bytes: Buffer, reading: Reading): ReadMaps {
  return mapsFromArray(readNpy(bytes), reading);
}

/**
 * Rate maps from JSON: an array [units][y][x], or [y][x] for one map, of numbers, with null for unvisited bins.
 * @throws InputError for text that is not JSON, another shape, a value that is neither a number nor null, or nulls alone
 */
export function mapsFromJson(text: string, reading: Reading): ReadMaps {
  const outer = parse(text);
  const shape: number[] = [];
  for (let inner: unknown = outer; Array.isArray(inner); inner = inner[0] as unknown) shape.push(inner.length);
  requireThat(
    shape.length === 2 || shape.length === 3,
    "JSON",
    `arrays of depth ${shape.length}`,
    "numbers as in [units][y][x]",
  );
  const place: number[] = []; // of the value that is being read
  const name = (): string => `JSON${place.map((index) => `[${index}]`).join("")}`;
  const read = (value: unknown, take: (value: number | null) => void): void => {
    if (place.length === shape.length) {
      const isValue = value === null || typeof value === "number";
      if (!isValue) requireThat(false, name(), value, "a number or null");
      take(value);
      return;
    }
    const expected = shape[place.length]!;
    const length = Array.isArray(value) ? value.length : NaN;
    if (length !== expected)
      requireThat(false, name(), `an array of ${length}`, `an array of ${expected}, like the first`);
    for (const [index, one] of (value as unknown[]).entries()) {
      place.push(index);
      read(one, take);
      place.pop();
    }
  };
  // The shape is that of the first of each list. Only when all others have been found to have it, is memory taken for it.
  read(outer, () => undefined);
  const values = new Float64Array(shape.reduce((product, length) => product * length, 1));
  let count = 0;
  read(outer, (value) => (values[count++] = value ?? NaN));
  return mapsFromArray({ shape, values }, reading);
}

function parse(text: string): unknown {
  try {
    return parseJson(text, "JSON");
  } catch (error) {
    const hint = /\bNaN\b|\bInfinity\b/.test(text) ? " (Python writes NaN, which JSON does not have: write null)" : "";
    throw error instanceof InputError && hint !== "" ? new InputError(error.message + hint) : error;
  }
}

/**
 * Rate maps from the bytes of a .npy, .npz or .json file.
 * @param file its name, whose end says what it is
 * @throws InputError for a file that is not one of these or does not fit
 */
export async function readMaps(file: string, bytes: Buffer, reading: Reading): Promise<ReadMaps> {
  requireReadable(file);
  try {
    if (/\.json$/i.test(file)) return mapsFromJson(bytes.toString("utf8"), reading);
    if (/\.npz$/i.test(file)) {
      const { array, axes = AXES } = reading;
      return mapsFromArray(await readNpz(bytes, { name: array, axes: axes.length, most: LARGEST_FILE }), reading);
    }
    return mapsFromNpy(bytes, reading);
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${file}: ${error.message}`) : error;
  }
}

/** An option's text as axes. */
export function parseAxes(text: string): Axis[] {
  const axes = text.split(",").map((name) => name.trim().replace(/^units?$/, "unit"));
  const known = axes.every((axis) => (AXES as readonly string[]).includes(axis));
  requireThat(known && new Set(axes).size === axes.length, "axes", text, "some of unit, y and x with commas between");
  return axes as Axis[];
}
