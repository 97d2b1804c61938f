import { Fourier } from "./fourier.ts";
import { mapOf } from "./rate-map.ts";
import type { RateMaps } from "./rate-map.ts";
import { deviation, mean } from "../statistics/statistics.ts";

/** Fewest overlapping visited bins for which a correlation is given. */
const MINIMUM_OVERLAP = 20;

/** An overlap whose variance is below this share of the whole map's variance counts as constant. */
const LEAST_VARIANCE = 1e-9;

/**
 * Correlations of a map with itself at every lag, [size, size] with size = 2 bins - 1: lag y, then lag x; the zero lag
 * stands in the middle. NaN where the correlation is undefined.
 */
export interface Autocorrelogram {
  size: number;
  values: Float64Array;
}

/**
 * M3 for maps that were visited in the same bins: what depends on the visits alone is computed once.
 *
 * Every sum over overlapping bins is a correlation of two grids, so it is a product of spectra on a padded grid:
 * n = m*m, S = x*m, Q = x^2*m, C = x*x, where m marks visited bins and x is the map, 0 where unvisited.
 * @spec M3
 */
export class Autocorrelator {
  readonly #bins: number;
  readonly #fourier: Fourier;
  readonly #visited: boolean[];
  readonly #visitedSpectrum: Float64Array;
  /** n at every lag of the padded grid. */
  readonly #overlap: Float64Array;
  readonly #minimumOverlap: number;
  /** Grids that are used again for every map: its spectrum, and the two that `#lagSums` gives. */
  readonly #grid: Float64Array;
  readonly #sums: Float64Array;
  readonly #products: Float64Array;

  /** @param visited [bins, bins], true where the maps have a value */
  constructor(bins: number, visited: boolean[], minimumOverlap: number = MINIMUM_OVERLAP) {
    const padded = 2 ** Math.ceil(Math.log2(2 * bins));
    this.#bins = bins;
    this.#visited = visited;
    this.#minimumOverlap = minimumOverlap;
    this.#fourier = new Fourier(padded);
    this.#grid = new Float64Array(2 * padded * padded);
    this.#sums = new Float64Array(2 * padded * padded);
    this.#products = new Float64Array(2 * padded * padded);
    const marks = Float64Array.from(visited, Number);
    this.#pad(marks, new Float64Array(marks.length));
    this.#visitedSpectrum = this.#fourier.forward(this.#grid).slice();
    const power = new Float64Array(2 * padded * padded);
    for (let i = 0; i < power.length; i += 2) {
      power[i] = this.#visitedSpectrum[i]! ** 2 + this.#visitedSpectrum[i + 1]! ** 2;
    }
    this.#overlap = this.#fourier.inverse(power);
  }

  /** Whether `map` has values in just the bins that this was made for. */
  fits(map: Float64Array): boolean {
    return this.#visited.every((there, bin) => there !== Number.isNaN(map[bin]));
  }

