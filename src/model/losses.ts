import * as tf from "@tensorflow/tfjs-core";
import type { Batch } from "./data.ts";
import { deadStates, initialState, rollout, transition, type Parameters } from "./network.ts";
import { farSum, nearSum, selectRows, type PairSum } from "./pairs.ts";

export type Reduction = "mean" | "sum";

export interface LossSettings {
  /** Metres. */
  sigmaX: number;
  sigmaG: number;
  /** Metres a step: speeds between these two count in L4. */
  sigmaS: number;
  sigmaC: number;
  lambdaSep: number;
  lambdaInv: number;
  lambdaCap: number;
  lambdaCon: number;
  reduction: Reduction;
  /** The near pairs of L2: all, which is also meant where this is left out, or only those among the states drawn for L1. */
  invariancePairs?: "all" | "drawn";
}

export type ConformalMask = { inverseSpeeds: number[][]; count: number };

/** Squared distances below this count as zero in L4, where the gradient of a distance is taken as 0. */
const SMALLEST_SQUARE = 1e-30;

function reduce({ sum, count }: PairSum, reduction: Reduction): tf.Scalar {
  return reduction === "sum" ? sum : tf.div(sum, tf.maximum(count, 1));
}

/** L1: the mean (or sum) over far pairs of exp(-||g_i - g_j||^2 / (2 sigma_g^2)); 0 without any. @spec L1 */
export function separation(far: PairSum, reduction: Reduction): tf.Scalar {
  return reduce(far, reduction);
}

/** L2: the mean (or sum) over near pairs of ||g_i - g_j||^2; 0 without any. @spec L2 */
export function invariance(near: PairSum, reduction: Reduction): tf.Scalar {
  return reduce(near, reduction);
}

/** L3: -||mean_i g_i||^2 over all states [T, B, N]. @spec L3 */
export function capacity(states: tf.Tensor3D): tf.Scalar {
  return tf.neg(tf.sum<tf.Scalar>(tf.square(tf.mean(states, [0, 1]))));
}

/** L4's mask: 1 / ||v_t|| where sigma_s < ||v_t|| < sigma_c, else 0, [T][B], and how many there are. @spec L4 */
export function conformalMask(batch: Batch, { sigmaS, sigmaC }: { sigmaS: number; sigmaC: number }): ConformalMask {
  const inverse = batch.velocities.map(([vx, vy]) => {
    const speed = Math.hypot(vx!, vy!);
    return speed > sigmaS && speed < sigmaC ? 1 / speed : 0;
  });
  const inverseSpeeds = batch.positions.map((_, t) => batch.order.map((sequence) => inverse[sequence[t]!]!));
  return { inverseSpeeds, count: inverseSpeeds.flat().filter((s) => s > 0).length };
}

/** L4: the variance (over n) of ||g_t - g_{t-1}|| / ||v_t|| over steps with sigma_s < ||v_t|| < sigma_c, or 0. @spec L4 */
export function conformalIsometry(initial: tf.Tensor1D, states: tf.Tensor3D, mask: ConformalMask): tf.Scalar {
  const [timesteps, trajectories, units] = states.shape;
  const first = tf.tile(tf.reshape(initial, [1, 1, units]), [1, trajectories, 1]);
  const before = tf.concat([first, tf.slice(states, [0, 0, 0], [timesteps - 1, -1, -1])], 0);
  const distance = tf.sqrt(tf.maximum(tf.sum(tf.square(tf.sub(states, before)), 2), SMALLEST_SQUARE));
  const inverseSpeeds = tf.tensor2d(mask.inverseSpeeds);
  const inside = tf.cast(tf.greater(inverseSpeeds, 0), "float32");
  const ratio = tf.mul(distance, inverseSpeeds);
  const count = Math.max(mask.count, 1);
  const deviation = tf.mul(inside, tf.sub(ratio, tf.div(tf.sum(ratio), count)));
  return tf.div(tf.sum(tf.square(deviation)), count);
}

/** The four terms, L5 and what was counted on the way. */
export type Losses = Record<Scalars, tf.Scalar> & { conCount: number };
type Scalars = "total" | "sep" | "inv" | "cap" | "con" | "farCount" | "nearCount" | "deadStates";

/**
 * L5 = l_sep Sep + l_inv Inv + l_cap Cap + l_con ConIso of one batch, with its terms. `drawn` are the states (t*B + b) whose
 * far pairs enter L1; all of them without it. Dispose of the tensors, or call it inside tf.tidy. @spec L5
 */
export function losses(
  p: Parameters,
  batch: Batch,
  velocityScale: number,
  settings: LossSettings,
  drawn?: ArrayLike<number>,
): Losses {
  const initial = initialState(p.gamma);
  const W = transition(p, tf.tensor2d(batch.velocities), velocityScale);
  const states = rollout(W, initial, batch.order);
  const flat = tf.reshape<tf.Rank.R2>(states, [-1, p.gamma.size]);
  const places = batch.positions.flat();
  const all = [flat, places] as const;
  const some = drawn ? ([selectRows(flat, drawn), Array.from(drawn, (i) => places[i]!)] as const) : all;
  const far = farSum(...some, settings.sigmaX, settings.sigmaG);
  const near = nearSum(...(settings.invariancePairs === "drawn" ? some : all), settings.sigmaX);
  const mask = conformalMask(batch, settings);
  const sep = separation(far, settings.reduction);
  const inv = invariance(near, settings.reduction);
  const cap = capacity(states);
  const con = conformalIsometry(initial, states, mask);
  const { lambdaSep, lambdaInv, lambdaCap, lambdaCon } = settings;
  const total = [tf.mul(lambdaSep, sep), tf.mul(lambdaInv, inv), tf.mul(lambdaCap, cap), tf.mul(lambdaCon, con)];
  const counts = { farCount: far.count, nearCount: near.count, deadStates: deadStates(states), conCount: mask.count };
  return { total: tf.addN(total as tf.Scalar[]), sep, inv, cap, con, ...counts };
}
