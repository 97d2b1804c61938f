// T1 and T2 in one pass each over a parameter.

import { address, bytes, real, size } from "./threads";
import { sumOf } from "./product";

/** Numbers that one task takes. */
export const CHUNK: i32 = 1 << 14;

/** Sums of squares of the chunks of one tensor. */
export function squaresTask(task: i32): void {
  const length = size(0);
  const from = address(1) + bytes(task * CHUNK);
  const end = min(CHUNK, length - task * CHUNK);
  let sum = f32x4.splat(0);
  let i = 0;
  for (; i + 4 <= end; i += 4) {
    const x = v128.load(from + bytes(i));
    sum = f32x4.relaxed_madd(x, x, sum);
  }
  let total = sumOf(sum);
  for (; i < end; i++) {
    const x = load<f32>(from + bytes(i));
    total += x * x;
  }
  store<f32>(address(2) + bytes(task), total);
}

/** to = a x + b y, of T2 and T3. */
export function combineTask(task: i32): void {
  const length = size(0);
  const at = bytes(task * CHUNK);
  const x = address(1) + at;
  const y = address(2) + at;
  const to = address(3) + at;
  const a = real(4);
  const b = real(5);
  const end = min(CHUNK, length - task * CHUNK);
  let i = 0;
  for (; i + 4 <= end; i += 4) {
    const sum = f32x4.add(
      f32x4.mul(v128.load(x + bytes(i)), f32x4.splat(a)),
      f32x4.mul(v128.load(y + bytes(i)), f32x4.splat(b)),
    );
    v128.store(to + bytes(i), sum);
  }
  for (; i < end; i++) store<f32>(to + bytes(i), load<f32>(x + bytes(i)) * a + load<f32>(y + bytes(i)) * b);
}

/** For each chunk of one tensor 0, or NaN where a number is not finite. */
export function finiteTask(task: i32): void {
  const from = address(1) + bytes(task * CHUNK);
  const end = min(CHUNK, size(0) - task * CHUNK);
  let sum = f32x4.splat(0);
  let i = 0;
  for (; i + 4 <= end; i += 4) sum = f32x4.relaxed_madd(v128.load(from + bytes(i)), f32x4.splat(0), sum);
  let total = sumOf(sum);
  for (; i < end; i++) total += load<f32>(from + bytes(i)) * 0;
  store<f32>(address(2) + bytes(task), total);
}

/** T1 for one tensor: p, g, m and v lead to new p, m and v. `rate` and `epsilon` hold both corrections, as in src/train. */
export function adamwTask(task: i32): void {
  const length = size(0);
  const first = task * CHUNK;
  const end = min(first + CHUNK, length);
  const p = address(1);
  const g = address(2);
  const m = address(3);
  const v = address(4);
  const newP = address(5);
  const newM = address(6);
  const newV = address(7);
  const keepM = real(8); // beta1
  const takeM = real(9); // 1 - beta1
  const keepV = real(10);
  const takeV = real(11);
  const rate = real(12);
  const epsilon = real(13);
  const decay = real(14); // 1 - lr wd
  let i = first;
  for (; i + 4 <= end; i += 4) {
    const at = bytes(i);
    const slope = v128.load(g + at);
    const mean = f32x4.add(f32x4.mul(v128.load(m + at), f32x4.splat(keepM)), f32x4.mul(slope, f32x4.splat(takeM)));
    const square = f32x4.add(
      f32x4.mul(v128.load(v + at), f32x4.splat(keepV)),
      f32x4.mul(f32x4.mul(slope, slope), f32x4.splat(takeV)),
    );
    const root = f32x4.add(f32x4.sqrt(square), f32x4.splat(epsilon));
    const move = f32x4.div(f32x4.mul(mean, f32x4.splat(rate)), root);
    v128.store(newP + at, f32x4.sub(f32x4.mul(v128.load(p + at), f32x4.splat(decay)), move));
    v128.store(newM + at, mean);
    v128.store(newV + at, square);
  }
  for (; i < end; i++) {
    const at = bytes(i);
    const slope = load<f32>(g + at);
    const mean = load<f32>(m + at) * keepM + slope * takeM;
    const square = load<f32>(v + at) * keepV + slope * slope * takeV;
    const move = (mean * rate) / (sqrt<f32>(square) + epsilon);
    store<f32>(newP + at, load<f32>(p + at) * decay - move);
    store<f32>(newM + at, mean);
    store<f32>(newV + at, square);
  }
}
