import * as tf from "@tensorflow/tfjs-core";

const BLOCK = 2 ** 22; // pairs of L1; no tensor over more of them is ever made

/** A sum over ordered pairs i != j of states, and how many pairs it has. A pair at sigma_x exactly is neither near nor far. */
export interface PairSum {
  sum: tf.Scalar;
  count: tf.Scalar;
}

/**
 * The sum behind L1 for states g [Q, N] at positions x [Q][2]: of exp(-||g_i - g_j||^2 / (2 sigma_g^2)) over
 * ||x_i - x_j|| > sigma_x, block by block.
 *
 * One operation with its own gradient. With E_ij the similarity of a far pair (else 0),
 *   d sum / d g_i = -2 / sigma_g^2 * sum_j E_ij (g_i - g_j),
 * and a product of E with the columns [g, 1] gives both parts of it. Distances come from the products g_i . g_j of
 * states less their mean, which leaves distances alone and keeps float32 exact where all states are close together. @spec L1
 */
export function farSum(states: tf.Tensor2D, positions: number[][], sigmaX: number, sigmaG: number): PairSum {
  const [count] = states.shape;
  const run = tf.customGrad((...inputs) => {
    const [states, save] = inputs as [tf.Tensor2D, tf.GradSaveFunc];
    const g = tf.sub(states, tf.mean(states, 0, true));
    const square = tf.sum(tf.square(g), 1, true);
    const ones = tf.onesLike(square);
    const columns = tf.concat([g, ones, square], 1);
    const exponents = tf.transpose<tf.Tensor>(tf.div(tf.concat([tf.mul(g, -2), square, ones], 1), -2 * sigmaG ** 2));
    const [x, y] = tf.split(tf.tensor2d(positions), 2, 1) as [tf.Tensor2D, tf.Tensor2D];
    const height = Math.max(1, Math.floor(BLOCK / count));
    const block = (_: unknown, k: number): { sums: tf.Tensor; count: tf.Tensor } =>
      tf.tidy(() => {
        const size = Math.min(height, count - k * height);
        const rows = (t: tf.Tensor): tf.Tensor2D => tf.slice(t as tf.Tensor2D, [k * height, 0], [size, -1]);
        const apart = tf.addN([x, y].map((axis) => tf.squaredDifference(rows(axis), tf.transpose(axis))));
        const far = tf.cast(tf.greater(apart, sigmaX ** 2), "float32");
        const similarity = tf.mul(far, tf.exp(tf.matMul(rows(columns), exponents)));
        return { sums: tf.matMul(similarity, columns), count: tf.sum(far) };
      });
    const blocks = Array.from({ length: Math.ceil(count / height) }, block);
    // Along the columns [g, 1, |g|^2]: sum_j E_ij g_j, sum_j E_ij, unused.
    const [others, own] = tf.split(tf.concat(blocks.map((b) => b.sums)), [g.shape[1]!, 1, 1], 1);
    save([tf.sub(tf.mul(g, own!), others!)]);
    const value = tf.stack([tf.sum(own!), tf.addN(blocks.map((b) => b.count))]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor =>
      tf.mul(saved[0]!, tf.mul(tf.slice(dy, [0], [1]), -2 / sigmaG ** 2));
    return { value, gradFunc };
  });
  const [sum, far] = tf.unstack(run(states)) as tf.Scalar[];
  return { sum: sum!, count: far! };
}

/** The sum behind L2 for states g [P, N] at positions x [P][2]: of ||g_i - g_j||^2 over ||x_i - x_j|| < sigma_x. @spec L2 */
export function nearSum(states: tf.Tensor2D, positions: number[][], sigmaX: number): PairSum {
  const [first, second] = nearPairs(positions, sigmaX);
  if (first.length === 0) return { sum: tf.mul(0, tf.sum(states)), count: tf.scalar(0) };
  const apart = tf.sub(selectRows(states, first), selectRows(states, second));
  return { sum: tf.mul(2, tf.sum(tf.sum(tf.square(apart), 1))), count: tf.scalar(2 * first.length) };
}

/**
 * The pairs of positions that are less than sigma_x apart, each once, as its two ends, in float64. Positions are taken in the
 * order of their x, so that only those in a strip of width sigma_x are compared. @spec L2
 */
function nearPairs(positions: number[][], sigmaX: number): [first: Int32Array, second: Int32Array] {
  const unsorted = Float64Array.from(positions, (place) => place[0]!);
  const order = Int32Array.from(positions.keys()).sort((i, j) => unsorted[i]! - unsorted[j]!);
  const [x, y] = [0, 1].map((axis) => Float64Array.from(order, (i) => positions[i]![axis]!));
  const [first, second]: [number[], number[]] = [[], []];
  for (let a = 0; a < order.length; a++)
    for (let b = a + 1; b < order.length && x![b]! - x![a]! < sigmaX; b++)
      if (Math.sqrt((x![b]! - x![a]!) ** 2 + (y![b]! - y![a]!) ** 2) < sigmaX) {
        first.push(order[a]!);
        second.push(order[b]!);
      }
  return [Int32Array.from(first), Int32Array.from(second)];
}

/** The rows of g [P, N] at `indices`; the gradient adds them up where they came from. */
export function selectRows(g: tf.Tensor2D, indices: ArrayLike<number>): tf.Tensor2D {
  const at = (): tf.Tensor1D => tf.tensor1d(Int32Array.from(indices), "int32");
  const select = tf.customGrad((...inputs) => ({
    value: tf.gather(inputs[0] as tf.Tensor2D, at()),
    gradFunc: (dy: tf.Tensor) => tf.scatterND(tf.expandDims(at(), 1), dy, g.shape),
  }));
  return select(g) as tf.Tensor2D;
}
