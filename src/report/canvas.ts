import font from "oled-font-5x7";
import { PNG } from "pngjs";
import { sequential, UNKNOWN, type Colour } from "./colours.ts";

/** Height of a line of text, in pixels. */
export const LINE = 2 * font.height + 6;

const INK: Colour = [30, 30, 30];

/** A white picture of a given size to paint on. */
export class Canvas {
  readonly #png: PNG;

  constructor(width: number, height: number) {
    this.#png = new PNG({ width, height, colorType: 2 });
    this.#png.data.fill(255);
  }

  /** Paints one pixel, counted from the upper left corner. Nothing is painted outside the picture. */
  dot(x: number, y: number, [red, green, blue]: Colour): void {
    if (x < 0 || y < 0 || x >= this.#png.width || y >= this.#png.height) return;
    const start = 4 * (y * this.#png.width + x);
    this.#png.data[start] = red;
    this.#png.data[start + 1] = green;
    this.#png.data[start + 2] = blue;
  }

  /**
   * Writes a line of text with its upper left corner at (x, y). Each dot of the font is 2 x 2 pixels. Characters that
   * the font lacks are left blank.
   */
  text(x: number, y: number, line: string): void {
    Array.from(line).forEach((character, place) => {
      const glyph = font.lookup.indexOf(character);
      for (let column = 0; column < font.width && glyph >= 0; column++) {
        const bits = font.fontData[glyph * font.width + column]!;
        for (let row = 0; row < font.height; row++) {
          if ((bits >> row) & 1) this.#square(x + 2 * (place * (font.width + 1) + column), y + 2 * row, INK);
        }
      }
    });
  }

  #square(x: number, y: number, colour: Colour): void {
    for (const dy of [0, 1]) for (const dx of [0, 1]) this.dot(x + dx, y + dy, colour);
  }

  /**
   * Paints a square grid of values, [size, size] with its first row at the bottom, into a square of `side` pixels.
   * The colours run from `low` to `high`. Values that are null or NaN are grey.
   */
  grid(
    x: number,
    y: number,
    side: number,
    values: ArrayLike<number | null>,
    [low, high]: readonly [number, number],
  ): void {
    const size = Math.sqrt(values.length);
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++) {
        const gridRow = size - 1 - Math.floor((row * size) / side);
        const value = values[gridRow * size + Math.floor((column * size) / side)] ?? NaN;
        this.dot(x + column, y + row, Number.isNaN(value) ? UNKNOWN : sequential((value - low) / (high - low || 1)));
      }
    }
  }

  /** The picture as the bytes of a PNG file. */
  png(): Buffer {
    return PNG.sync.write(this.#png, { colorType: 2, deflateStrategy: 0, filterType: 0 });
  }
}
