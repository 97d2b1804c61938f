import { Canvas } from "./canvas.ts";
import { sequential } from "./colours.ts";

/**
 * A square grid of numbers, [size, size], row by row, with the first row at the bottom. A value is null or NaN where
 * nothing is known.
 */
export interface Grid {
  size: number;
  values: readonly (number | null)[];
}

/** A grid as a PNG picture in a data URI. It has a pixel for each number, and its colours span the given scale. */
export function raster({ size, values }: Grid, scale: readonly [number, number]): string {
  if (values.length !== size * size) throw new Error(`a grid of ${values.length} numbers; expected ${size} x ${size}`);
  const canvas = new Canvas(size, size);
  canvas.grid(0, 0, size, values, scale);
  return dataUri(canvas);
}

/** The number of colours in the colour bar. */
const STEPS = 64;

/** The colours of rasters from low to high, as a PNG picture in a data URI. */
export function colourBar(): string {
  const canvas = new Canvas(STEPS, 1);
  for (let x = 0; x < STEPS; x++) canvas.dot(x, 0, sequential(x / (STEPS - 1)));
  return dataUri(canvas);
}

function dataUri(canvas: Canvas): string {
  return `data:image/png;base64,${canvas.png().toString("base64")}`;
}
