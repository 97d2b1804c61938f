import * as tf from "@tensorflow/tfjs-core";
import type { Parameters as NetworkParameters } from "../model/network.ts";
import type { accumulate, adamw, clipByGlobalNorm, zeroIfFinite } from "../train/optimiser.ts";
import { perParameter, type ParameterName } from "../train/parameters.ts";
import { CHUNK } from "./kernels.ts";
import type { KernelMemory } from "./memory.ts";
import { real } from "./threads.ts";

const chunks = (t: tf.Tensor): number => Math.ceil(t.size / CHUNK);

/** T2 in two passes over the gradients; in one where they are short enough as they are. */
export function fusedClip(
  memory: KernelMemory,
  gradients: NetworkParameters,
  clip: number,
): ReturnType<typeof clipByGlobalNorm> {
  const squares = Object.values(perParameter((name) => overChunks(memory, "squares", gradients[name])));
  const norm = Math.sqrt(squares.reduce((a, b) => a + b));
  if (clip === 0 || norm <= clip) return { gradients, norm: tf.scalar(norm) };
  const clipped = eachParameter((name) => combined(memory, [gradients[name], gradients[name]], [clip / norm, 0]));
  return { gradients: clipped, norm: tf.scalar(norm) };
}

/** T3: adds the batches up one after the other, and divides with the last. */
export function fusedAccumulate(
  memory: KernelMemory,
  batches: readonly NetworkParameters[],
): ReturnType<typeof accumulate> {
  const add = (sum: NetworkParameters, next: NetworkParameters, k: number): NetworkParameters => {
    const share = k === batches.length - 2 ? 1 / batches.length : 1;
    return eachParameter((name) => combined(memory, [sum[name], next[name]], [share, share]));
  };
  return batches.slice(1).reduce(add, batches[0]!);
}

/** T1 in one pass over a parameter, its gradient and its moments. */
export function fusedAdamw(memory: KernelMemory, ...args: Parameters<typeof adamw>): ReturnType<typeof adamw> {
  const [p, gradients, moments, count, learningRate, { beta1, beta2, epsilon, weightDecay }] = args;
  const root2 = Math.sqrt(1 - beta2 ** count);
  const settings = [
    ...[beta1, 1 - beta1, beta2, 1 - beta2],
    ...[(learningRate * root2) / (1 - beta1 ** count), epsilon * root2, 1 - learningRate * weightDecay],
  ].map(real);
  const next = perParameter((name) => {
    const { size, shape } = p[name];
    const from = [p[name], gradients[name], moments.first[name], moments.second[name]].map((t) => memory.of(t));
    const to = [0, 1, 2].map(() => memory.space(size));
    memory.run("adamw", chunks(p[name]), 4 * size, [size, ...from, ...to, ...settings]);
    return to.map((address) => memory.tensor(address, shape));
  });
  const part = (index: number): NetworkParameters => eachParameter((name) => next[name][index]!);
  return { p: part(0), moments: { first: part(1), second: part(2) } };
}

/** 0 where all values are finite, else NaN. */
export function fusedZeroIfFinite(memory: KernelMemory, values: tf.Tensor): ReturnType<typeof zeroIfFinite> {
  return tf.scalar(overChunks(memory, "finite", values));
}

/** What a kernel gives for the chunks of a tensor, added up. */
function overChunks(memory: KernelMemory, kernel: "squares" | "finite", t: tf.Tensor): number {
  const parts = memory.space(chunks(t));
  memory.run(kernel, chunks(t), t.size, [t.size, memory.of(t), parts]);
  return memory.threads.floats(parts, chunks(t)).reduce((a, b) => a + b);
}

/** Two tensors times a number each, added up. */
function combined(memory: KernelMemory, [x, y]: [tf.Tensor, tf.Tensor], factors: [number, number]): tf.Tensor {
  const to = memory.space(x.size);
  memory.run("combine", chunks(x), x.size, [x.size, memory.of(x), memory.of(y), to, ...factors.map(real)]);
  return memory.tensor(to, x.shape);
}

function eachParameter(make: (name: ParameterName) => tf.Tensor): NetworkParameters {
  return perParameter(make) as unknown as NetworkParameters;
}
