import * as tf from "@tensorflow/tfjs-core";
import { nearPairs, type PairSum } from "../model/pairs.ts";
import { BLOCK, PANEL, STATES } from "./kernels.ts";
import type { Operands } from "./operands.ts";
import { real } from "./threads.ts";

/** Tasks that L1 is divided into. Each has sums of its own over all states, which are then added in their order. */
const FAR_TASKS = 8;

/** L1's sum and its way back: each pair once for both of its orders. */
export function fusedFarSum(
  operands: Operands,
  states: tf.Tensor2D,
  positions: number[][],
  sigmaX: number,
  sigmaG: number,
): PairSum | undefined {
  const [count, units] = states.shape;
  const blocks = Math.ceil(count / BLOCK);
  const length = blocks * BLOCK;
  const padded = Math.ceil(units / PANEL) * PANEL;
  const tasks = Math.min(FAR_TASKS, Math.ceil(blocks / 2));
  const numbers = length * (3 * padded + 4) + tasks * (length * (padded + 1) + 4) + 2 * count * units;
  if (!operands.begin(numbers)) return undefined;
  let far = 0;
  const run = tf.customGrad((...inputs) => {
    const [states, save] = inputs as [tf.Tensor2D, tf.GradSaveFunc];
    const g = operands.space(length * units);
    centre(operands.floats(operands.of(states), count * units), operands.floats(g, length * units), units);
    const places = [0, 1].map((axis) => {
      const along = operands.space(length);
      const values = operands.floats(along, length).fill(NaN);
      positions.forEach((place, i) => (values[i] = place[axis]!));
      return along;
    }) as [number, number];
    const across = operands.space(length * units);
    const along = operands.space(length * padded);
    const squares = operands.space(length);
    const weighted = operands.space(tasks * length * padded);
    const weights = operands.space(tasks * length);
    const totals = operands.space(4 * tasks);
    const pull = operands.space(count * units);
    const args = [
      ...[count, units, padded, g, across, along, squares, blocks, tasks, weighted, weights, totals, g, ...places],
      ...[real(sigmaX ** 2), real(-1 / (2 * sigmaG ** 2)), pull],
    ];
    operands.run("pack", blocks, count * units, args);
    operands.run("separation", tasks, count ** 2 * units, args);
    operands.run("pull", blocks, tasks * count * units, args);
    let similarity = 0;
    operands.doubles(totals, 2 * tasks).forEach((value, k) => {
      if (k % 2 === 0) similarity += value;
      else far += value;
    });
    save([operands.tensor(pull, [count, units])]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => tf.mul(saved[0]!, tf.mul(dy, -2 / sigmaG ** 2));
    return { value: tf.scalar(similarity), gradFunc };
  });
  return { sum: run(states), count: tf.scalar(far) };
}

/** States less their mean; what is beyond the last of them becomes 0. */
function centre(states: Float32Array, to: Float32Array, units: number): void {
  const mean = new Float64Array(units);
  const count = states.length / units;
  for (let i = 0, k = 0; i < count; i++) for (let j = 0; j < units; j++, k++) mean[j]! += states[k]!;
  for (let j = 0; j < units; j++) mean[j]! /= count;
  for (let i = 0, k = 0; i < count; i++) for (let j = 0; j < units; j++, k++) to[k] = states[k]! - mean[j]!;
  to.fill(0, states.length);
}

/** L2's sum and its way back: state by state over its neighbours. */
export function fusedNearSum(
  operands: Operands,
  states: tf.Tensor2D,
  positions: number[][],
  sigmaX: number,
): PairSum | undefined {
  const [count, units] = states.shape;
  const [first, second] = nearPairs(positions, sigmaX);
  const pairs = 2 * first.length;
  const tasks = Math.ceil(count / STATES);
  if (!operands.begin(2 * count * units + pairs + 2 * count)) return undefined;
  const run = tf.customGrad((...inputs) => {
    const [states, save] = inputs as [tf.Tensor2D, tf.GradSaveFunc];
    const { starts, neighbours } = neighboursOf(count, first, second);
    const pull = operands.space(count * units);
    const sums = operands.space(2 * tasks);
    const lists = [operands.whole(starts), operands.whole(neighbours)];
    operands.run("invariance", tasks, pairs * units, [count, units, operands.of(states), ...lists, pull, sums]);
    save([operands.tensor(pull, [count, units])]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => tf.mul(saved[0]!, tf.mul(dy, 4));
    return { value: tf.scalar(operands.doubles(sums, tasks).reduce((a, b) => a + b)), gradFunc };
  });
  return { sum: run(states), count: tf.scalar(pairs) };
}

/** For each state those that it is near to, in the order of the pairs, from `starts` to the next state's start. */
function neighboursOf(
  count: number,
  first: Int32Array,
  second: Int32Array,
): { starts: Int32Array; neighbours: Int32Array } {
  const starts = new Int32Array(count + 1);
  for (const ends of [first, second]) for (const i of ends) starts[i + 1]! += 1;
  for (let i = 0; i < count; i++) starts[i + 1]! += starts[i]!;
  const next = starts.slice();
  const neighbours = new Int32Array(starts[count]!);
  first.forEach((i, k) => {
    const j = second[k]!;
    neighbours[next[i]!++] = j;
    neighbours[next[j]!++] = i;
  });
  return { starts, neighbours };
}
