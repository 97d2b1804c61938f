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

  /** Makes `grid` its spectrum, and returns it. */
  forward(grid: Float64Array): Float64Array {
    return this.#passes(grid, (out, row) => {
      this.#fft.transform(out, row);
    });
  }

  /** Makes `spectrum` the grid whose spectrum it is, and returns it. */
  inverse(spectrum: Float64Array): Float64Array {
    return this.#passes(spectrum, (out, row) => {
      this.#fft.inverseTransform(out, row);
    });
  }

  #passes(grid: Float64Array, transform: (out: Float64Array, row: Float64Array) => void): Float64Array {
    this.#rows(grid, transform);
    this.#transpose(grid);
    this.#rows(grid, transform);
    return grid;
  }

  #rows(grid: Float64Array, transform: (out: Float64Array, row: Float64Array) => void): void {
    for (let start = 0; start < grid.length; start += 2 * this.size) {
      const row = grid.subarray(start, start + 2 * this.size);
      if (isZero(row)) continue; // as the padding of a grid is
      transform(this.#row, row);
      row.set(this.#row);
    }
  }

  #transpose(grid: Float64Array): void {
    for (let row = 0; row < this.size; row++) {
      for (let column = 0; column < row; column++) {
        const here = 2 * (row * this.size + column);
        const there = 2 * (column * this.size + row);
        const re = grid[here]!;
        const im = grid[here + 1]!;
        grid[here] = grid[there]!;
        grid[here + 1] = grid[there + 1]!;
        grid[there] = re;
        grid[there + 1] = im;
      }
    }
  }
}

function isZero(row: Float64Array): boolean {
  for (let i = 0; i < row.length; i++) if (row[i] !== 0) return false;
  return true;
}
