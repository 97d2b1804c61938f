// The sum behind L2 over the near pairs, which are listed for each of their two states.

import { address, bytes, size } from "./threads";
import { sumOf } from "./product";

/** States that one task takes. */
export const STATES: i32 = 64;

/** For some states i: pull_i = sum over near j of (g_i - g_j), [P, N]; and the sum of ||g_i - g_j||^2 over all of them. */
export function invarianceTask(task: i32): void {
  const count = size(0);
  const units = size(1);
  const g = address(2);
  const starts = address(3); // of each state's neighbours in the list, [P + 1]
  const neighbours = address(4);
  const pull = address(5);
  const sums = address(6); // float64, one a task
  const row = bytes(units);
  let total: f64 = 0;
  for (let i = task * STATES; i < min(count, (task + 1) * STATES); i++) {
    const own = g + <usize>i * row;
    const to = pull + <usize>i * row;
    memory.fill(to, 0, row);
    const end = load<i32>(starts + bytes(i + 1));
    for (let k = load<i32>(starts + bytes(i)); k < end; k++)
      total += <f64>addDifference(own, g + <usize>load<i32>(neighbours + bytes(k)) * row, to, units);
  }
  store<f64>(sums + 8 * <usize>task, total);
}

/** to += a - b; returns ||a - b||^2. */
function addDifference(a: usize, b: usize, to: usize, units: i32): f32 {
  let squares = f32x4.splat(0);
  let j = 0;
  for (; j + 4 <= units; j += 4) {
    const at = bytes(j);
    const apart = f32x4.sub(v128.load(a + at), v128.load(b + at));
    v128.store(to + at, f32x4.add(v128.load(to + at), apart));
    squares = f32x4.relaxed_madd(apart, apart, squares);
  }
  let sum = sumOf(squares);
  for (; j < units; j++) {
    const at = bytes(j);
    const apart = load<f32>(a + at) - load<f32>(b + at);
    store<f32>(to + at, load<f32>(to + at) + apart);
    sum += apart * apart;
  }
  return sum;
}
