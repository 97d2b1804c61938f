/**
 * The few array operations that the oracle's equations are written with, on plain nested number arrays in float64.
 * Linear algebra and statistics come from mathjs; this file only gives them narrow types and short names.
 */
import { add as mathAdd, dot as mathDot, multiply, norm as mathNorm, transpose as mathTranspose } from "mathjs";

/** A list of numbers. */
export type Vec = number[];
/** A list of rows, all of one length. */
export type Mat = number[][];

/** The matrix product A x, shapes [m, n] and [n] to [m]. */
export function matVec(A: Mat, x: Vec): Vec {
  return multiply<Vec>(A, x);
}

/** The product x A of a row vector with a matrix, shapes [m] and [m, n] to [n]. */
export function vecMat(x: Vec, A: Mat): Vec {
  return multiply(x, A);
}

/** A with rows and columns exchanged. */
export function transpose(A: Mat): Mat {
  return mathTranspose(A);
}

/** The sum of two vectors. */
export function add(x: Vec, y: Vec): Vec {
  return mathAdd(x, y);
}

/** The difference x - y of two vectors. */
export function subtract(x: Vec, y: Vec): Vec {
  return x.map((value, k) => value - y[k]!);
}

/** The vector x times the number c. */
export function scale(x: Vec, c: number): Vec {
  return x.map((value) => value * c);
}

/** The scalar product of two vectors. */
export function dot(x: Vec, y: Vec): number {
  return mathDot(x, y);
}

/** The outer product of two vectors: entry [i][j] is x_i y_j. */
export function outer(x: Vec, y: Vec): Mat {
  return x.map((value) => scale(y, value));
}

/** The Euclidean length of a vector. */
export function norm(x: Vec): number {
  return mathNorm(x) as number;
}

/** The squared Euclidean distance of two vectors. */
export function squaredDistance(x: Vec, y: Vec): number {
  return x.reduce((sum, value, k) => sum + (value - y[k]!) ** 2, 0);
}

/** Rectification: negative entries become 0. */
export function relu(x: Vec): Vec {
  return x.map((value) => Math.max(value, 0));
}

/** A vector of n zeros. */
export function zeros(n: number): Vec {
  return new Array<number>(n).fill(0);
}

/** A list of n * m numbers as n rows of m, row by row. */
export function reshape(list: Vec, n: number, m: number): Mat {
  return Array.from({ length: n }, (_, row) => list.slice(row * m, (row + 1) * m));
}
