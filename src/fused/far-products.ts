import * as tf from "@tensorflow/tfjs-core";
import type { KernelMemory } from "./memory.ts";
import { farPull, nearSums, type Chosen, type Pull } from "./pairs.ts";

/** Of so many states on an engine's products are faster than kernels, where these have no vectors as wide as the machine's. */
const MANY = 3000;

/** Largest share of pairs that are not far. Of more, too little would be left of a sum over all pairs. */
const MOST_NEAR = 0.1;

/** About so many states along each side of a tile of the matrix of pairs. */
const SIDE = 1600;

/** L1's sum as the engine's matrix products give it over all pairs, less the near ones; by kernels where that is no gain. */
export function farPullByProducts(memory: KernelMemory, chosen: Chosen, sigmaX: number, sigmaG: number): Pull {
  const count = chosen.places.length / 2;
  if (count < MANY || sigmaX === 0) return farPull(memory, chosen, sigmaX, sigmaG);
  const factor = -1 / (2 * sigmaG ** 2);
  const near = nearSums(memory, chosen, { sigmaX, factor, inclusive: true });
  if (near.count > MOST_NEAR * count ** 2) return farPull(memory, chosen, sigmaX, sigmaG);
  const states = rowsOf(memory, chosen);
  const all = similaritySums(states, count, factor);
  // Along the columns [g, 1, |g|^2] of a row: sum_j E_ij g_j, sum_j E_ij, unused. E_ii is 1.
  const { units } = chosen;
  const nearPull = memory.threads.floats(near.pull, count * units);
  const pull = memory.space(count * units);
  const to = memory.threads.floats(pull, count * units);
  let similarity = -count - near.weights;
  for (let i = 0; i < count; i++) {
    const from = i * (units + 2);
    const weight = all[from + units]!;
    similarity += weight;
    for (let j = 0, k = i * units; j < units; j++, k++) to[k] = states[k]! * weight - all[from + j]! - nearPull[k]!;
  }
  return { sum: similarity, count: count ** 2 - count - near.count, pull };
}

/** The states that are chosen, less their mean, [Q, N]: see farSum in src/model/pairs.ts. */
function rowsOf(memory: KernelMemory, { states, rows, units, places }: Chosen): Float32Array {
  const count = places.length / 2;
  const from = memory.threads.ints(rows, count);
  const chosen = new Float32Array(count * units);
  const mean = new Float64Array(units);
  for (let i = 0; i < count; i++) {
    const row = memory.threads.floats(states + 4 * units * from[i]!, units);
    chosen.set(row, i * units);
    for (let j = 0; j < units; j++) mean[j]! += row[j]! / count;
  }
  for (let i = 0; i < chosen.length; i++) chosen[i]! -= mean[i % units]!;
  return chosen;
}

/**
 * sum_j E_ij [g_j, 1, |g_j|^2] over all j with E_ij = exp(factor ||g_i - g_j||^2), [Q, N + 2]. E is symmetric: each tile of it
 * is computed once, and serves its rows and its columns.
 */
function similaritySums(states: Float32Array, count: number, factor: number): Float32Array {
  const units = states.length / count;
  const tiles = Math.ceil(count / SIDE);
  const first = (tile: number): number => Math.floor((count * tile) / tiles);
  const sizes = Array.from({ length: tiles }, (_, tile) => first(tile + 1) - first(tile));
  const sums = tf.tidy(() => {
    const g = tf.tensor2d(states, [count, units]);
    const square = tf.sum(tf.square(g), 1, true);
    const ones = tf.onesLike(square);
    const columns = tf.split(tf.concat([g, ones, square], 1), sizes);
    const exponents = tf.split(tf.mul<tf.Tensor2D>(tf.concat([tf.mul(g, -2), square, ones], 1), factor), sizes);
    const found = sizes.map((size) => tf.zeros([size, units + 2]));
    for (let i = 0; i < tiles; i++) {
      for (let j = i; j < tiles; j++) {
        const tile = tf.tidy(() => tf.exp(tf.matMul(columns[i]!, exponents[j]!, false, true)));
        add(found, i, tf.matMul(tile, columns[j]!));
        if (j > i) add(found, j, tf.matMul(tile, columns[i]!, true));
        tile.dispose();
      }
    }
    return tf.concat(found);
  });
  const values = sums.dataSync<"float32">();
  sums.dispose();
  return values;
}

/** Adds `more` to the tensor at a place of a list; both are disposed. */
function add(list: tf.Tensor[], place: number, more: tf.Tensor): void {
  const before = list[place]!;
  list[place] = tf.add(before, more);
  before.dispose();
  more.dispose();
}
