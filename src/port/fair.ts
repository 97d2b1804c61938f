import prand from "pure-rand";
import { normReluGradient, totalGradient, transitionGradient } from "../../spec/oracle-gradients.ts";
import { transitionValues } from "../../spec/oracle-network.ts";
import * as oracle from "../../spec/oracle.ts";
import type { Batch, LossSettings, Mat, Parameters, Vec } from "../../spec/oracle.ts";
import { add, matVec, norm, outer, scale, subtract, transpose } from "../../spec/oracle-arrays.ts";
import { compare } from "./compare.ts";
import type { JsonObject } from "./compare.ts";
import { isClearRollout, isClearSum } from "./draws.ts";
import { evaluate } from "./evaluate.ts";
import { exactFields } from "./operations.ts";
import type { OperationName, Operations } from "./operations.ts";
import { rightReading } from "./reading.ts";
import type { Reading } from "./reading.ts";
import type { Tolerance } from "./tolerance.ts";
import { mean } from "../statistics/statistics.ts";

/** How many times the oracle answers with rounding errors added. */
const REPEATS = 3;

/** The share of the tolerance that these errors may use up. */
const MOST = 0.1;

/** The size of these errors: two units in the last place of float32, as a share of each intermediate number. */
const SIZE = 2 ** -22;

/**
 * P10: whether an input has one right answer. Every right port rounds its products and sums in an order of its own. Two
 * right ports may differ by more than the tolerance where rounding changes the side of a ReLU or a threshold, or where
 * large terms cancel to a small number.
 * @param expected the oracle's answer
 * @param tolerance the one of float32, which is narrower in units of its last place
 * @spec P10
 */
export function isFair(
  operation: OperationName,
  input: JsonObject,
  expected: JsonObject,
  tolerance: Tolerance,
): boolean {
  if (operation === "curriculum") return hasClearTimes(input as unknown as Operations["curriculum"]["input"]);
  if (operation === "gridness") return hasClearRings(input as unknown as Operations["gridness"]["input"]);
  if (!["rollout", "losses", "gradients", "train"].includes(operation)) return true;
  const exact = exactFields(operation);
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const run = new Rounding(repeat);
    const { kind, errorShare } = compare(expected, evaluate(run.reading, operation, input), tolerance, exact);
    if (kind !== "pass" || errorShare > MOST || run.isOnEdge) return false;
  }
  return true;
}

/** The right reading with rounding errors: every intermediate number is a little off, as in a port. */
class Rounding {
  /** Whether a number came so close to a ReLU's edge or a threshold that rounding decides its side. */
  isOnEdge = false;
  readonly reading: Reading;
  private readonly generator: ReturnType<typeof prand.xoroshiro128plus>;
  private isFirst = true;

  constructor(seed: number) {
    this.generator = prand.xoroshiro128plus(seed);
    prand.unsafeSkipN(this.generator, 64);
    this.reading = {
      ...rightReading,
      transition: (p, velocity, velocityScale) => this.rounded2(oracle.transition(p, velocity, velocityScale)),
      initialState: (gamma) => this.rounded(oracle.initialState(gamma)),
      step: (W, g) => this.rounded(oracle.step(W, g)),
      gradients: (p, batch, velocityScale, settings) => this.gradients(p, batch, velocityScale, settings),
      reduceOnPlateau: (state, loss, settings) => {
        const limit = state.best * (1 - settings.plateauThreshold);
        if (Math.abs(loss - limit) <= 1e-4 * (1 + Math.abs(loss))) this.isOnEdge = true;
        return oracle.reduceOnPlateau(state, loss, settings);
      },
      adamw: (state, gradients, settings) => {
        this.isFirst = false;
        return oracle.adamw(state, gradients, settings);
      },
    };
  }

  private rounded(values: Vec): Vec {
    return values.map((value) => value * (1 + SIZE * (2 * ((this.generator.unsafeNext() >>> 0) / 2 ** 32) - 1)));
  }

  private rounded2(rows: Mat): Mat {
    return rows.map((row) => this.rounded(row));
  }

  /** The gradient of L5, rounded wherever one equation passes its numbers to the next. */
  private gradients(p: Parameters, batch: Batch, velocityScale: number, settings: LossSettings): Parameters {
    this.isOnEdge ||= !isClearRollout(p, batch, velocityScale) || !this.hasClearLayers(p, batch, velocityScale);
    const { order, velocities } = batch;
    const W = velocities.map((velocity) => this.reading.transition(p, velocity, velocityScale));
    const initial = this.reading.initialState(p.gamma);
    let current = order.map(() => initial);
    const states = order[0]!.map((_, t) => (current = current.map((g, b) => this.reading.step(W[order[b]![t]!]!, g))));
    const d = totalGradient(initial, states, batch, settings);
    this.shiftMean(d, initial, states, batch, settings);
    const d_W = W.map((matrix) => matrix.map((row) => row.map(() => 0)));
    let d_initial = d.initial;
    order.forEach((indices, b) => {
      let d_g = initial.map(() => 0);
      for (let t = indices.length - 1; t >= 0; t--) {
        const k = indices[t]!;
        const before = t === 0 ? initial : states[t - 1]![b]!;
        const d_u = this.throughNorm(matVec(W[k]!, before), add(d_g, this.rounded(d.states[t]![b]!)));
        d_W[k] = outer(d_u, before).map((row, i) => add(row, d_W[k]![i]!));
        d_g = matVec(transpose(W[k]!), d_u);
      }
      d_initial = add(d_initial, d_g);
    });
    const onlyGamma = { ...oracle.combine(() => 0, p), gamma: this.throughNorm(p.gamma, this.rounded(d_initial)) };
    return velocities
      .map((velocity, k) => transitionGradient(p, velocity, velocityScale, this.rounded2(d_W[k]!)))
      .reduce((sum, part) => oracle.combine((a, b) => a + b, sum, part), onlyGamma);
  }

