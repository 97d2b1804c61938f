import { add, matVec, norm, relu, reshape, scale, vecMat } from "./oracle-arrays.ts";
import type { Mat, Vec } from "./oracle-arrays.ts";

/** All trainable numbers, with N units and hidden width H. */
export interface Parameters {
  /** [2, H] */ A1: Mat;
  /** [H] */ a1: Vec;
  /** [H, H] */ A2: Mat;
  /** [H] */ a2: Vec;
  /** [H, N * N] */ A3: Mat;
  /** [N * N] */ a3: Vec;
  /** [N] */ gamma: Vec;
}

/** What a rollout gives: g_0 [N], the states g_1 .. g_T as [T][B][N], and how many of those are dead. */
export interface Rollout {
  initial: Vec;
  states: number[][][];
  deadStates: number;
}

/** The values inside the transition's MLP (N1), kept because the gradients need them. */
interface TransitionValues {
  input: Vec;
  u1: Vec;
  h1: Vec;
  u2: Vec;
  h2: Vec;
  W: Mat;
}

/**
 * N1 Transition, with the values between its layers: u1 = (v / s_v) A1 + a1, h1 = relu(u1), u2 = h1 A2 + a2, h2 = relu(u2),
 * and W = h2 A3 + a3 read as an N by N matrix, row by row.
 * @spec N1
 */
export function transitionValues(p: Parameters, velocity: Vec, velocityScale: number): TransitionValues {
  const units = p.gamma.length;
  const input = scale(velocity, 1 / velocityScale);
  const u1 = add(vecMat(input, p.A1), p.a1);
  const h1 = relu(u1);
  const u2 = add(vecMat(h1, p.A2), p.a2);
  const h2 = relu(u2);
  const W = reshape(add(vecMat(h2, p.A3), p.a3), units, units);
  return { input, u1, h1, u2, h2, W };
}

/**
 * N1 Transition: the N by N matrix W(v) of one velocity; W[i][j] is the weight from unit j to unit i.
 * @param velocity [v_x, v_y], metres a step
 * @param velocityScale s_v, metres a step
 * @spec N1
 */
export function transition(p: Parameters, velocity: Vec, velocityScale: number): Mat {
  return transitionValues(p, velocity, velocityScale).W;
}

/**
 * N2, N3: Norm(z) = z / ||z||, and the zero vector stays zero.
 * @spec N2 N3
 */
function normalise(z: Vec): Vec {
  const length = norm(z);
  return length === 0 ? z : scale(z, 1 / length);
}

/**
 * N2 Initial state: g_0 = Norm(relu(gamma)), shared by all trajectories.
 * @spec N2
 */
export function initialState(gamma: Vec): Vec {
  return normalise(relu(gamma));
}

/**
 * N3 Step: g_t = Norm(relu(W g_{t-1})).
 * @spec N3
 */
export function step(W: Mat, g: Vec): Vec {
  return normalise(relu(matVec(W, g)));
}

/**
 * N4 Invariants: whether a state is dead, that is the zero vector.
 * @spec N4
 */
export function isDead(g: Vec): boolean {
  return g.every((value) => value === 0);
}

/**
 * N4 Invariants: whether a state has no negative entry and is either of length 1, to within `tolerance`, or dead.
 * @spec N4
 */
export function isState(g: Vec, tolerance: number): boolean {
  return g.every((value) => value >= 0) && (isDead(g) || Math.abs(norm(g) - 1) <= tolerance);
}

/**
 * N3 Step, repeated: all trajectories from g_0 through their velocities.
 * @param velocities [K][2], metres a step
 * @param order [B][T], indices into `velocities`
 * @spec N3
 */
export function rollout(p: Parameters, velocities: Mat, order: number[][], velocityScale: number): Rollout {
  const W = velocities.map((velocity) => transition(p, velocity, velocityScale));
  const initial = initialState(p.gamma);
  let current = order.map(() => initial);
  const states = order[0]!.map((_, t) => {
    current = current.map((g, b) => step(W[order[b]![t]!]!, g));
    return current;
  });
  return { initial, states, deadStates: states.flat().filter(isDead).length };
}
