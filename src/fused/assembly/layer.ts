// N1's layers: y = x A + a, with a rectifier where one follows, and the way back.

import { address, bytes, scratch, SCRATCH_SIZE, size } from "./threads";
import { dotProducts, packPanel, PANEL, panelProduct, plainProduct, ZEROS } from "./product";

/** Columns of C that one task computes. */
export const COLUMNS: i32 = 64;

/** Rows of B that fit into a thread's memory as one panel. */
function rowsAtOnce(): i32 {
  return <i32>(SCRATCH_SIZE / 32);
}

/**
 * Columns task * COLUMNS and on of C [m, n] = start + A [m, k] B [k, n], rectified where asked. A's entry (i, l) is at
 * a + i * aRow + l * aColumn; `start` is a row of n numbers (a bias), or 0.
 */
export function productTask(task: i32): void {
  const m = size(0);
  const n = size(1);
  const k = size(2);
  const a = address(3);
  const aRow = address(4);
  const aColumn = address(5);
  const b = address(6);
  const start = address(7);
  const c = address(8);
  const rectified = size(9);
  const row = bytes(n);
  const first = task * COLUMNS;
  const end = min(first + COLUMNS, n);
  let j = first;
  for (; j + PANEL <= end; j += PANEL) {
    const at = bytes(j);
    for (let l = 0; l < k; l += rowsAtOnce()) {
      const rows = min(rowsAtOnce(), k - l);
      packPanel(b + <usize>l * row + at, row, rows, scratch());
      const from = l > 0 ? c + at : start ? start + at : ZEROS;
      panelProduct(m, rows, a + <usize>l * aColumn, aRow, aColumn, scratch(), from, l > 0 ? row : 0, c + at, row);
    }
  }
  const at = bytes(j);
  plainProduct(m, end - j, k, a, aRow, aColumn, b + at, row, start ? start + at : ZEROS, 0, c + at, row);
  if (rectified)
    for (let i = 0; i < m; i++)
      for (let l = first; l < end; l++) {
        const place = c + <usize>i * row + bytes(l);
        store<f32>(place, max<f32>(load<f32>(place), 0));
      }
}

/** Places of the inner axis that one task of dotProductsTask takes. */
export const STRETCH: i32 = 256;

/** One part of A [m, k] B^T for B [n, k]: the sum over a stretch of k, to parts [tasks, m, n]. */
export function dotProductsTask(task: i32): void {
  const m = size(0);
  const n = size(1);
  const k = size(2);
  const parts = address(5);
  const from = task * STRETCH;
  const at = bytes(from);
  const row = bytes(k);
  const to = parts + bytes(task * m * n);
  dotProducts(m, n, min(STRETCH, k - from), address(3) + at, row, address(4) + at, row, to, bytes(n));
}

/** The sum of parts [count, length], and 0 where a gate is given that is not positive. One task. */
export function gatedSumTask(_task: i32): void {
  const length = size(0);
  const count = size(1);
  const parts = address(2);
  const gate = address(3);
  const to = address(4);
  for (let i = 0; i < length; i++) {
    const at = bytes(i);
    let sum: f32 = 0;
    if (!gate || load<f32>(gate + at) > 0)
      for (let part = 0; part < count; part++) sum += load<f32>(parts + at + bytes(part * length));
    store<f32>(to + at, sum);
  }
}
