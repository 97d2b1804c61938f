// The sums behind L1 over all far pairs of Q states. The similarity of a pair is the same in both orders, so each block of
// pairs above the diagonal is computed once and used for both of its sides.

import { address, bytes, real, scratch, size } from "./threads";
import { addRow } from "./states";
import { packPanel, PANEL, panelProduct, sumOf, ZEROS } from "./product";

/** States in a block: the pairs of two blocks are computed together. A multiple of six rows and of a panel's eight columns. */
export const BLOCK: i32 = 48;

/** A block's states packed in two ways. `padded` is N rounded up to whole panels. */
function acrossBytes(units: i32): usize {
  return bytes(BLOCK * units);
}
function alongBytes(padded: i32): usize {
  return bytes(BLOCK * padded);
}

/**
 * Takes block `task` of Q states, which are rows of the states [P, N], less their mean: g holds them one by one, its last block
 * filled up with zeros; `across` holds panels of eight states [BLOCK / 8, N, 8], `along` panels of eight units
 * [padded / 8, BLOCK, 8]; also the squared lengths. Places beyond Q are NaN in x and y already, so that no pair with them is far.
 */
export function packTask(task: i32): void {
  const count = size(0);
  const units = size(1);
  const padded = size(2);
  const states = address(17);
  const rows = address(18);
  const mean = address(19);
  const across = address(4) + <usize>task * acrossBytes(units);
  const along = address(5) + <usize>task * alongBytes(padded);
  const squares = address(6);
  for (let r = 0; r < BLOCK; r++) {
    const i = task * BLOCK + r;
    const from = states + (i < count ? bytes(load<i32>(rows + bytes(i)) * units) : 0);
    const own = address(3) + bytes(i * units);
    let square: f32 = 0;
    for (let j = 0; j < padded; j++) {
      const at = bytes(j);
      const value: f32 = i < count && j < units ? load<f32>(from + at) - load<f32>(mean + at) : 0;
      if (j < units) store<f32>(own + at, value);
      square += value * value;
      store<f32>(along + bytes(((j >> 3) * BLOCK + r) * PANEL + (j & 7)), value);
      if (j < units) store<f32>(across + bytes(((r >> 3) * units + j) * PANEL + (r & 7)), value);
    }
    store<f32>(squares + bytes(i), square);
  }
}

/** exp(x) for four x of at most 0 (or a rounding error above), to a few units in the last place; what is below 1e-37 is not told from it. */
export function exponential(x: v128): v128 {
  x = f32x4.max(x, f32x4.splat(-85));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504)));
  // x - n ln 2, with ln 2 in two parts.
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.add(r, f32x4.mul(n, f32x4.splat(2.1219444e-4)));
  // The series of exp, which six terms give to 1e-7 for |r| of at most ln 2 / 2.
  let sum = f32x4.splat(1.0 / 720);
  sum = f32x4.relaxed_madd(sum, r, f32x4.splat(1.0 / 120));
  sum = f32x4.relaxed_madd(sum, r, f32x4.splat(1.0 / 24));
  sum = f32x4.relaxed_madd(sum, r, f32x4.splat(1.0 / 6));
  sum = f32x4.relaxed_madd(sum, r, f32x4.splat(0.5));
  sum = f32x4.relaxed_madd(sum, r, f32x4.splat(1));
  sum = f32x4.relaxed_madd(sum, r, f32x4.splat(1));
  // Times 2^n, by the exponent's bits.
  return i32x4.add(sum, i32x4.shl(i32x4.trunc_sat_f32x4_s(n), 23));
}

/**
 * Some rows of blocks, from row `task` on every `tasks`-th (and back again, so that all tasks have the like to do). Adds up, for
 * states i of these pairs, sum_j E_ij g_j [Q, padded] and sum_j E_ij [Q] in sums of the task's own; and over all pairs, both
 * orders, the similarity and how many are far.
 */
export function separationTask(task: i32): void {
  const units = size(1);
  const padded = size(2);
  const along = address(5);
  const blocks = size(7);
  const tasks = size(8);
  const length = blocks * BLOCK;
  const weighted = address(9) + bytes(task * length * padded);
  const weights = address(10) + bytes(task * length);
  const totals = address(11) + 16 * <usize>task; // similarity, count (a whole number)
  memory.fill(weighted, 0, bytes(length * padded));
  memory.fill(weights, 0, bytes(length));
  const E = scratch();
  let similarity: f64 = 0;
  let far: i64 = 0;
  for (let row = 0; row < blocks; row++) {
    const turn = row % (2 * tasks);
    if ((turn < tasks ? turn : 2 * tasks - 1 - turn) !== task) continue;
    for (let column = row; column < blocks; column++) {
      const orders = row === column ? 1 : 2;
      products(row, column, E);
      similarity += <f64>(<f32>orders * similarities(row, column, weights, E));
      far += <i64>orders * <i64>farCount;
      addTo(weighted, row, E, bytes(BLOCK), 4, along + <usize>column * alongBytes(padded), padded);
      if (row !== column) addTo(weighted, column, E, 4, bytes(BLOCK), along + <usize>row * alongBytes(padded), padded);
    }
  }
  store<f64>(totals, similarity);
  store<f64>(totals + 8, <f64>far);
}

