import type { LossSettings, Parameters } from "../../spec/oracle.ts";

/** The constants of the losses that most cases use. */
export const settings: LossSettings = {
  sigmaX: 0.1503,
  sigmaG: 0.4,
  sigmaS: 0.0503,
  sigmaC: 0.2503,
  lambdaSep: 1,
  lambdaInv: 0.3,
  lambdaCap: 0.5,
  lambdaCon: 0.05,
  reduction: "mean",
};

/** Two units that keep their state under a velocity to the left, and die under one to the right. */
export const dying: Parameters = {
  A1: [[4], [0]],
  a1: [0],
  A2: [[1]],
  a2: [0],
  A3: [[-4, 0, 0, -4]],
  a3: [1, 0.25, 0.375, 1],
  gamma: [1, 0.5],
};

/** Two units whose matrix is the identity for every velocity, and whose g_0 is (0, 1) exactly: no state ever moves. */
export const still: Parameters = {
  A1: [[0.5], [0.25]],
  a1: [0.125],
  A2: [[0.5]],
  a2: [0.25],
  A3: [[0, 0, 0, 0]],
  a3: [1, 0, 0, 1],
  gamma: [0, 2],
};

/** `p` with a gamma that has no positive entry, so that g_0 is dead. */
export function withDeadStart(p: Parameters): Parameters {
  return { ...p, gamma: p.gamma.map((value) => -Math.abs(value)) };
}

/** `p` with a first unit that is 0 at the start and after every step: its gamma and its row of W(v) are exactly 0. */
export function withUndrivenUnit(p: Parameters): Parameters {
  const N = p.gamma.length;
  const undriven = (row: number[]): number[] => row.map((value, k) => (k < N ? 0 : value));
  return { ...p, A3: p.A3.map(undriven), a3: undriven(p.a3), gamma: [0, ...p.gamma.slice(1)] };
}

/** Velocities of a walk on a square, in dyadic numbers. Distances and speeds are exactly 0.25 m, in float32 too. */
export const squareWalk = [
  [0.25, 0],
  [0, 0.25],
  [-0.25, 0],
  [0, -0.25],
];
