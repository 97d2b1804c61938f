/** The weights of a Gaussian of standard deviation `sigma` (in bins) at -reach .. reach, reach = ceil(3 sigma). */
function gaussian(sigma: number): Float64Array {
  const reach = Math.ceil(3 * sigma);
  return Float64Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-0.5 * ((i - reach) / sigma) ** 2));
}

/** Weighted sums of a grid along its rows, written with x and y exchanged; what lies outside the grid counts as 0. */
function convolveRows(grid: Float64Array, size: number, weights: Float64Array): Float64Array {
  const reach = (weights.length - 1) / 2;
  const out = new Float64Array(grid.length);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const first = Math.max(-reach, -column);
      const last = Math.min(reach, size - 1 - column);
      const here = row * size + column;
      let sum = 0;
      for (let k = first; k <= last; k++) sum += weights[k + reach]! * grid[here + k]!;
      out[column * size + row] = sum;
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
  const values = new Float64Array(grid.length);
  const there = new Float64Array(grid.length);
  for (let i = 0; i < grid.length; i++) {
    if (Number.isNaN(grid[i]!)) continue;
    values[i] = grid[i]!;
    there[i] = 1;
  }
  const sums = convolveRows(convolveRows(values, size, weights), size, weights);
  const shares = convolveRows(convolveRows(there, size, weights), size, weights);
  for (let i = 0; i < grid.length; i++) sums[i] = there[i] === 1 ? sums[i]! / shares[i]! : NaN;
  return sums;
}