  /**
   * L4 backwards. A port rounds the mean of the ratios, so that all ratios are off from it by the same amount. Where they
   * are equal, this is all of their gradient, and it does not cancel.
   */
  private shiftMean(
    d: { initial: Vec; states: number[][][] },
    initial: Vec,
    states: number[][][],
    { velocities, order }: Batch,
    { sigmaS, sigmaC, lambdaCon }: LossSettings,
  ): void {
    const steps = states.flatMap((now, t) =>
      now.flatMap((after, b) => {
        const move = subtract(after, t === 0 ? initial : states[t - 1]![b]!);
        const speed = norm(velocities[order[b]![t]!]!);
        return speed > sigmaS && speed < sigmaC && norm(move) > 0 ? [{ t, b, move, speed }] : [];
      }),
    );
    const ratios = steps.map(({ move, speed }) => norm(move) / speed);
    const [shift = 0] = this.rounded([mean(ratios)]).map((value) => value - mean(ratios));
    for (const { t, b, move, speed } of steps) {
      const slope = scale(move, (2 * lambdaCon * shift) / (steps.length * norm(move) * speed));
      d.states[t]![b] = add(d.states[t]![b]!, slope);
      if (t === 0) d.initial = subtract(d.initial, slope);
      else d.states[t - 1]![b] = subtract(d.states[t - 1]![b]!, slope);
    }
  }

  /**
   * N2, N3 backwards. The gradient is rounded again before its part along the state is subtracted, so that the two
   * never cancel exactly.
   */
  private throughNorm(u: Vec, d_g: Vec): Vec {
    const exact = normReluGradient(u, d_g);
    const length = Math.hypot(...u.map((value) => Math.max(value, 0)));
    const error = this.rounded(d_g).map((value, i) => value - d_g[i]!);
    return exact.map((value, i) => (u[i]! > 0 ? value + error[i]! / length : value));
  }

  /**
   * N1: whether no hidden unit and no entry of gamma is near the edge of its ReLU. Sums of the drawn numbers are exact
   * and may be exactly 0.
   */
  private hasClearLayers(p: Parameters, { velocities }: Batch, velocityScale: number): boolean {
    const margin = 1e-3;
    const isClear = (sum: number, terms: Vec): boolean => isClearSum(sum, terms, margin) || (this.isFirst && sum === 0);
    const areClear = (sums: Vec, inputs: Vec, weights: Mat, biases: Vec): boolean =>
      sums.every((sum, j) => isClear(sum, [...inputs.map((x, i) => x * weights[i]![j]!), biases[j]!]));
    return (
      p.gamma.every((value) => isClear(value, [value])) &&
      velocities.every((velocity) => {
        const { input, u1, h1, u2 } = transitionValues(p, velocity, velocityScale);
        return areClear(u1, input, p.A1, p.a1) && areClear(u2, h1, p.A2, p.a2);
      })
    );
  }
}

/** T6: whether T between two knots is never so close to a whole number that rounding decides which one it is. */
function hasClearTimes({ at, steps, curriculum, timesteps }: Operations["curriculum"]["input"]): boolean {
  return at.every((step) => {
    const share = step / steps;
    const next = curriculum.findIndex((knot) => knot.at > share);
    if (next <= 0) return true;
    const [a, b] = [curriculum[next - 1]!, curriculum[next]!];
    const gap = b.at - a.at;
    const T = (((b.timesteps ?? timesteps) - (a.timesteps ?? timesteps)) * (share - a.at)) / gap;
    return Number.isInteger(Math.log2(gap)) || Math.abs(T - Math.round(T)) > 1e-3;
  });
}

/**
 * M4: whether the means over rings, which decide where the central peak ends, differ clearly from 0 and from one
 * another.
 */
function hasClearRings({ autocorrelogram }: Operations["gridness"]["input"]): boolean {
  const middle = (autocorrelogram.length - 1) / 2;
  const rings = Array.from({ length: middle + 1 }, (): number[] => []);
  autocorrelogram.forEach((row, y) => {
    row.forEach((value, x) => {
      if (value !== null) rings[Math.round(Math.hypot(x - middle, y - middle))]?.push(value);
    });
  });
  const means = rings.map((values) => mean(values));
  return means.every((height, r) => Math.abs(height) > 1e-4 && (r === 0 || Math.abs(height - means[r - 1]!) > 1e-4));
}
