/**
 * The exact gradient of the total loss, by hand: the chain rule, one equation of the spec at a time, from the losses back to the
 * parameters. `d_x` always stands for the derivative of the total with respect to x, in the shape of x.
 */
import { mean } from "mathjs";
import {
  add,
  dot,
  matVec,
  norm,
  outer,
  relu,
  scale,
  squaredDistance,
  subtract,
  transpose,
  zeros,
} from "./oracle-arrays.ts";
import type { Mat, Vec } from "./oracle-arrays.ts";
import { positions } from "./oracle-data.ts";
import { farPairs, nearPairs, countedSteps } from "./oracle-losses.ts";
import type { Batch, LossSettings, Reduction } from "./oracle-losses.ts";
import { initialState, rollout, transitionValues } from "./oracle-network.ts";
import type { Parameters } from "./oracle-network.ts";
import { combine } from "./oracle-training.ts";

/** L1, L2: the weight of each pair's term in the loss. */
function pairWeight(count: number, reduction: Reduction): number {
  return reduction === "mean" ? 1 / count : 1;
}

/** L1, L2: adds w (g_i - g_j) to row i and takes it from row j: the way of any loss of ||g_i - g_j|| back to both states. */
function pushApart(rows: Mat, states: Mat, i: number, j: number, w: number): void {
  const push = scale(subtract(states[i]!, states[j]!), w);
  rows[i] = add(rows[i]!, push);
  rows[j] = subtract(rows[j]!, push);
}

/**
 * L1 Separation's derivative with respect to the states: e = exp(-D / (2 s^2)) has de/dD = -e / (2 s^2), D has dD/dg_i = 2 (g_i - g_j).
 * @spec L1
 */
function separationGradient(states: Mat, x: Mat, sigmaX: number, sigmaG: number, reduction: Reduction): Mat {
  const rows = states.map((g) => zeros(g.length));
  const pairs = farPairs(x, sigmaX);
  const weight = pairWeight(pairs.length, reduction);
  for (const [i, j] of pairs) {
    const term = Math.exp(-squaredDistance(states[i]!, states[j]!) / (2 * sigmaG ** 2));
    pushApart(rows, states, i, j, (-weight * term) / sigmaG ** 2);
  }
  return rows;
}

/**
 * L2 Invariance's derivative with respect to the states: D has dD/dg_i = 2 (g_i - g_j).
 * @spec L2
 */
function invarianceGradient(states: Mat, x: Mat, sigmaX: number, reduction: Reduction): Mat {
  const rows = states.map((g) => zeros(g.length));
  const pairs = nearPairs(x, sigmaX);
  const weight = pairWeight(pairs.length, reduction);
  for (const [i, j] of pairs) pushApart(rows, states, i, j, 2 * weight);
  return rows;
}

/**
 * L3 Capacity's derivative with respect to the states: -2 (mean of the states) / P for each.
 * @spec L3
 */
function capacityGradient(states: Mat): Mat {
  const centre = mean(states, 0) as unknown as Vec;
  return states.map(() => scale(centre, -2 / states.length));
}

/**
 * L4 Conformal isometry's derivative: the variance of r_k has derivative 2 (r_k - mean r) / n, and r = ||d|| / ||v|| with
 * d = g_t - g_{t-1} has dr/dd = d / (||d|| ||v||), taken as 0 where d = 0.
 * @spec L4
 */
function conformalIsometryGradient(
  initial: Vec,
  states: number[][][],
  velocities: Mat,
  order: number[][],
  sigmaS: number,
  sigmaC: number,
): { initial: Vec; states: number[][][] } {
  const d_states = states.map((now) => now.map((g) => zeros(g.length)));
  let d_initial = zeros(initial.length);
  const steps = countedSteps(initial, states, velocities, order, sigmaS, sigmaC).map((step) => {
    const change = subtract(step.after, step.before);
    return { ...step, change, ratio: norm(change) / step.speed };
  });
  if (steps.length === 0) return { initial: d_initial, states: d_states };
  const centre = mean(steps.map((step) => step.ratio));
  for (const { t, b, change, speed, ratio } of steps) {
    const length = norm(change);
    if (length === 0) continue;
    const d_change = scale(change, (2 * (ratio - centre)) / (steps.length * length * speed));
    d_states[t]![b] = add(d_states[t]![b]!, d_change);
    if (t === 0) d_initial = subtract(d_initial, d_change);
    else d_states[t - 1]![b] = subtract(d_states[t - 1]![b]!, d_change);
  }
  return { initial: d_initial, states: d_states };
}

/**
 * L5 Total: the derivative with respect to g_0 and every state, before it runs back through the rollout.
 * @spec L5
 */
