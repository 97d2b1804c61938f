import { BLOCK, PANEL, STATES } from "./kernels.ts";
import type { KernelMemory } from "./memory.ts";
import { real } from "./threads.ts";

/** Tasks that L1 is divided into. Each has sums of its own over all states, which are then added in their order. */
const FAR_TASKS = 8;

/** Cells of L2 are so much wider than sigma_x, so that rounding parts no near pair. */
const WIDER = 1 + 1e-9;

/** Some states, which are rows of [P, N], and where they are. */
export interface Chosen {
  /** The address of [P, N]. */
  states: number;
  units: number;
  /** The address of their rows, whole numbers [Q]. */
  rows: number;
  /** Their positions in metres, [2, Q]: all x, then all y. */
  places: Float64Array;
}

/** A sum over ordered pairs of Q states, how many pairs it has, and the address of sum_j w_ij (g_i - g_j), [Q, N]. */
export interface Pull {
  sum: number;
  count: number;
  pull: number;
}

/** L1's sum over the far pairs, each computed once for both of its orders; its weights w are their similarities. */
export function farPull(
  memory: KernelMemory,
  { states, units, rows, places }: Chosen,
  sigmaX: number,
  sigmaG: number,
): Pull {
  const count = places.length / 2;
  const blocks = Math.ceil(count / BLOCK);
  const length = blocks * BLOCK;
  const padded = Math.ceil(units / PANEL) * PANEL;
  const tasks = Math.min(FAR_TASKS, Math.ceil(blocks / 2));
  const [x, y] = [0, 1].map((axis) => {
    const along = new Float32Array(length).fill(NaN);
    along.set(places.subarray(axis * count, (axis + 1) * count));
    return memory.floats(along);
  }) as [number, number];
  const mean = meanOf(memory, { count, units, states, rows });
  const g = memory.space(length * units);
  const across = memory.space(length * units);
  const along = memory.space(length * padded);
  const squares = memory.space(length);
  const weighted = memory.space(tasks * length * padded);
  const weights = memory.space(tasks * length);
  const totals = memory.space(4 * tasks);
  const pull = memory.space(count * units);
  const args = [
    ...[count, units, padded, g, across, along, squares, blocks, tasks, weighted, weights, totals, x, y],
    ...[real(sigmaX ** 2), real(-1 / (2 * sigmaG ** 2)), pull, states, rows, mean],
  ];
  memory.run("pack", blocks, count * units, args);
  memory.run("separation", tasks, count ** 2 * units, args);
  memory.run("pull", blocks, tasks * count * units, args);
  const [sum, far] = columnSums(memory, totals, tasks, 2) as [number, number];
  return { sum, count: far, pull };
}

/** L2's sum over the near pairs, state by state; its weights w are 1. */
export function nearPull(memory: KernelMemory, chosen: Chosen, sigmaX: number): Pull {
  const { squares, count, pull } = nearSums(memory, chosen, { sigmaX, factor: 0, inclusive: false });
  return { sum: squares, count, pull };
}

/** Sums over near pairs with weights exp(factor ||g_i - g_j||^2): of squared distances and of weights; and their pull. */
export function nearSums(
  memory: KernelMemory,
  { states, units, rows, places }: Chosen,
  { sigmaX, factor, inclusive }: { sigmaX: number; factor: number; inclusive: boolean },
): { squares: number; weights: number; count: number; pull: number } {
  const size = places.length / 2;
  const lists = 2 ** Math.ceil(Math.log2(size + 1));
  const tasks = Math.ceil(size / STATES);
  const settings = memory.doubles([sigmaX * WIDER, sigmaX]);
  const cells = memory.space(4 * size);
  const starts = memory.space(lists + 1);
  const members = memory.space(size);
  const pull = memory.space(size * units);
  const sums = memory.space(6 * tasks);
  const args = [
    ...[size, lists, settings, memory.doubles(places), cells, starts, members, units, states, rows, pull, sums],
    ...[real(factor), inclusive ? 1 : 0],
  ];
  memory.run("cells", 1, 0, args);
  memory.run("near", tasks, 20 * size * units, args);
  const [squares, weights, count] = columnSums(memory, sums, tasks, 3) as [number, number, number];
  return { squares, weights, count, pull };
}

/** The address of the mean [N] of rows of the states. */
export function meanOf(
  memory: KernelMemory,
  { count, units, states, rows }: { count: number; units: number; states: number; rows: number },
): number {
  const mean = memory.space(units);
  memory.run("mean", 1, 0, [count, units, states, rows, mean]);
  return mean;
}

/** The sums over rows of float64 numbers [rows, columns], column by column. */
function columnSums(memory: KernelMemory, address: number, rows: number, columns: number): number[] {
  const sums = new Array<number>(columns).fill(0);
  memory.threads.doubles(address, rows * columns).forEach((value, i) => {
    sums[i % columns]! += value;
  });
  return sums;
}
