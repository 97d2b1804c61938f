import { sequential, UNKNOWN } from "../../report/colours.ts";
import { mapScale } from "../../report/map-scale.ts";
import type { Grid } from "../messages.ts";
import { make } from "./dom.ts";

/** A grid as a canvas with a pixel for each number, in the colours of all maps. */
export function mapCanvas(kind: "rates" | "autocorrelogram", grid: Grid, name: string): HTMLCanvasElement {
  const canvas = make("canvas", { className: "map" });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", name);
  paint(canvas, kind, grid);
  return canvas;
}

/** Paints a square grid, its first row at the bottom, on a canvas that takes its size. */
export function paint(canvas: HTMLCanvasElement, kind: "rates" | "autocorrelogram", grid: Grid): void {
  const size = Math.sqrt(grid.length);
  const [low, high] = mapScale(kind, grid);
  canvas.width = canvas.height = size;
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(size, size);
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const value = grid[(size - 1 - row) * size + column]!;
      const colour = Number.isNaN(value) ? UNKNOWN : sequential((value - low) / (high - low || 1));
      image.data.set([...colour, 255], 4 * (row * size + column));
    }
  context.putImageData(image, 0, 0);
}
