// What L3, L1's centre and the way back of the losses need of rows of states.

import { sumOf } from "./product";
import { address, bytes, real, size } from "./threads";

/** Rows that one task takes. */
export const ROWS: i32 = 64;

/** The mean [N] of some rows, listed as `rows` [Q], of the states [P, N]. One task. */
export function meanTask(_task: i32): void {
  const count = size(0);
  const units = size(1);
  const states = address(2);
  const rows = address(3);
  const to = address(4);
  memory.fill(to, 0, bytes(units));
  for (let i = 0; i < count; i++) addRow(states + bytes(load<i32>(rows + bytes(i)) * units), 1, to, units);
  const share: f32 = 1 / <f32>count;
  for (let j = 0; j < units; j++) {
    const place = to + bytes(j);
    store<f32>(place, load<f32>(place) * share);
  }
}

/** All of some rows [P, N] become a row [N] times a factor. */
export function fillRowsTask(task: i32): void {
  const count = size(0);
  const units = size(1);
  const row = address(2);
  const factor = real(3);
  const to = address(4);
  for (let i = task * ROWS; i < min(count, (task + 1) * ROWS); i++) {
    memory.fill(to + bytes(i * units), 0, bytes(units));
    addRow(row, factor, to + bytes(i * units), units);
  }
}

/** Adds rows [Q, N] times a factor to those rows of [P, N] that `rows` [Q] lists. One task, since a row may be listed twice. */
export function addRowsTask(_task: i32): void {
  const count = size(0);
  const units = size(1);
  const from = address(2);
  const rows = address(3);
  const factor = real(4);
  const to = address(5);
  for (let i = 0; i < count; i++)
    addRow(from + bytes(i * units), factor, to + bytes(load<i32>(rows + bytes(i)) * units), units);
}

/** to += factor * from. */
export function addRow(from: usize, factor: f32, to: usize, units: i32): void {
  const x = f32x4.splat(factor);
  let j = 0;
  for (; j + 4 <= units; j += 4) {
    const at = bytes(j);
    v128.store(to + at, f32x4.relaxed_madd(x, v128.load(from + at), v128.load(to + at)));
  }
  for (; j < units; j++) {
    const at = bytes(j);
    store<f32>(to + at, load<f32>(to + at) + factor * load<f32>(from + at));
  }
}

/** ||a - b||^2. */
export function squareOfDifference(a: usize, b: usize, units: i32): f32 {
  let squares = f32x4.splat(0);
  let j = 0;
  for (; j + 4 <= units; j += 4) {
    const apart = f32x4.sub(v128.load(a + bytes(j)), v128.load(b + bytes(j)));
    squares = f32x4.relaxed_madd(apart, apart, squares);
  }
  let sum = sumOf(squares);
  for (; j < units; j++) {
    const apart = load<f32>(a + bytes(j)) - load<f32>(b + bytes(j));
    sum += apart * apart;
  }
  return sum;
}

/** to += factor * (a - b); returns ||a - b||^2. */
export function addDifference(a: usize, b: usize, factor: f32, to: usize, units: i32): f32 {
  const x = f32x4.splat(factor);
  let squares = f32x4.splat(0);
  let j = 0;
  for (; j + 4 <= units; j += 4) {
    const at = bytes(j);
    const apart = f32x4.sub(v128.load(a + at), v128.load(b + at));
    v128.store(to + at, f32x4.relaxed_madd(x, apart, v128.load(to + at)));
    squares = f32x4.relaxed_madd(apart, apart, squares);
  }
  let sum = sumOf(squares);
  for (; j < units; j++) {
    const at = bytes(j);
    const apart = load<f32>(a + at) - load<f32>(b + at);
    store<f32>(to + at, load<f32>(to + at) + factor * apart);
    sum += apart * apart;
  }
  return sum;
}