  /** The autocorrelogram of a map, [bins, bins]. */
  of(map: Float64Array): Autocorrelogram {
    const size = 2 * this.#bins - 1;
    const values = new Float64Array(size * size).fill(NaN);
    const standard = this.#standardised(map);
    if (standard === undefined) return { size, values };
    const { sums, products } = this.#lagSums(standard);

    const padded = this.#fourier.size;
    const at = (lagY: number, lagX: number): number =>
      2 * (((lagY + padded) % padded) * padded + ((lagX + padded) % padded));
    for (let lagY = 0; lagY < this.#bins; lagY++) {
      for (let lagX = 1 - this.#bins; lagX < this.#bins; lagX++) {
        const here = at(lagY, lagX);
        const opposite = at(-lagY, -lagX);
        const n = Math.round(this.#overlap[here]!);
        if (n < Math.max(2, this.#minimumOverlap)) continue;
        const varianceHere = n * sums[here + 1]! - sums[here]! ** 2;
        const varianceThere = n * sums[opposite + 1]! - sums[opposite]! ** 2;
        if (Math.min(varianceHere, varianceThere) < LEAST_VARIANCE * n * n) continue;
        const covariance = n * products[here]! - sums[here]! * sums[opposite]!;
        const correlation = Math.max(-1, Math.min(1, covariance / Math.sqrt(varianceHere * varianceThere)));
        const middle = this.#bins - 1;
        values[(middle + lagY) * size + middle + lagX] = correlation;
        values[(middle - lagY) * size + middle - lagX] = correlation;
      }
    }
    return { size, values };
  }

  /** The map with mean 0 and variance 1 over visited bins, 0 elsewhere; undefined for a constant map. */
  #standardised(map: Float64Array): Float64Array | undefined {
    const present = map.filter((_, bin) => this.#visited[bin]);
    const [middle, spread] = [mean(present), deviation(present)];
    const scale = present.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (!(spread > 1e-12 * scale)) return undefined;
    return map.map((value, bin) => (this.#visited[bin] ? (value - middle) / spread : 0));
  }

  /** At every lag, over the overlap: sums = (S, Q) of the bins that are matched with bins one lag on; products = (C, 0). */
  #lagSums(x: Float64Array): { sums: Float64Array; products: Float64Array } {
    const padded = this.#fourier.size;
    const squares = x.map((value) => value * value);
    this.#pad(x, squares);
    const spectrum = this.#fourier.forward(this.#grid);
    const [sums, products] = [this.#sums, this.#products];
    for (let row = 0; row < padded; row++) {
      for (let column = 0; column < padded; column++) {
        const k = 2 * (row * padded + column);
        const minus = 2 * (((padded - row) % padded) * padded + ((padded - column) % padded));
        // The spectra of x and of x^2, parted by their symmetry: both grids are real.
        const xRe = (spectrum[k]! + spectrum[minus]!) / 2;
        const xIm = (spectrum[k + 1]! - spectrum[minus + 1]!) / 2;
        const qRe = (spectrum[k + 1]! + spectrum[minus + 1]!) / 2;
        const qIm = (spectrum[minus]! - spectrum[k]!) / 2;
        const mRe = this.#visitedSpectrum[k]!;
        const mIm = this.#visitedSpectrum[k + 1]!;
        // conj(x) m + i conj(q) m: the inverse transform has S as its real part and Q as its imaginary part.
        const sRe = xRe * mRe + xIm * mIm;
        const sIm = xRe * mIm - xIm * mRe;
        const tRe = qRe * mRe + qIm * mIm;
        const tIm = qRe * mIm - qIm * mRe;
        sums[k] = sRe - tIm;
        sums[k + 1] = sIm + tRe;
        products[k] = xRe * xRe + xIm * xIm;
        products[k + 1] = 0;
      }
    }
    return { sums: this.#fourier.inverse(sums), products: this.#fourier.inverse(products) };
  }

  /** Fills the grid with real + i imaginary, padded with zeros. */
  #pad(real: Float64Array, imaginary: Float64Array): void {
    const padded = this.#fourier.size;
    this.#grid.fill(0);
    for (let row = 0; row < this.#bins; row++) {
      for (let column = 0; column < this.#bins; column++) {
        const to = 2 * (row * padded + column);
        this.#grid[to] = real[row * this.#bins + column]!;
        this.#grid[to + 1] = imaginary[row * this.#bins + column]!;
      }
    }
  }
}

/**
 * M3. The autocorrelogram of one map, [bins, bins]: at each lag the Pearson correlation of the map with itself shifted,
 * over the bins that are visited in both; NaN below the minimum overlap or where the overlap is constant.
 * @spec M3
 */
export function autocorrelogram(
  map: Float64Array,
  bins: number,
  minimumOverlap: number = MINIMUM_OVERLAP,
): Autocorrelogram {
  const visited = Array.from(map, (value) => !Number.isNaN(value));
  return new Autocorrelator(bins, visited, minimumOverlap).of(map);
}

/** The autocorrelograms of the given units of `maps`, in their order; `onShare` hears which share of them is done. */
export function autocorrelograms(
  maps: RateMaps,
  units: readonly number[],
  onShare: (done: number) => void = () => undefined,
): Autocorrelogram[] {
  let correlator: Autocorrelator | undefined;
  return units.map((unit, i) => {
    onShare(i / units.length);
    const map = mapOf(maps, unit);
    if (!correlator?.fits(map)) {
      correlator = new Autocorrelator(
        maps.bins,
        Array.from(map, (value) => !Number.isNaN(value)),
      );
    }
    return correlator.of(map);
  });
}

/** The mean of autocorrelograms of one size, lag by lag, over those that are defined there. */
export function meanAutocorrelogram(list: readonly Autocorrelogram[]): Autocorrelogram {
  const { size } = list[0]!;
  const values = Float64Array.from({ length: size * size }, (_, lag) => {
    const there = list.map((one) => one.values[lag]!).filter((value) => !Number.isNaN(value));
    return there.length === 0 ? NaN : there.reduce((sum, value) => sum + value, 0) / there.length;
  });
  return { size, values };
}

/**
 * The value of an autocorrelogram at a lag of (x, y) bins, bilinear between the four lags around it.
 * NaN outside, and where one of those four (that has a weight) is NaN. Coordinates within 1e-6 of a whole number count as
 * whole, so that a turn by 90 degrees asks for one lag only.
 */
export function at(correlogram: Autocorrelogram, x: number, y: number): number {
  const { size, values } = correlogram;
  const middle = (size - 1) / 2;
  const column = snapped(x + middle);
  const row = snapped(y + middle);
  const left = Math.floor(column);
  const below = Math.floor(row);
  const right = Math.ceil(column);
  const above = Math.ceil(row);
  if (left < 0 || below < 0 || right >= size || above >= size) return NaN;
  const shareX = column - left;
  const shareY = row - below;
  const lower = values[below * size + left]! * (1 - shareX) + values[below * size + right]! * shareX;
  const upper = values[above * size + left]! * (1 - shareX) + values[above * size + right]! * shareX;
  return lower * (1 - shareY) + upper * shareY;
}

/** A coordinate that rounding has moved off a whole number, put back. */
function snapped(coordinate: number): number {
  const whole = Math.round(coordinate);
  return Math.abs(coordinate - whole) < 1e-6 ? whole : coordinate;
}

/**
 * Radius of the central peak, in bins: the first whole radius at which the mean over the ring of lags around it is 0 or
 * less, or is about to rise again. NaN when that does not happen within the autocorrelogram.
 */
export function centralRadius(correlogram: Autocorrelogram): number {
  const { size, values } = correlogram;
  const middle = (size - 1) / 2;
  const sums = new Float64Array(middle + 1);
  const counts = new Float64Array(middle + 1);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const ring = Math.round(Math.sqrt((row - middle) ** 2 + (column - middle) ** 2));
      const value = values[row * size + column]!;
      if (ring > middle || Number.isNaN(value)) continue;
      sums[ring]! += value;
      counts[ring]! += 1;
    }
  }
  for (let ring = 1; ring < middle; ring++) {
    const mean = sums[ring]! / counts[ring]!;
    if (mean <= 0 || sums[ring + 1]! / counts[ring + 1]! > mean) return ring;
  }
  return NaN;
}
