/** The weights of a Gaussian of standard deviation `sigma` (in bins) at -reach .. reach, reach = ceil(3 sigma). */
function gaussian(sigma: number): Float64Array {
  const reach = Math.ceil(3 * sigma);
  return Float64Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-0.5 * ((i - reach) / sigma) ** 2));
}

/** Sums of `grid` along one axis weighted by `weights`; what lies outside the grid counts as 0. */
function convolve(grid: Float64Array, size: number, weights: Float64Array, alongRows: boolean): Float64Array {
  const reach = (weights.length - 1) / 2;
  const stride = alongRows ? 1 : size;
  const out = new Float64Array(grid.length);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const along = alongRows ? column : row;
      const here = row * size + column;
      const first = Math.max(-reach, -along);
      const last = Math.min(reach, size - 1 - along);
      let sum = 0;
      for (let k = first; k <= last; k++) sum += weights[k + reach]! * grid[here + k * stride]!;
      out[here] = sum;
    }
  }
  return out;
}

/**
 * Gaussian smoothing of a square grid that leaves out NaN: each value becomes the weighted mean of the values around it
 * that are there, and NaN stays NaN.
 * @param grid [size, size]
 * @param sigma standard deviation in bins; 0 returns a copy
 */
export function smooth(grid: Float64Array, size: number, sigma: number): Float64Array {
  if (sigma === 0) return Float64Array.from(grid);
  const weights = gaussian(sigma);
  const spread = (values: Float64Array): Float64Array =>
    convolve(convolve(values, size, weights, true), size, weights, false);
  const sums = spread(grid.map((value) => (Number.isNaN(value) ? 0 : value)));
  const shares = spread(grid.map((value) => (Number.isNaN(value) ? 0 : 1)));
  return grid.map((value, i) => (Number.isNaN(value) ? NaN : sums[i]! / shares[i]!));
}
