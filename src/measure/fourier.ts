import FFT from "fft.js";

/**
 * Discrete Fourier transforms of square grids of complex numbers, size x size, size a power of two.
 *
 * Grids are interleaved (real, imaginary). The spectrum comes with its axes swapped, [x frequency, y frequency], and
 * `inverse` takes it so: products of spectra do not care, and two transpositions are saved.
 */
export class Fourier {
  readonly size: number;
  readonly #fft: FFT;
  readonly #row: Float64Array;

  constructor(size: number) {
    this.size = size;
    this.#fft = new FFT(size);
    this.#row = new Float64Array(2 * size);
  }

  /** The spectrum of `grid`, which is overwritten. */
  forward(grid: Float64Array): Float64Array {
    return this.#passes(grid, (out, row) => {
      this.#fft.transform(out, row);
    });
  }

  /** The grid whose spectrum is `spectrum`, which is overwritten. */
  inverse(spectrum: Float64Array): Float64Array {
    return this.#passes(spectrum, (out, row) => {
      this.#fft.inverseTransform(out, row);
    });
  }

  #passes(grid: Float64Array, transform: (out: Float64Array, row: Float64Array) => void): Float64Array {
    this.#rows(grid, transform);
    const swapped = this.#transposed(grid);
    this.#rows(swapped, transform);
    return swapped;
  }

  #rows(grid: Float64Array, transform: (out: Float64Array, row: Float64Array) => void): void {
    for (let start = 0; start < grid.length; start += 2 * this.size) {
      const row = grid.subarray(start, start + 2 * this.size);
      transform(this.#row, row);
      row.set(this.#row);
    }
  }

  #transposed(grid: Float64Array): Float64Array {
    const out = new Float64Array(grid.length);
    for (let row = 0; row < this.size; row++) {
      for (let column = 0; column < this.size; column++) {
        const from = 2 * (row * this.size + column);
        const to = 2 * (column * this.size + row);
        out[to] = grid[from]!;
        out[to + 1] = grid[from + 1]!;
      }
    }
    return out;
  }
}
