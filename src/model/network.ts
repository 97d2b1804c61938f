import * as tf from "@tensorflow/tfjs-core";
import { fusable } from "../fusable/fusable.ts";

/** The trainable tensors of N1 and N2; matrices are [inputs, outputs], so that a row vector is multiplied from the left. */
export interface Parameters {
  A1: tf.Tensor2D;
  a1: tf.Tensor1D;
  A2: tf.Tensor2D;
  a2: tf.Tensor1D;
  A3: tf.Tensor2D;
  a3: tf.Tensor1D;
  gamma: tf.Tensor1D;
}

/** Squared norms below this count as zero: float32 still holds their inverse root and its slope, so that 0 times either is 0. */
const SMALLEST_SQUARE = 1e-24;

/** N1: W(v) = reshape(MLP(v / s_v)) of velocities [K, 2] as [K, N, N]; W[k][i][j] leads from unit j to unit i. @spec N1 */
export function transition(p: Parameters, velocities: tf.Tensor2D, velocityScale: number): tf.Tensor3D {
  const units = p.gamma.size;
  const h1 = tf.relu(tf.add(tf.matMul<tf.Tensor2D>(tf.div(velocities, velocityScale), p.A1), p.a1));
  const h2 = tf.relu(tf.add(tf.matMul<tf.Tensor2D>(h1, p.A2), p.a2));
  return tf.reshape(tf.add(tf.matMul(h2, p.A3), p.a3), [-1, units, units]);
}

/** N2: g_0 = Norm(ReLU(gamma)), [N]. @spec N2 */
export function initialState(gamma: tf.Tensor1D): tf.Tensor1D {
  const z = tf.relu(gamma);
  return tf.mul<tf.Tensor1D>(z, inverseNorm(z));
}

/** N3: g_t = Norm(ReLU(W g_{t-1})) for B states in rows [B, 1, N] under their own matrices [B, N, N]. @spec N3 */
export function step(W: tf.Tensor3D, g: tf.Tensor3D): { g: tf.Tensor3D; scale: tf.Tensor3D } {
  const z = tf.relu<tf.Tensor3D>(tf.matMul<tf.Tensor3D>(g, W, false, true));
  const scale = inverseNorm(z);
  return { g: tf.mul<tf.Tensor3D>(z, scale), scale };
}

/** N1 and N3: where states g [B, 1, N] come to by velocities [B, 2], each by its own. */
export const move = fusable("move", moveAsItReads);
function moveAsItReads(p: Parameters, velocities: tf.Tensor2D, velocityScale: number, g: tf.Tensor3D): tf.Tensor3D {
  return step(transition(p, velocities, velocityScale), g).g;
}

/** 1 / ||z||_2 along the last axis, kept; a finite number where z = 0, so that Norm(0) = z * inverseNorm(z) = 0. */
function inverseNorm<T extends tf.Tensor>(z: T): T {
  return tf.rsqrt(tf.maximum<T>(tf.sum(tf.square(z), -1, true), SMALLEST_SQUARE));
}

/**
 * N3 repeated: the states [T, B, N] of B trajectories that take the matrices W [K, N, N] in the given order [B][T].
 *
 * One operation with its own gradient, because a tape would record T gathers of B matrices and scatter their gradients
 * back. Three facts make it short:
 * - the gradient that reaches g_{t-1} through N3 is orthogonal to g_{t-1} (Norm and ReLU do not see the length of their
 *   input), so that only the gradient from outside needs the projection of Norm, for all t at once;
 * - behind Norm and ReLU a gradient is multiplied by [g > 0] / ||z||;
 * - each velocity occurs equally often, c times, so dL/dW_k is one product [N, c] by [c, N]. @spec N3
 */
export function rollout(W: tf.Tensor3D, initial: tf.Tensor1D, order: number[][]): tf.Tensor3D {
  const [timesteps, trajectories, units] = [order[0]!.length, order.length, initial.size];
  const run = tf.customGrad((...inputs) => {
    const [W, initial, save] = inputs as [tf.Tensor3D, tf.Tensor1D, tf.GradSaveFunc];
    const [matrices, scales]: [tf.Tensor3D[], tf.Tensor3D[]] = [[], []];
    const states: tf.Tensor3D[] = [tf.tile(tf.reshape(initial, [1, 1, units]), [trajectories, 1, 1])];
    for (let t = 0; t < timesteps; t++) {
      const taken = order.map((sequence) => sequence[t]!);
      matrices[t] = tf.gather(W, tf.tensor1d(taken, "int32"));
      const next = step(matrices[t]!, states[t]!);
      states.push(next.g);
      scales.push(next.scale);
    }
    const path = tf.concat(states, 1); // [B, T + 1, N], from g_0 on
    const scale = tf.concat(scales, 1); // [B, T, 1]
    save([path, scale, ...matrices]);

    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [path, scale, ...matrices] = saved as [tf.Tensor3D, tf.Tensor3D, ...tf.Tensor3D[]];
      const g = tf.slice(path, [0, 1, 0], [-1, -1, -1]);
      const outside = tf.transpose(dy, [1, 0, 2]);
      const tangent = tf.sub(outside, tf.mul(g, tf.sum(tf.mul(outside, g), 2, true)));
      const slope = tf.mul(tf.cast(tf.greater(g, 0), "float32"), scale);
      const tangents = tf.split(tangent, timesteps, 1);
      const slopes = tf.split(slope, timesteps, 1);
      const deltas: tf.Tensor[] = [];
      let carried: tf.Tensor = tf.zeros([trajectories, 1, units]);
      for (let t = timesteps - 1; t >= 0; t--) {
        deltas[t] = tf.mul(tf.add(tangents[t]!, carried), slopes[t]!);
        carried = tf.matMul(deltas[t]!, matrices[t]!);
      }
      const delta = tf.reshape(tf.concat(deltas, 1), [-1, units]);
      const before = tf.reshape(tf.slice(path, [0, 0, 0], [-1, timesteps, -1]), [-1, units]);
      const uses = tf.tensor2d(occurrences(order, W.shape[0]), undefined, "int32");
      return [
        tf.matMul(tf.gather(delta, uses), tf.gather(before, uses), true, false),
        tf.reshape(tf.sum(carried, 0), [units]),
      ];
    };
    return { value: tf.transpose(tf.slice(path, [0, 1, 0], [-1, -1, -1]), [1, 0, 2]), gradFunc };
  });
  return run(W, initial);
}

/** For each of K velocities the c places b*T + t where it is used, [K][c]. Throws if they are not used equally often. */
function occurrences(order: number[][], count: number): number[][] {
  const uses: number[][] = Array.from({ length: count }, () => []);
  order.forEach((sequence, b) => {
    sequence.forEach((k, t) => uses[k]!.push(b * sequence.length + t));
  });
  uses.forEach((u, k) => {
    if (u.length !== uses[0]!.length)
      throw new Error(
        `order uses velocity ${k} ${u.length} times and velocity 0 ${uses[0]!.length} times; expected equal counts`,
      );
  });
  return uses;
}

/** N4: how many of the states [T, B, N] are dead, that is the zero vector; all others have length one. @spec N4 */
export function deadStates(states: tf.Tensor3D): tf.Scalar {
  return tf.sum(tf.cast(tf.equal(tf.sum(states, 2), 0), "float32"));
}
