// Products of matrices. All matrices are float32, row by row; strides are in bytes.

/** Columns of one panel of a packed matrix: two vectors. */
import { bytes } from "./threads";

/** Columns of one panel of a packed matrix: two vectors. */
export const PANEL: i32 = 8;
const PANEL_BYTES: usize = 32;

/** A row of eight zeros, to start a product from nothing. */
export const ZEROS: usize = 2048;

function fma(a: v128, b: v128, c: v128): v128 {
  return f32x4.relaxed_madd(a, b, c);
}

export function sumOf(x: v128): f32 {
  return f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

/** Copies `rows` rows of eight numbers, `stride` apart, to one stretch. */
export function packPanel(from: usize, stride: usize, rows: i32, to: usize): void {
  for (let k = 0; k < rows; k++) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    from += stride;
    to += PANEL_BYTES;
  }
}

/**
 * Eight columns of C [m, 8] = start + A [m, k] B [k, 8], B packed. A's entry (i, l) is at a + i * aRow + l * aColumn.
 * `start` is a matrix whose rows are `startRow` apart: C itself to add to it, one row with startRow 0 for a bias, ZEROS for none.
 */
export function panelProduct(
  m: i32,
  k: i32,
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  start: usize,
  startRow: usize,
  c: usize,
  cRow: usize,
): void {
  let i = 0;
  for (; i + 6 <= m; i += 6) {
    sixRows(k, a, aRow, aColumn, b, start, startRow, c, cRow);
    a += 6 * aRow;
    c += 6 * cRow;
    start += 6 * startRow;
  }
  for (; i + 4 <= m; i += 4) {
    fourRows(k, a, aRow, aColumn, b, start, startRow, c, cRow);
    a += 4 * aRow;
    c += 4 * cRow;
    start += 4 * startRow;
  }
  for (; i < m; i++) {
    oneRow(k, a, aColumn, b, start, c);
    a += aRow;
    c += cRow;
    start += startRow;
  }
}

