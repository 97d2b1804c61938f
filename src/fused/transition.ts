import * as tf from "@tensorflow/tfjs-core";
import type { Parameters } from "../model/network.ts";
import { COLUMNS, STRETCH } from "./kernels.ts";
import type { Operands } from "./operands.ts";

/** N1 and its way back, layer by layer. */
export function fusedTransition(
  operands: Operands,
  p: Parameters,
  velocities: tf.Tensor2D,
  velocityScale: number,
): tf.Tensor3D | undefined {
  const units = p.gamma.size;
  const hidden = p.a1.size;
  const count = velocities.shape[0];
  const numbers = (count + hidden) * (units ** 2 + 4 * hidden + 2);
  if (!operands.begin(2 * numbers)) return undefined;
  const run = tf.customGrad((...inputs) => {
    const tensors = inputs.slice(0, 6) as tf.Tensor[];
    const save = inputs[6] as unknown as tf.GradSaveFunc;
    const [A1, a1, A2, a2, A3, a3] = tensors.map((t) => operands.of(t)) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const scaled = tf.div(velocities, velocityScale);
    const v = operands.of(scaled);
    const h1 = product(operands, { m: count, k: 2, n: hidden, a: v, b: A1, bias: a1, rectified: true });
    const h2 = product(operands, { m: count, k: hidden, n: hidden, a: h1, b: A2, bias: a2, rectified: true });
    const W = product(operands, { m: count, k: hidden, n: units ** 2, a: h2, b: A3, bias: a3 });
    save([
      tensors[2]!,
      tensors[4]!,
      scaled,
      operands.tensor(h1, [count, hidden]),
      operands.tensor(h2, [count, hidden]),
    ]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      operands.begin(2 * numbers);
      const [A2, A3, v, h1, h2] = saved.map((t) => operands.of(t));
      const dW = operands.of(dy);
      const [dA3, da3] = layerBack(operands, { count, inputs: hidden, outputs: units ** 2, x: h2!, dy: dW });
      const d2 = inputBack(operands, { count, inputs: hidden, outputs: units ** 2, A: A3!, dy: dW, x: h2! });
      const [dA2, da2] = layerBack(operands, { count, inputs: hidden, outputs: hidden, x: h1!, dy: d2 });
      const d1 = inputBack(operands, { count, inputs: hidden, outputs: hidden, A: A2!, dy: d2, x: h1! });
      const [dA1, da1] = layerBack(operands, { count, inputs: 2, outputs: hidden, x: v!, dy: d1 });
      return [dA1, da1, dA2, da2, dA3, da3].map((address, i) => operands.tensor(address, tensors[i]!.shape));
    };
    return { value: operands.tensor(W, [count, units, units]), gradFunc };
  });
  return run(p.A1, p.a1, p.A2, p.a2, p.A3, p.a3) as tf.Tensor3D;
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
  operands: Operands,
  { m, k, n, a, b, bias = 0, transposed = false, rectified = false }: Product,
): number {
  const c = operands.space(m * n);
  const [row, column] = transposed ? [4, 4 * m] : [4 * k, 4];
  operands.run("product", Math.ceil(n / COLUMNS), m * n * k, [m, n, k, a, row, column, b, bias, c, rectified ? 1 : 0]);
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
function layerBack(operands: Operands, { count, inputs, outputs, x, dy }: Layer): [number, number] {
  const dA = product(operands, { m: inputs, k: count, n: outputs, a: x, b: dy, transposed: true });
  const ones = operands.numbers(new Float32Array(count).fill(1));
  return [dA, product(operands, { m: 1, k: count, n: outputs, a: ones, b: dy })];
}

/** The gradient of a layer's input, where the rectifier before it let it through. */
function inputBack(operands: Operands, { count, inputs, outputs, A, dy, x }: Layer & { A: number }): number {
  const parts = Math.ceil(outputs / STRETCH);
  const sums = operands.space(parts * count * inputs);
  operands.run("dotProducts", parts, count * inputs * outputs, [count, inputs, outputs, dy, A, sums]);
  const dx = operands.space(count * inputs);
  operands.run("gatedSum", 1, 0, [count * inputs, parts, sums, x, dx]);
  return dx;
}
