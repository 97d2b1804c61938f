import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { requireThat } from "../io/require.ts";

/** A cloud of points seen along its principal axes. */
export interface Principal {
  /** [count, dimensions], row-major: coordinates along the axes, the one with the largest variance first, less the mean. */
  coordinates: Float64Array;
  /** The share of the variance along each axis. */
  shares: number[];
}

/**
 * C5. Principal components of points.
 * @param points [count, width], row-major
 * @param dimensions how many axes; at most `width`
 * @throws InputError for a length that is no multiple of `width`, or more axes than that
 */
export function principal(points: ArrayLike<number>, width: number, dimensions: number): Principal {
  const count = points.length / width;
  requireThat(Number.isInteger(count) && count > 0, "points", `of length ${points.length}`, `a multiple of ${width}`);
  requireThat(dimensions <= width, "dimensions", dimensions, `at most ${width}`);
  const means = new Float64Array(width);
  for (let i = 0; i < points.length; i++) means[i % width]! += points[i]! / count;
  const centred = Float64Array.from(points, (value, i) => value - means[i % width]!);
  const covariance = Matrix.zeros(width, width);
  for (let row = 0; row < width; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = 0;
      for (let start = 0; start < centred.length; start += width)
        sum += centred[start + row]! * centred[start + column]!;
      covariance.set(row, column, sum / count);
      covariance.set(column, row, sum / count);
    }
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, { assumeSymmetric: true });
  const order = realEigenvalues.map((_, i) => i).sort((i, j) => realEigenvalues[j]! - realEigenvalues[i]!);
  const total = realEigenvalues.reduce((sum, value) => sum + Math.max(0, value), 0);
  const axes = order.slice(0, dimensions).map((axis) => eigenvectorMatrix.getColumn(axis));
  const coordinates = new Float64Array(count * dimensions);
  for (let point = 0; point < count; point++) {
    axes.forEach((axis, d) => {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += axis[i]! * centred[point * width + i]!;
      coordinates[point * dimensions + d] = sum;
    });
  }
  return {
    coordinates,
    shares: order.slice(0, dimensions).map((axis) => (total > 0 ? Math.max(0, realEigenvalues[axis]!) / total : 0)),
  };
}
