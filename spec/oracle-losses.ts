import { mean, sum, variance } from "mathjs";
import { dot, norm, squaredDistance, subtract } from "./oracle-arrays.ts";
import type { Mat, Vec } from "./oracle-arrays.ts";
import { positions as positionsOf } from "./oracle-data.ts";
import { rollout } from "./oracle-network.ts";
import type { Parameters } from "./oracle-network.ts";

/** Whether a pair loss is the mean over its pairs or their sum. */
export type Reduction = "mean" | "sum";

/** The constants of the losses; sigmaX in metres, sigmaS and sigmaC in metres a step, the others without unit. */
export interface LossSettings {
  sigmaX: number;
  sigmaG: number;
  sigmaS: number;
  sigmaC: number;
  lambdaSep: number;
  lambdaInv: number;
  lambdaCap: number;
  lambdaCon: number;
  reduction: Reduction;
}

/** A loss and the number of pairs or steps that it was taken over. */
export interface Counted {
  value: number;
  count: number;
}

/** One batch: base velocities [K][2], the order of each trajectory [B][T], and the states (index t B + b) drawn for L1. */
export interface Batch {
  velocities: Mat;
  order: number[][];
  pairs?: number[];
}

/** The four loss terms. */
export interface LossTerms {
  sep: number;
  inv: number;
  cap: number;
  con: number;
}

/** The four terms, their weighted total, the counts of their masks, and the number of dead states. */
export interface Losses extends LossTerms {
  total: number;
  nearCount: number;
  farCount: number;
  conCount: number;
  deadStates: number;
}

/** L1, L2: the ordered pairs [i, j], i != j, of positions [P][2] whose distance in metres passes the test. */
function orderedPairs(positions: Mat, passes: (distance: number) => boolean): [number, number][] {
  return positions.flatMap((x, i) =>
    positions.flatMap((y, j): [number, number][] =>
      i !== j && passes(Math.sqrt(squaredDistance(x, y))) ? [[i, j]] : [],
    ),
  );
}

/**
 * L1 Separation: the pairs that it is taken over, those farther apart than sigmaX.
 * @spec L1
 */
export function farPairs(positions: Mat, sigmaX: number): [number, number][] {
  return orderedPairs(positions, (distance) => distance > sigmaX);
}

/**
 * L2 Invariance: the pairs that it is taken over, those nearer to each other than sigmaX.
 * @spec L2
 */
export function nearPairs(positions: Mat, sigmaX: number): [number, number][] {
  return orderedPairs(positions, (distance) => distance < sigmaX);
}

/** L1, L2: the mean or the sum of the pairs' terms; 0 where there is no pair. */
function reduce(terms: Vec, reduction: Reduction): Counted {
  if (terms.length === 0) return { value: 0, count: 0 };
  return { value: reduction === "mean" ? mean(terms) : sum(terms), count: terms.length };
}

/**
 * L1 Separation: exp(-||g_i - g_j||^2 / (2 sigmaG^2)) over the pairs of states at positions more than sigmaX apart.
 * @param states [P][N]
 * @param positions [P][2], metres
 * @spec L1
 */
export function separation(states: Mat, positions: Mat, sigmaX: number, sigmaG: number, reduction: Reduction): Counted {
  const terms = farPairs(positions, sigmaX).map(([i, j]) =>
    Math.exp(-squaredDistance(states[i]!, states[j]!) / (2 * sigmaG ** 2)),
  );
  return reduce(terms, reduction);
}

/**
 * L2 Invariance: ||g_i - g_j||^2 over the pairs of states at positions less than sigmaX apart.
 * @param states [P][N]
 * @param positions [P][2], metres
 * @spec L2
 */
export function invariance(states: Mat, positions: Mat, sigmaX: number, reduction: Reduction): Counted {
  const terms = nearPairs(positions, sigmaX).map(([i, j]) => squaredDistance(states[i]!, states[j]!));
  return reduce(terms, reduction);
}

/**
 * L3 Capacity: minus the squared length of the mean of the states [P][N].
 * @spec L3
 */
export function capacity(states: Mat): number {
  const centre = mean(states, 0) as unknown as Vec;
  return -dot(centre, centre);
}

/** L4 Conformal isometry: a step that counts: its time and trajectory, the states on both sides, the speed in metres a step. */
interface CountedStep {
  t: number;
  b: number;
  before: Vec;
  after: Vec;
  speed: number;
}

/**
 * L4 Conformal isometry: the steps that it is taken over, those of speed above sigmaS and below sigmaC.
 * @spec L4
 */
export function countedSteps(
  initial: Vec,
  states: number[][][],
  velocities: Mat,
  order: number[][],
  sigmaS: number,
  sigmaC: number,
): CountedStep[] {
  return states.flatMap((now, t) =>
    now.flatMap((after, b) => {
      const speed = norm(velocities[order[b]![t]!]!);
      const before = t === 0 ? initial : states[t - 1]![b]!;
      return speed > sigmaS && speed < sigmaC ? [{ t, b, before, after, speed }] : [];
    }),
  );
}

/**
 * L4 Conformal isometry: the population variance of ||g_t - g_{t-1}|| / ||v_t|| over the steps with sigmaS < ||v_t|| < sigmaC.
 * @param initial g_0 [N]
 * @param states g_1 .. g_T [T][B][N]
 * @param velocities [K][2], metres a step
 * @param order [B][T], indices into `velocities`
 * @spec L4
 */
export function conformalIsometry(
  initial: Vec,
  states: number[][][],
  velocities: Mat,
  order: number[][],
  sigmaS: number,
  sigmaC: number,
): Counted {
  const ratios = countedSteps(initial, states, velocities, order, sigmaS, sigmaC).map(
    ({ before, after, speed }) => norm(subtract(after, before)) / speed,
  );
  if (ratios.length === 0) return { value: 0, count: 0 };
  return { value: variance(ratios, "uncorrected") as unknown as number, count: ratios.length };
}

/**
 * L5 Total: the weighted sum of the four terms.
 * @spec L5
 */
export function total(terms: LossTerms, settings: LossSettings): number {
  return (
    settings.lambdaSep * terms.sep +
    settings.lambdaInv * terms.inv +
    settings.lambdaCap * terms.cap +
    settings.lambdaCon * terms.con
  );
}

/**
 * L1 to L5 of one batch, from the parameters on: the data (D3), the rollout (N3), the four terms, their total and all counts.
 * @spec L5
 */
export function losses(p: Parameters, batch: Batch, velocityScale: number, settings: LossSettings): Losses {
  const { initial, states, deadStates } = rollout(p, batch.velocities, batch.order, velocityScale);
  const allStates = states.flat();
  const allPositions = positionsOf(batch.velocities, batch.order).flat();
  const drawn = batch.pairs ?? allStates.map((_, index) => index);
  const g = drawn.map((index) => allStates[index]!);
  const x = drawn.map((index) => allPositions[index]!);
  const sep = separation(g, x, settings.sigmaX, settings.sigmaG, settings.reduction);
  const inv = invariance(allStates, allPositions, settings.sigmaX, settings.reduction);
  const con = conformalIsometry(initial, states, batch.velocities, batch.order, settings.sigmaS, settings.sigmaC);
  const terms = { sep: sep.value, inv: inv.value, cap: capacity(allStates), con: con.value };
  return {
    ...terms,
    total: total(terms, settings),
    nearCount: inv.count,
    farCount: sep.count,
    conCount: con.count,
    deadStates,
  };
}
