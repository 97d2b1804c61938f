// Sums over all near pairs: L2's own, and what L1 leaves out. States are put into the cells of a grid by their positions, so that each is compared
// with those of the nine cells around it alone.

import { exponential } from "./separation";
import { addDifference, squareOfDifference } from "./states";
import { address, bytes, real, size } from "./threads";

/** States that one task takes. */
export const STATES: i32 = 64;

/** Where in a table of `count` lists, a power of two, those of the cell (x, y) are listed. */
function listOf(x: f64, y: f64, count: i32): i32 {
  return ((<i32>x * 73856093) ^ (<i32>y * 19349663)) & (count - 1);
}

/** The cells [2, Q] of positions [2, Q], and the states of each list, from `starts` [lists + 1] on in `members` [Q]. One task. */
export function cellsTask(_task: i32): void {
  const count = size(0);
  const lists = size(1);
  const side = load<f64>(address(2)); // of a cell: a little more than sigma_x, so that rounding parts no near pair
  const places = address(3);
  const cells = address(4);
  const starts = address(5);
  const members = address(6);
  memory.fill(starts, 0, bytes(lists + 1));
  const second = <usize>count * 8;
  for (let i = 0; i < count; i++) {
    const at = <usize>i * 8;
    const x = floor(load<f64>(places + at) / side);
    const y = floor(load<f64>(places + second + at) / side);
    store<f64>(cells + at, x);
    store<f64>(cells + second + at, y);
    const list = starts + bytes(listOf(x, y, lists));
    store<i32>(list, load<i32>(list) + 1);
  }
  let sum = 0;
  for (let k = 0; k <= lists; k++) {
    const place = starts + bytes(k);
    sum += load<i32>(place);
    store<i32>(place, sum);
  }
  for (let i = count - 1; i >= 0; i--) {
    const at = <usize>i * 8;
    const list = starts + bytes(listOf(load<f64>(cells + at), load<f64>(cells + second + at), lists));
    const place = load<i32>(list) - 1;
    store<i32>(list, place);
    store<i32>(members + bytes(place), i);
  }
}

/**
 * For some of Q states i, which are rows of the states g [P, N], over the other states j that are near: the sum of
 * w_ij (g_i - g_j), [Q, N], with w_ij = exp(factor ||g_i - g_j||^2); and over all of them the sums of ||g_i - g_j||^2 and of
 * w_ij, and how many pairs there are. A pair at sigma_x exactly counts where `inclusive` says so.
 */
export function nearTask(task: i32): void {
  const count = size(0);
  const lists = size(1);
  const places = address(3);
  const cells = address(4);
  const starts = address(5);
  const members = address(6);
  const units = size(7);
  const g = address(8);
  const rows = address(9);
  const near = load<f64>(address(2) + 8); // sigma_x
  const pull = address(10);
  const sums = address(11) + 24 * <usize>task; // in float64
  const factor = real(12);
  const inclusive = size(13);
  const row = bytes(units);
  const second = <usize>count * 8;
  let squares: f64 = 0;
  let weights: f64 = 0;
  let pairs: f64 = 0;
  for (let i = task * STATES; i < min(count, (task + 1) * STATES); i++) {
    const at = <usize>i * 8;
    const own = g + <usize>load<i32>(rows + bytes(i)) * row;
    const to = pull + <usize>i * row;
    memory.fill(to, 0, row);
    for (let side = 0; side < 9; side++) {
      const x = load<f64>(cells + at) + <f64>((side % 3) - 1);
      const y = load<f64>(cells + second + at) + <f64>(side / 3 - 1);
      const list = starts + bytes(listOf(x, y, lists));
      for (let k = load<i32>(list); k < load<i32>(list, 4); k++) {
        const j = load<i32>(members + bytes(k));
        const other = <usize>j * 8;
        // Another cell may have the same list.
        if (j === i || load<f64>(cells + other) !== x || load<f64>(cells + second + other) !== y) continue;
        const dx = load<f64>(places + at) - load<f64>(places + other);
        const dy = load<f64>(places + second + at) - load<f64>(places + second + other);
        const apart = sqrt<f64>(dx * dx + dy * dy);
        if (!(apart < near || (inclusive && apart === near))) continue;
        const from = g + <usize>load<i32>(rows + bytes(j)) * row;
        let weight: f32 = 1;
        if (factor !== 0) {
          const exponent = factor * squareOfDifference(own, from, units);
          weight = f32x4.extract_lane(exponential(f32x4.splat(exponent)), 0);
        }
        const square = addDifference(own, from, weight, to, units);
        squares += <f64>square;
        weights += <f64>weight;
        pairs++;
      }
    }
  }
  store<f64>(sums, squares);
  store<f64>(sums, weights, 8);
  store<f64>(sums, pairs, 16);
}