function sixRows(
  k: i32,
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  start: usize,
  startRow: usize,
  c: usize,
  cRow: usize,
): void {
  let c00 = v128.load(start);
  let c01 = v128.load(start, 16);
  start += startRow;
  let c10 = v128.load(start);
  let c11 = v128.load(start, 16);
  start += startRow;
  let c20 = v128.load(start);
  let c21 = v128.load(start, 16);
  start += startRow;
  let c30 = v128.load(start);
  let c31 = v128.load(start, 16);
  start += startRow;
  let c40 = v128.load(start);
  let c41 = v128.load(start, 16);
  start += startRow;
  let c50 = v128.load(start);
  let c51 = v128.load(start, 16);
  let a1 = a + aRow;
  let a2 = a1 + aRow;
  let a3 = a2 + aRow;
  let a4 = a3 + aRow;
  let a5 = a4 + aRow;
  for (let l = 0; l < k; l++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    c00 = fma(x, b0, c00);
    c01 = fma(x, b1, c01);
    x = v128.load32_splat(a1);
    c10 = fma(x, b0, c10);
    c11 = fma(x, b1, c11);
    x = v128.load32_splat(a2);
    c20 = fma(x, b0, c20);
    c21 = fma(x, b1, c21);
    x = v128.load32_splat(a3);
    c30 = fma(x, b0, c30);
    c31 = fma(x, b1, c31);
    x = v128.load32_splat(a4);
    c40 = fma(x, b0, c40);
    c41 = fma(x, b1, c41);
    x = v128.load32_splat(a5);
    c50 = fma(x, b0, c50);
    c51 = fma(x, b1, c51);
    a += aColumn;
    a1 += aColumn;
    a2 += aColumn;
    a3 += aColumn;
    a4 += aColumn;
    a5 += aColumn;
    b += PANEL_BYTES;
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  c += cRow;
  v128.store(c, c10);
  v128.store(c, c11, 16);
  c += cRow;
  v128.store(c, c20);
  v128.store(c, c21, 16);
  c += cRow;
  v128.store(c, c30);
  v128.store(c, c31, 16);
  c += cRow;
  v128.store(c, c40);
  v128.store(c, c41, 16);
  c += cRow;
  v128.store(c, c50);
  v128.store(c, c51, 16);
}

function fourRows(
  k: i32,
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  start: usize,
  startRow: usize,
  c: usize,
  cRow: usize,
): void {
  let c00 = v128.load(start);
  let c01 = v128.load(start, 16);
  start += startRow;
  let c10 = v128.load(start);
  let c11 = v128.load(start, 16);
  start += startRow;
  let c20 = v128.load(start);
  let c21 = v128.load(start, 16);
  start += startRow;
  let c30 = v128.load(start);
  let c31 = v128.load(start, 16);
  let a1 = a + aRow;
  let a2 = a1 + aRow;
  let a3 = a2 + aRow;
  for (let l = 0; l < k; l++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    c00 = fma(x, b0, c00);
    c01 = fma(x, b1, c01);
    x = v128.load32_splat(a1);
    c10 = fma(x, b0, c10);
    c11 = fma(x, b1, c11);
    x = v128.load32_splat(a2);
    c20 = fma(x, b0, c20);
    c21 = fma(x, b1, c21);
    x = v128.load32_splat(a3);
    c30 = fma(x, b0, c30);
    c31 = fma(x, b1, c31);
    a += aColumn;
    a1 += aColumn;
    a2 += aColumn;
    a3 += aColumn;
    b += PANEL_BYTES;
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  c += cRow;
  v128.store(c, c10);
  v128.store(c, c11, 16);
  c += cRow;
  v128.store(c, c20);
  v128.store(c, c21, 16);
  c += cRow;
  v128.store(c, c30);
  v128.store(c, c31, 16);
}

function oneRow(k: i32, a: usize, aColumn: usize, b: usize, start: usize, c: usize): void {
  let c0 = v128.load(start);
  let c1 = v128.load(start, 16);
  for (let l = 0; l < k; l++) {
    const x = v128.load32_splat(a);
    c0 = fma(x, v128.load(b), c0);
    c1 = fma(x, v128.load(b, 16), c1);
    a += aColumn;
    b += PANEL_BYTES;
  }
  v128.store(c, c0);
  v128.store(c, c1, 16);
}

/** The columns that no panel of eight holds: C [m, n] = start + A [m, k] B [k, n], number by number. */
export function plainProduct(
  m: i32,
  n: i32,
  k: i32,
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  start: usize,
  startRow: usize,
  c: usize,
  cRow: usize,
): void {
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++) {
      let sum = load<f32>(start + <usize>i * startRow + bytes(j));
      for (let l = 0; l < k; l++)
        sum += load<f32>(a + <usize>i * aRow + <usize>l * aColumn) * load<f32>(b + <usize>l * bRow + bytes(j));
      store<f32>(c + <usize>i * cRow + bytes(j), sum);
    }
}

/** The dot product of two stretches of k numbers. */
export function dot(a: usize, b: usize, k: i32): f32 {
  let sum = f32x4.splat(0);
  let l = 0;
  for (; l + 4 <= k; l += 4) {
    sum = fma(v128.load(a), v128.load(b), sum);
    a += 16;
    b += 16;
  }
  let total = sumOf(sum);
  for (; l < k; l++) {
    total += load<f32>(a) * load<f32>(b);
    a += 4;
    b += 4;
  }
  return total;
}

/** Dot products of x with four rows of b, `bRow` apart, side by side in one vector. */
export function fourDots(x: usize, b: usize, bRow: usize, k: i32): v128 {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let b1 = b + bRow;
  let b2 = b1 + bRow;
  let b3 = b2 + bRow;
  let l = 0;
  for (; l + 4 <= k; l += 4) {
    const v = v128.load(x);
    s0 = fma(v, v128.load(b), s0);
    s1 = fma(v, v128.load(b1), s1);
    s2 = fma(v, v128.load(b2), s2);
    s3 = fma(v, v128.load(b3), s3);
    x += 16;
    b += 16;
    b1 += 16;
    b2 += 16;
    b3 += 16;
  }
  let sums = sideBySide(s0, s1, s2, s3);
  for (; l < k; l++) {
    const column = fourNumbers(load<f32>(b), load<f32>(b1), load<f32>(b2), load<f32>(b3));
    sums = fma(v128.load32_splat(x), column, sums);
    x += 4;
    b += 4;
    b1 += 4;
    b2 += 4;
    b3 += 4;
  }
  return sums;
}

function fourNumbers(a: f32, b: f32, c: f32, d: f32): v128 {
  return f32x4.replace_lane(f32x4.replace_lane(f32x4.replace_lane(f32x4.splat(a), 1, b), 2, c), 3, d);
}

/** The sums of four vectors' lanes, as one vector. */
function sideBySide(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/** C [m, n] = A [m, k] B^T for B [n, k], both read along their rows; C's rows are `cRow` apart. */
export function dotProducts(
  m: i32,
  n: i32,
  k: i32,
  a: usize,
  aRow: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
): void {
  let j = 0;
  for (; j + 4 <= n; j += 4) {
    let from = a;
    let to = c;
    let i = 0;
    for (; i + 3 <= m; i += 3) {
      threeByFour(from, aRow, b, bRow, k, to, cRow);
      from += 3 * aRow;
      to += 3 * cRow;
    }
    for (; i < m; i++) {
      v128.store(to, fourDots(from, b, bRow, k));
      from += aRow;
      to += cRow;
    }
    b += 4 * bRow;
    c += 16;
  }
  for (; j < n; j++) {
    for (let i = 0; i < m; i++) store<f32>(c + <usize>i * cRow, dot(a + <usize>i * aRow, b, k));
    b += bRow;
    c += 4;
  }
}

/** Dot products of three rows of a with four rows of b. */
function threeByFour(a: usize, aRow: usize, b: usize, bRow: usize, k: i32, c: usize, cRow: usize): void {
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s02 = s00;
  let s03 = s00;
  let s10 = s00;
  let s11 = s00;
  let s12 = s00;
  let s13 = s00;
  let s20 = s00;
  let s21 = s00;
  let s22 = s00;
  let s23 = s00;
  let a1 = a + aRow;
  let a2 = a1 + aRow;
  let b1 = b + bRow;
  let b2 = b1 + bRow;
  let b3 = b2 + bRow;
  let l = 0;
  for (; l + 4 <= k; l += 4) {
    const x0 = v128.load(a);
    const x1 = v128.load(a1);
    const x2 = v128.load(a2);
    let y = v128.load(b);
    s00 = fma(x0, y, s00);
    s10 = fma(x1, y, s10);
    s20 = fma(x2, y, s20);
    y = v128.load(b1);
    s01 = fma(x0, y, s01);
    s11 = fma(x1, y, s11);
    s21 = fma(x2, y, s21);
    y = v128.load(b2);
    s02 = fma(x0, y, s02);
    s12 = fma(x1, y, s12);
    s22 = fma(x2, y, s22);
    y = v128.load(b3);
    s03 = fma(x0, y, s03);
    s13 = fma(x1, y, s13);
    s23 = fma(x2, y, s23);
    a += 16;
    a1 += 16;
    a2 += 16;
    b += 16;
    b1 += 16;
    b2 += 16;
    b3 += 16;
  }
  let r0 = sideBySide(s00, s01, s02, s03);
  let r1 = sideBySide(s10, s11, s12, s13);
  let r2 = sideBySide(s20, s21, s22, s23);
  for (; l < k; l++) {
    const column = fourNumbers(load<f32>(b), load<f32>(b1), load<f32>(b2), load<f32>(b3));
    r0 = fma(v128.load32_splat(a), column, r0);
    r1 = fma(v128.load32_splat(a1), column, r1);
    r2 = fma(v128.load32_splat(a2), column, r2);
    a += 4;
    a1 += 4;
    a2 += 4;
    b += 4;
    b1 += 4;
    b2 += 4;
    b3 += 4;
  }
  v128.store(c, r0);
  v128.store(c + cRow, r1);
  v128.store(c + 2 * cRow, r2);
}
