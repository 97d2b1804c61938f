import { COLUMNS, STRETCH } from "./kernels.ts";
import type { KernelMemory } from "./memory.ts";

/** Sizes of N1: K velocities, hidden width H, N units. */
export interface TransitionSizes {
  velocities: number;
  hidden: number;
  units: number;
}

/** Addresses of N1's parameters, of its input v / s_v [K, 2], and of what its layers make of it. */
export interface Transition {
  A1: number;
  a1: number;
  A2: number;
  a2: number;
  A3: number;
  a3: number;
  v: number;
}
export interface Layers {
  h1: number;
  h2: number;
  /** [K, N, N]. */
  W: number;
}

/** N1, layer by layer. */
export function transitionForward(
  memory: KernelMemory,
  { velocities: m, hidden, units }: TransitionSizes,
  { A1, a1, A2, a2, A3, a3, v }: Transition,
): Layers {
  const h1 = product(memory, { m, k: 2, n: hidden, a: v, b: A1, bias: a1, rectified: true });
  const h2 = product(memory, { m, k: hidden, n: hidden, a: h1, b: A2, bias: a2, rectified: true });
  const W = product(memory, { m, k: hidden, n: units ** 2, a: h2, b: A3, bias: a3 });
  return { h1, h2, W };
}

/** The addresses of the gradients of N1's parameters, from that of W. */
export function transitionBack(
  memory: KernelMemory,
  { velocities: count, hidden, units }: TransitionSizes,
  { A2, A3, v }: Transition,
  { h1, h2 }: Layers,
  dW: number,
): Omit<Transition, "v"> {
  const [dA3, da3] = layerBack(memory, { count, inputs: hidden, outputs: units ** 2, x: h2, dy: dW });
  const d2 = inputBack(memory, { count, inputs: hidden, outputs: units ** 2, A: A3, dy: dW, x: h2 });
  const [dA2, da2] = layerBack(memory, { count, inputs: hidden, outputs: hidden, x: h1, dy: d2 });
  const d1 = inputBack(memory, { count, inputs: hidden, outputs: hidden, A: A2, dy: d2, x: h1 });
  const [dA1, da1] = layerBack(memory, { count, inputs: 2, outputs: hidden, x: v, dy: d1 });
  return { A1: dA1, a1: da1, A2: dA2, a2: da2, A3: dA3, a3: da3 };
}

interface Product {
  m: number;
  k: number;
  n: number;
  /** Addresses of A [m, k], or of its transpose, B [k, n] and a row of n. */
  a: number;
  b: number;
  bias?: number;
  transposed?: boolean;
  rectified?: boolean;
}

/** The address of bias + A B. */
function product(
  memory: KernelMemory,
  { m, k, n, a, b, bias = 0, transposed = false, rectified = false }: Product,
): number {
  const c = memory.space(m * n);
  const [row, column] = transposed ? [4, 4 * m] : [4 * k, 4];
  memory.run("product", Math.ceil(n / COLUMNS), m * n * k, [m, n, k, a, row, column, b, bias, c, rectified ? 1 : 0]);
  return c;
}

interface Layer {
  count: number;
  inputs: number;
  outputs: number;
  /** The layer's input [count, inputs], and the gradient of its output [count, outputs]. */
  x: number;
  dy: number;
}

/** The gradients of a layer's matrix and bias. */
function layerBack(memory: KernelMemory, { count, inputs, outputs, x, dy }: Layer): [number, number] {
  const dA = product(memory, { m: inputs, k: count, n: outputs, a: x, b: dy, transposed: true });
  const ones = memory.floats(new Float32Array(count).fill(1));
  return [dA, product(memory, { m: 1, k: count, n: outputs, a: ones, b: dy })];
}

/** The gradient of a layer's input, where the rectifier before it let it through. */
function inputBack(memory: KernelMemory, { count, inputs, outputs, A, dy, x }: Layer & { A: number }): number {
  const parts = Math.ceil(outputs / STRETCH);
  const sums = memory.space(parts * count * inputs);
  memory.run("dotProducts", parts, count * inputs * outputs, [count, inputs, outputs, dy, A, sums]);
  const dx = memory.space(count * inputs);
  memory.run("gatedSum", 1, 0, [count * inputs, parts, sums, x, dx]);
  return dx;
}
