import font from "oled-font-5x7";
import { PNG } from "pngjs";

/** Red, green and blue, 0 to 255 each. */
export type Colour = readonly [number, number, number];

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

  /** Paints one pixel, counted from the upper left corner; nothing outside the picture. */
  dot(x: number, y: number, [red, green, blue]: Colour): void {
    if (x < 0 || y < 0 || x >= this.#png.width || y >= this.#png.height) return;
    const start = 4 * (y * this.#png.width + x);
    this.#png.data[start] = red;
    this.#png.data[start + 1] = green;
    this.#png.data[start + 2] = blue;
  }

  /** Writes a line of text with its upper left corner at (x, y), each dot of the font as 2 x 2 pixels. Characters that the font lacks are left blank. */
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
   * Values from `low` to `high` go through the colours, NaN is grey.
   */
  grid(x: number, y: number, side: number, values: Float64Array, low: number, high: number): void {
    const size = Math.sqrt(values.length);
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++) {
        const gridRow = size - 1 - Math.floor((row * size) / side);
        const value = values[gridRow * size + Math.floor((column * size) / side)]!;
        this.dot(x + column, y + row, Number.isNaN(value) ? MISSING : colourOf((value - low) / (high - low || 1)));
      }
    }
  }

  /** The picture as the bytes of a PNG file. */
  png(): Buffer {
    return PNG.sync.write(this.#png, { colorType: 2, deflateStrategy: 0, filterType: 0 });
  }
}

const MISSING: Colour = [200, 200, 200];

/** Dark blue, blue, cyan, green, yellow, orange, red: low to high. */
const SCALE: readonly Colour[] = [
  [24, 24, 96],
  [33, 84, 190],
  [54, 170, 214],
  [94, 201, 130],
  [240, 228, 80],
  [244, 140, 40],
  [178, 18, 30],
];

/** Few enough colours for a small file. */
const STEPS = 60;

/** The colour of a share from 0 to 1, linear between those of SCALE; shares beyond take the nearest. */
export function colourOf(share: number): Colour {
  const step = Math.round(Math.max(0, Math.min(1, share)) * STEPS) / STEPS;
  const place = step * (SCALE.length - 1);
  const below = Math.min(SCALE.length - 2, Math.floor(place));
  const part = (channel: 0 | 1 | 2): number =>
    Math.round(SCALE[below]![channel] * (below + 1 - place) + SCALE[below + 1]![channel] * (place - below));
  return [part(0), part(1), part(2)];
}
