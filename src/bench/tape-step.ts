import * as tf from "@tensorflow/tfjs-core";
import type { Batch } from "../model/data.ts";
import { capacity, conformalIsometry, conformalMask, type LossSettings } from "../model/losses.ts";
import { initialState, step, transition } from "../model/network.ts";
import { selectRows } from "../model/pairs.ts";
import type { Parameters } from "../model/network.ts";

/**
 * L5 as one would first write it, for the benchmark alone: W(v) for every trajectory at every step, every operation on the
 * tape, pairs as whole matrices. Same numbers as `losses`.
 */
export function tapeTotal(
  p: Parameters,
  batch: Batch,
  velocityScale: number,
  settings: LossSettings,
  drawn?: ArrayLike<number>,
): tf.Scalar {
  const trajectories = batch.order.length;
  const initial = initialState(p.gamma);
  let g = tf.tile(tf.reshape<tf.Rank.R3>(initial, [1, 1, -1]), [trajectories, 1, 1]);
  const path = batch.positions.map((_, t) => {
    const velocities = tf.tensor2d(batch.order.map((sequence) => batch.velocities[sequence[t]!]!));
    g = step(transition(p, velocities, velocityScale), g).g;
    return tf.reshape(g, [1, trajectories, -1]);
  });
  const states = tf.concat(path, 0) as tf.Tensor3D;
  const places = batch.positions.flat();
  const all = tf.reshape<tf.Rank.R2>(states, [places.length, -1]);
  /** Squared distances of all pairs of some states, and of their positions. */
  const between = (x: number[][], g: tf.Tensor2D): { apart: tf.Tensor; far2: tf.Tensor } => {
    const square = tf.sum(tf.square(g), 1, true);
    const apart = tf.sub(tf.add(square, tf.transpose(square)), tf.mul(2, tf.matMul(g, g, false, true)));
    const [px, py] = tf.split(tf.tensor2d(x), 2, 1) as [tf.Tensor2D, tf.Tensor2D];
    const far2 = tf.add(tf.squaredDifference(px, tf.transpose(px)), tf.squaredDifference(py, tf.transpose(py)));
    return { apart, far2 };
  };
  const whole = between(places, all);
  const some = drawn
    ? between(
        Array.from(drawn, (i) => places[i]!),
        selectRows(all, drawn),
      )
    : whole;
  const far = tf.cast(tf.greater(some.far2, settings.sigmaX ** 2), "float32");
  const near = tf.sub(tf.cast(tf.less(whole.far2, settings.sigmaX ** 2), "float32"), tf.eye(places.length));
  const mean = (values: tf.Tensor, mask: tf.Tensor): tf.Tensor =>
    tf.div(tf.sum(tf.mul(values, mask)), tf.maximum(tf.sum(mask), 1));
  const similar = tf.exp(tf.div(some.apart, -2 * settings.sigmaG ** 2));
  return tf.addN([
    tf.mul(settings.lambdaSep, mean(similar, far)),
    tf.mul(settings.lambdaInv, mean(whole.apart, near)),
    tf.mul(settings.lambdaCap, capacity(states)),
    tf.mul(settings.lambdaCon, conformalIsometry(initial, states, conformalMask(batch, settings))),
  ]) as tf.Scalar;
}