/** E [BLOCK, BLOCK] = products of the states of block `row` with those of block `column`. */
function products(row: i32, column: i32, E: usize): void {
  const units = size(1);
  const g = address(3) + <usize>row * acrossBytes(units); // [Q, N], filled up with zeros
  const panels = address(4) + <usize>column * acrossBytes(units);
  for (let j = 0; j < BLOCK; j += PANEL)
    panelProduct(BLOCK, units, g, bytes(units), 4, panels + bytes(j * units), ZEROS, 0, E + bytes(j), 4 * BLOCK);
}

/** Far pairs of the block that `similarities` last computed. */
let farCount: i32 = 0;

/** E_ij from the products, in place; their sum, and their sums over j and (off the diagonal) over i, added to `weights`. */
function similarities(row: i32, column: i32, weights: usize, E: usize): f32 {
  const squares = address(6);
  const x = address(12);
  const y = address(13);
  const farther = f32x4.splat(real(14)); // sigma_x^2
  const factor = f32x4.splat(real(15)); // -1 / (2 sigma_g^2)
  let total = f32x4.splat(0);
  let count = i32x4.splat(0);
  for (let r = 0; r < BLOCK; r++) {
    const i = bytes(row * BLOCK + r);
    const xi = v128.load32_splat(x + i);
    const yi = v128.load32_splat(y + i);
    const si = v128.load32_splat(squares + i);
    let sum = f32x4.splat(0);
    for (let c = 0; c < BLOCK; c += 4) {
      const j = bytes(column * BLOCK + c);
      const e = E + bytes(r * BLOCK + c);
      const dx = f32x4.sub(xi, v128.load(x + j));
      const dy = f32x4.sub(yi, v128.load(y + j));
      const far = f32x4.gt(f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy)), farther);
      const product = v128.load(e);
      const apart = f32x4.sub(f32x4.add(si, v128.load(squares + j)), f32x4.add(product, product));
      const similar = v128.and(far, exponential(f32x4.mul(apart, factor)));
      v128.store(e, similar);
      sum = f32x4.add(sum, similar);
      count = i32x4.sub(count, far);
      if (row !== column) v128.store(weights + j, f32x4.add(v128.load(weights + j), similar));
    }
    store<f32>(weights + i, load<f32>(weights + i) + sumOf(sum));
    total = f32x4.add(total, sum);
  }
  farCount =
    i32x4.extract_lane(count, 0) +
    i32x4.extract_lane(count, 1) +
    i32x4.extract_lane(count, 2) +
    i32x4.extract_lane(count, 3);
  return sumOf(total);
}

/** Adds E (or its transpose, by the strides) times the states of a block to the rows of block `block` of `weighted`. */
function addTo(weighted: usize, block: i32, E: usize, eRow: usize, eColumn: usize, along: usize, padded: i32): void {
  const row = bytes(padded);
  const to = weighted + <usize>block * BLOCK * row;
  for (let j = 0; j < padded; j += PANEL) {
    const at = to + bytes(j);
    panelProduct(BLOCK, BLOCK, E, eRow, eColumn, along + bytes(j * BLOCK), at, row, at, row);
  }
}

/** The tasks' sums put together for block `task`: pull_i = sum_j E_ij (g_i - g_j), [Q, N]. */
export function pullTask(task: i32): void {
  const count = size(0);
  const units = size(1);
  const padded = size(2);
  const blocks = size(7);
  const tasks = size(8);
  const length = blocks * BLOCK;
  const weighted = address(9);
  const weights = address(10);
  const g = address(3);
  const pull = address(16);
  for (let i = task * BLOCK; i < min(count, (task + 1) * BLOCK); i++) {
    let weight: f32 = 0;
    for (let k = 0; k < tasks; k++) weight += load<f32>(weights + bytes(k * length + i));
    const to = pull + bytes(i * units);
    memory.fill(to, 0, bytes(units));
    addRow(g + bytes(i * units), weight, to, units);
    for (let k = 0; k < tasks; k++) addRow(weighted + bytes((k * length + i) * padded), -1, to, units);
  }
}
