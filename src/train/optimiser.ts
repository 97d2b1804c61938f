import * as tf from "@tensorflow/tfjs-core";
import { fusable } from "../fusable/fusable.ts";
import type { Parameters } from "../model/network.ts";
import { perParameter, type ParameterName } from "./parameters.ts";

interface AdamWSettings {
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
}

/** AdamW's running means: of the gradient, and of its square. */
export interface Moments {
  first: Parameters;
  second: Parameters;
}

export function zeroMoments(p: Parameters): Moments {
  const zeros = (): Parameters => perParameter((name) => tf.zerosLike(p[name])) as Parameters;
  return { first: zeros(), second: zeros() };
}

/**
 * T2: all gradients times min(1, clip / ||g||), where ||g|| is the norm of all of them together. `clip` 0 only measures it.
 * @spec T2
 */
export const clipByGlobalNorm = fusable("clipByGlobalNorm", clipAsItReads);
function clipAsItReads(gradients: Parameters, clip: number): { gradients: Parameters; norm: tf.Scalar } {
  const norm = tf.sqrt(
    tf.addN(
      Object.values(gradients as unknown as Record<string, tf.Tensor>).map((g) => tf.sum<tf.Scalar>(tf.square(g))),
    ),
  );
  if (clip === 0) return { gradients, norm };
  const factor = tf.div(clip, tf.maximum(norm, clip));
  return { gradients: perParameter((name) => tf.mul(gradients[name], factor)) as Parameters, norm };
}

/**
 * T1: one step of AdamW, the `count`-th (from 1). Weight decay is decoupled and reaches every parameter:
 *   p <- p (1 - lr wd) - lr m^ / (sqrt(v^) + eps),   m^ = m / (1 - beta1^count),   v^ = v / (1 - beta2^count).
 * @spec T1
 */
export const adamw = fusable("adamw", adamwAsItReads);
function adamwAsItReads(
  p: Parameters,
  gradients: Parameters,
  moments: Moments,
  count: number,
  learningRate: number,
  settings: AdamWSettings,
): { p: Parameters; moments: Moments } {
  const { beta1, beta2, epsilon, weightDecay } = settings;
  const first = perParameter((k) => tf.add(tf.mul(moments.first[k], beta1), tf.mul(gradients[k], 1 - beta1)));
  const second = perParameter((k) =>
    tf.add(tf.mul(moments.second[k], beta2), tf.mul(tf.square(gradients[k]), 1 - beta2)),
  );
  // lr m^ / (sqrt(v^) + eps), with both corrections drawn out of the tensors.
  const root2 = Math.sqrt(1 - beta2 ** count);
  const rate = (learningRate * root2) / (1 - beta1 ** count);
  const next = perParameter((k) => {
    const move = tf.div(tf.mul(first[k], rate), tf.add(tf.sqrt(second[k]), epsilon * root2));
    const kept = weightDecay === 0 ? p[k] : tf.mul(p[k], 1 - learningRate * weightDecay);
    return tf.sub(kept, move);
  });
  return { p: next as Parameters, moments: { first: first as Parameters, second: second as Parameters } };
}

/**
 * T3: the mean of the gradients of several batches.
 * @spec T3
 */
export const accumulate = fusable("accumulate", accumulateAsItReads);
function accumulateAsItReads(batches: Parameters[]): Parameters {
  if (batches.length === 1) return batches[0]!;
  return perParameter((k: ParameterName) =>
    tf.div(tf.addN(batches.map((g) => g[k] as tf.Tensor)), batches.length),
  ) as Parameters;
}

/** 0 where all values are finite, else NaN. */
export const zeroIfFinite = fusable("zeroIfFinite", zeroIfFiniteAsItReads);
function zeroIfFiniteAsItReads(values: tf.Tensor): tf.Scalar {
  return tf.sum(tf.mul(values, 0));
}
