import { PNG } from "pngjs";
import { sequential, UNKNOWN } from "./colours.ts";

/** A square grid of numbers, [size, size], row-major, first row at the bottom; null or NaN where nothing is known. */
export interface Grid {
  size: number;
  values: readonly (number | null)[];
}

/** The grid's lowest and highest known number; [0, 0] when it has none. */
export function range({ values }: Grid): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value === null || Number.isNaN(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : [0, 0];
}

/** A grid as a PNG picture in a data URI, a pixel a number, coloured from `low` to `high`. */
export function raster({ size, values }: Grid, low: number, high: number): string {
  if (values.length !== size * size) throw new Error(`a grid of ${values.length} numbers; expected ${size} x ${size}`);
  return paint(size, size, (x, y) => {
    const value = values[(size - 1 - y) * size + x] ?? NaN;
    return Number.isNaN(value) ? UNKNOWN : sequential((value - low) / (high - low || 1));
  });
}

/** The colours of rasters from low to high, as a PNG picture in a data URI. */
export function colourBar(): string {
  return paint(64, 1, (x) => sequential(x / 63));
}

function paint(width: number, height: number, colour: (x: number, y: number) => readonly number[]): string {
  const png = new PNG({ width, height, colorType: 2 });
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) png.data.set([...colour(x, y), 255], 4 * (y * width + x));
  return `data:image/png;base64,${PNG.sync.write(png, { colorType: 2, filterType: 0, deflateStrategy: 0 }).toString("base64")}`;
}