export function totalGradient(
  initial: Vec,
  states: number[][][],
  batch: Batch,
  s: LossSettings,
): { initial: Vec; states: number[][][] } {
  const trajectories = batch.order.length;
  const allStates = states.flat();
  const allPositions = positions(batch.velocities, batch.order).flat();
  const drawn = batch.pairs ?? allStates.map((_, index) => index);
  const g = drawn.map((index) => allStates[index]!);
  const x = drawn.map((index) => allPositions[index]!);
  const sepOfDrawn = separationGradient(g, x, s.sigmaX, s.sigmaG, s.reduction);
  const sep = allStates.map((state) => zeros(state.length));
  drawn.forEach((index, k) => (sep[index] = sepOfDrawn[k]!));
  const inv = invarianceGradient(allStates, allPositions, s.sigmaX, s.reduction);
  const cap = capacityGradient(allStates);
  const con = conformalIsometryGradient(initial, states, batch.velocities, batch.order, s.sigmaS, s.sigmaC);
  const flat = allStates.map((_, index) => {
    const t = Math.floor(index / trajectories);
    const b = index % trajectories;
    const ofPairs = add(scale(sep[index]!, s.lambdaSep), scale(inv[index]!, s.lambdaInv));
    return add(add(scale(cap[index]!, s.lambdaCap), scale(con.states[t]![b]!, s.lambdaCon)), ofPairs);
  });
  return {
    initial: scale(con.initial, s.lambdaCon),
    states: states.map((_, t) => flat.slice(t * trajectories, (t + 1) * trajectories)),
  };
}

/**
 * N2, N3: the way back through g = Norm(relu(u)). With z = relu(u): d_z = (d_g - g (g . d_g)) / ||z||, and d_u = d_z where u > 0,
 * else 0. A dead state passes nothing back.
 * @spec N2 N3
 */
export function normReluGradient(u: Vec, d_g: Vec): Vec {
  const z = relu(u);
  const length = norm(z);
  if (length === 0) return zeros(u.length);
  const g = scale(z, 1 / length);
  const along = dot(g, d_g);
  return u.map((value, i) => (value > 0 ? (d_g[i]! - g[i]! * along) / length : 0));
}

/**
 * N3 Step's derivative, from the last step to the first: u = W g_{t-1} has d_W = d_u g_{t-1}^T and d_g_{t-1} = W^T d_u; each velocity's
 * matrix gathers what all trajectories give it.
 * @spec N3
 */
function rolloutGradient(
  W: Mat[],
  initial: Vec,
  states: number[][][],
  order: number[][],
  d_states: number[][][],
): { W: Mat[]; initial: Vec } {
  const d_W = W.map((matrix) => matrix.map((row) => zeros(row.length)));
  let d_initial = zeros(initial.length);
  order.forEach((indices, b) => {
    let d_g = zeros(initial.length);
    for (let t = indices.length - 1; t >= 0; t--) {
      const k = indices[t]!;
      const before = t === 0 ? initial : states[t - 1]![b]!;
      const d_u = normReluGradient(matVec(W[k]!, before), add(d_g, d_states[t]![b]!));
      d_W[k] = outer(d_u, before).map((row, i) => add(row, d_W[k]![i]!));
      d_g = matVec(transpose(W[k]!), d_u);
    }
    d_initial = add(d_initial, d_g);
  });
  return { W: d_W, initial: d_initial };
}

/**
 * N1 Transition's derivative for one velocity: back through the MLP's three layers; gamma has no part in it.
 * @spec N1
 */
export function transitionGradient(p: Parameters, velocity: Vec, velocityScale: number, d_W: Mat): Parameters {
  const { input, u1, h1, u2, h2 } = transitionValues(p, velocity, velocityScale);
  const throughRelu = (u: Vec, d_h: Vec): Vec => u.map((value, i) => (value > 0 ? d_h[i]! : 0));
  const d_u3 = d_W.flat();
  const d_u2 = throughRelu(u2, matVec(p.A3, d_u3));
  const d_u1 = throughRelu(u1, matVec(p.A2, d_u2));
  return {
    A1: outer(input, d_u1),
    a1: d_u1,
    A2: outer(h1, d_u2),
    a2: d_u2,
    A3: outer(h2, d_u3),
    a3: d_u3,
    gamma: zeros(p.gamma.length),
  };
}

/**
 * The derivative of L5 Total with respect to every parameter, through L1 to L4, N3, N2 and N1, exact in float64.
 * relu'(0) = 0; the derivative of a norm at 0 is 0; nothing passes through a dead state.
 * @spec L5
 */
export function gradients(p: Parameters, batch: Batch, velocityScale: number, settings: LossSettings): Parameters {
  const { initial, states } = rollout(p, batch.velocities, batch.order, velocityScale);
  const W = batch.velocities.map((velocity) => transitionValues(p, velocity, velocityScale).W);
  const fromLosses = totalGradient(initial, states, batch, settings);
  const fromRollout = rolloutGradient(W, initialState(p.gamma), states, batch.order, fromLosses.states);
  const d_gamma = normReluGradient(p.gamma, add(fromRollout.initial, fromLosses.initial));
  const onlyGamma = { ...combine(() => 0, p), gamma: d_gamma };
  return batch.velocities
    .map((velocity, k) => transitionGradient(p, velocity, velocityScale, fromRollout.W[k]!))
    .reduce((sum, part) => combine((a, b) => a + b, sum, part), onlyGamma);
}
