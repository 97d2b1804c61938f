import * as tf from "@tensorflow/tfjs-core";

/** Pairs in one block: no tensor over more of them is ever made. */
const BLOCK = 2 ** 22;

/** What L1 and L2 need of all ordered pairs i != j of Q states. */
export interface PairSums {
  /** Sum over ||x_i - x_j|| > sigma_x of exp(-||g_i - g_j||^2 / (2 sigma_g^2)). */
  similarity: tf.Scalar;
  /** Sum over ||x_i - x_j|| < sigma_x of ||g_i - g_j||^2. */
  distance: tf.Scalar;
  /** How many pairs are far, and how many are near; a pair at sigma_x exactly is neither. */
  farCount: tf.Scalar;
  nearCount: tf.Scalar;
}

/**
 * The sums behind L1 and L2 for states g [Q, N] at positions x [Q, 2], over all pairs, block by block.
 *
 * One operation with its own gradient. With E_ij the similarity of a far pair (else 0) and n_ij = 1 for a near one (else 0),
 *   d similarity / d g_i = -2 / sigma_g^2 * sum_j E_ij (g_i - g_j),   d distance / d g_i = 4 * sum_j n_ij (g_i - g_j),
 * and a product of E or n with the columns [g, 1] gives both parts of each sum. Distances come from the products g_i . g_j of
 * states less their mean, which leaves distances alone and keeps float32 exact where all states are close together. @spec L1 L2
 */
export function pairSums(states: tf.Tensor2D, positions: tf.Tensor2D, sigmaX: number, sigmaG: number): PairSums {
  const [count] = states.shape;
  const run = tf.customGrad((...inputs) => {
    const [states, save] = inputs as [tf.Tensor2D, tf.GradSaveFunc];
    const g = tf.sub(states, tf.mean(states, 0, true));
    const square = tf.sum(tf.square(g), 1, true);
    const ones = tf.onesLike(square);
    const columns = tf.concat([g, ones, square], 1);
    const exponents = tf.transpose<tf.Tensor>(tf.div(tf.concat([tf.mul(g, -2), square, ones], 1), -2 * sigmaG ** 2));
    const [x, y] = tf.split(positions, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
    const [xAll, yAll] = [tf.transpose(x), tf.transpose(y)];
    const blocks: { far: tf.Tensor; near: tf.Tensor; farCount: tf.Tensor }[] = [];
    const height = Math.max(1, Math.floor(BLOCK / count));
    for (let start = 0; start < count; start += height) {
      blocks.push(
        tf.tidy(() => {
          const size = Math.min(height, count - start);
          const rows = (t: tf.Tensor2D): tf.Tensor2D => tf.slice(t, [start, 0], [size, -1]);
          const apart = tf.add(tf.squaredDifference(rows(x), xAll), tf.squaredDifference(rows(y), yAll));
          const near = tf.cast(tf.less(apart, sigmaX ** 2), "float32");
          const far = tf.cast(tf.greater(apart, sigmaX ** 2), "float32");
          const similarity = tf.mul(far, tf.exp(tf.matMul(rows(columns as tf.Tensor2D), exponents)));
          return { far: tf.matMul(similarity, columns), near: tf.matMul(near, columns), farCount: tf.sum(far) };
        }),
      );
    }
    // Along the columns [g, 1, |g|^2]: sum_j E_ij g_j, sum_j E_ij, unused; and the same with n_ij.
    const parts = [g.shape[1]!, 1, 1];
    const [farG, farTotal] = tf.split(tf.concat(blocks.map((b) => b.far)), parts, 1);
    const [nearG, nearTotal, nearSquare] = tf.split(tf.concat(blocks.map((b) => b.near)), parts, 1);
    save([tf.sub(tf.mul(g, farTotal!), farG!), tf.sub(tf.mul(g, nearTotal!), nearG!)]);
    const value = tf.stack([
      tf.sum(farTotal!),
      tf.sum(tf.sub(tf.add(tf.mul(nearTotal!, square), nearSquare!), tf.mul(2, tf.sum(tf.mul(g, nearG!), 1, true)))),
      tf.addN(blocks.map((b) => b.farCount)),
      tf.sub(tf.sum(nearTotal!), count),
    ]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => {
      const [dSimilarity, dDistance] = tf.split(dy, [1, 1, 2]) as [tf.Tensor, tf.Tensor];
      return tf.add(tf.mul(saved[0]!, tf.mul(dSimilarity, -2 / sigmaG ** 2)), tf.mul(saved[1]!, tf.mul(dDistance, 4)));
    };
    return { value, gradFunc };
  });
  const [similarity, distance, farCount, nearCount] = tf.unstack(run(states)) as tf.Scalar[];
  return { similarity: similarity!, distance: distance!, farCount: farCount!, nearCount: nearCount! };
}

/** The rows of g [P, N] at `indices`, each at most once; the gradient puts them back by a gather, which every engine has. */
export function selectRows(g: tf.Tensor2D, indices: ArrayLike<number>): tf.Tensor2D {
  const [count, width] = g.shape;
  const select = tf.customGrad((...inputs) => {
    const gradFunc = (dy: tf.Tensor): tf.Tensor => {
      const rowOf = new Int32Array(count).fill(indices.length);
      for (let i = 0; i < indices.length; i++) rowOf[indices[i]!] = i;
      return tf.gather(tf.concat([dy, tf.zeros([1, width])]), tf.tensor1d(rowOf, "int32"));
    };
    return { value: tf.gather(inputs[0] as tf.Tensor2D, tf.tensor1d(Int32Array.from(indices), "int32")), gradFunc };
  });
  return select(g);
}
