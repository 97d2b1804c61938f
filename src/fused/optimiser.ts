import * as tf from "@tensorflow/tfjs-core";
import type { Parameters } from "../model/network.ts";
import type { adamw, clipByGlobalNorm } from "../train/optimiser.ts";
import { perParameter } from "../train/parameters.ts";
import { CHUNK } from "./kernels.ts";
import type { Operands } from "./operands.ts";
import { real } from "./threads.ts";

const chunks = (t: tf.Tensor): number => Math.ceil(t.size / CHUNK);

/** T2 in two passes over the gradients. */
export function fusedClip(
  operands: Operands,
  gradients: Parameters,
  clip: number,
): ReturnType<typeof clipByGlobalNorm> | undefined {
  const tensors = Object.values(gradients as unknown as Record<string, tf.Tensor>);
  if (!operands.begin(3 * tensors.reduce((sum, t) => sum + t.size, 0))) return undefined;
  let square = 0;
  for (const t of tensors) {
    const parts = operands.space(chunks(t));
    operands.run("squares", chunks(t), t.size, [t.size, operands.of(t), parts]);
    for (const part of operands.floats(parts, chunks(t))) square += part;
  }
  const norm = Math.sqrt(square);
  if (clip === 0) return { gradients, norm: tf.scalar(norm) };
  const clipped = perParameter((name) => {
    const g = gradients[name];
    const to = operands.space(g.size);
    operands.run("scale", chunks(g), g.size, [g.size, operands.of(g), to, real(clip / Math.max(norm, clip))]);
    return operands.tensor(to, g.shape);
  });
  return { gradients: clipped as unknown as Parameters, norm: tf.scalar(norm) };
}

/** T1 in one pass over a parameter, its gradient and its moments. */
export function fusedAdamw(
  operands: Operands,
  ...args: Parameters_<typeof adamw>
): ReturnType<typeof adamw> | undefined {
  const [p, gradients, moments, count, learningRate, { beta1, beta2, epsilon, weightDecay }] = args;
  const largest = Math.max(...Object.values(p as unknown as Record<string, tf.Tensor>).map((t) => t.size));
  if (!operands.begin(8 * largest)) return undefined;
  const root2 = Math.sqrt(1 - beta2 ** count);
  const settings = [
    ...[beta1, 1 - beta1, beta2, 1 - beta2],
    ...[(learningRate * root2) / (1 - beta1 ** count), epsilon * root2, 1 - learningRate * weightDecay],
  ].map(real);
  const next = perParameter((name) => {
    operands.begin(8 * largest);
    const { size, shape } = p[name];
    const from = [p[name], gradients[name], moments.first[name], moments.second[name]].map((t) => operands.of(t));
    const to = [0, 1, 2].map(() => operands.space(size));
    operands.run("adamw", chunks(p[name]), 4 * size, [size, ...from, ...to, ...settings]);
    return to.map((address) => operands.tensor(address, shape));
  });
  const part = (index: number): Parameters => perParameter((name) => next[name][index]!) as unknown as Parameters;
  return { p: part(0), moments: { first: part(1), second: part(2) } };
}

type Parameters_<F extends (...args: never[]) => unknown> = F extends (...args: infer A) => unknown ? A : never;
