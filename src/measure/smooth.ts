/** The weights of a Gaussian of standard deviation `sigma` (in bins) at -reach .. reach, reach = ceil(3 sigma). */
function gaussian(sigma: number): Float64Array {
  const reach = Math.ceil(3 * sigma);
  return Float64Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-0.5 * ((i - reach) / sigma) ** 2));
}

/** Two grids of one size. */
type Two = readonly [Float64Array, Float64Array];

/** Weighted sums of two grids along their rows, written with x and y exchanged; what lies outside a grid counts as 0. */
function convolveRows([values, there]: Two, size: number, weights: Float64Array): Two {
  const reach = (weights.length - 1) / 2;
  const [sums, shares] = [new Float64Array(values.length), new Float64Array(values.length)];
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const first = Math.max(-reach, -column);
      const last = Math.min(reach, size - 1 - column);
      const here = row * size + column;
      let sum = 0;
      let share = 0;
      for (let k = first; k <= last; k++) {
        const weight = weights[k + reach]!;
        sum += weight * values[here + k]!;
        share += weight * there[here + k]!;
      }
      sums[column * size + row] = sum;
      shares[column * size + row] = share;
    }
  }
  return [sums, shares];
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
  const [sums, shares] = convolveRows(convolveRows([values, there], size, weights), size, weights);
  for (let i = 0; i < grid.length; i++) sums[i] = there[i] === 1 ? sums[i]! / shares[i]! : NaN;
  return sums;
}
