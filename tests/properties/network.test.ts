import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { openEngine } from "../../src/backend/engines.ts";
import { drawBatch } from "../../src/model/data.ts";
import { deadStates, initialState, rollout, transition } from "../../src/model/network.ts";
import { parametersFrom } from "../../src/train/parameters.ts";
import { PRESETS } from "../../src/train/config.ts";
import { initialise } from "../../src/train/initialise.ts";
import { Random } from "../../src/train/random-source.ts";
import { batches, rawParameters, type RawParameters } from "./arbitraries.ts";

beforeAll(async () => {
  await openEngine(undefined);
});

function statesOf({ values, units, hidden }: RawParameters, velocities: number[][], order: number[][]): number[][][] {
  return tf.tidy(() => {
    const p = parametersFrom(values, units, hidden);
    const W = transition(p, tf.tensor2d(velocities), 0.15);
    return rollout(W, initialState(p.gamma), order).arraySync();
  });
}

const length = (g: number[]): number => Math.hypot(...g);

describe("N network", () => {
  // Kills: Norm before ReLU, no Norm, the 1-norm, an absolute value lost, a 0 / 0 in a dead state.
  test("N2 N3 N4 every state is non-negative and has length one, or is dead", () => {
    fc.assert(
      fc.property(rawParameters(), batches(), (raw, { velocities, order }) => {
        const all = statesOf(raw, velocities, order).flat();
        for (const g of all) {
          expect(g.every((x) => x >= 0 && Number.isFinite(x))).toBe(true);
          if (g.some((x) => x > 0)) expect(Math.abs(length(g) - 1)).toBeLessThan(1e-5);
        }
      }),
    );
  });

  // Kills: a dead state that comes back to life, a count of living states.
  test("N3 N4 a dead state stays dead and is counted", () => {
    fc.assert(
      fc.property(rawParameters(), batches(), (raw, { velocities, order }) => {
        const states = statesOf(raw, velocities, order);
        const dead = (g: number[]): boolean => g.every((x) => x === 0);
        order.forEach((_, b) => {
          const from = states.findIndex((row) => dead(row[b]!));
          if (from >= 0) expect(states.slice(from).every((row) => dead(row[b]!))).toBe(true);
        });
        const counted = tf.tidy(() => deadStates(tf.tensor3d(states)).dataSync()[0]);
        expect(counted).toBe(states.flat().filter(dead).length);
      }),
    );
    const killing = {
      units: 2,
      hidden: 1,
      values: { A1: [0, 0], a1: [0], A2: [0], a2: [0], A3: [0, 0, 0, 0], a3: [-1, -1, -1, -1], gamma: [1, 1] },
    };
    expect(statesOf(killing, [[0, 0]], [[0], [0]]).flat(2)).toEqual([0, 0, 0, 0]);
  });

  // Kills: W transposed, the scale of the velocity forgotten.
  test("N1 N3 a worked example: one unit hands its activity to the next, scaled by the velocity", () => {
    // h1 = h2 = relu(v_x / 0.15); W = h2 * [[0, 0], [1, 0]] + [[0.5, 0], [0, 0]].
    const raw = {
      units: 2,
      hidden: 1,
      values: { A1: [1, 0], a1: [0], A2: [1], a2: [0], A3: [0, 0, 1, 0], a3: [0.5, 0, 0, 0], gamma: [1, -1] },
    };
    const [g] = statesOf(raw, [[0.15, 0.3]], [[0]])[0]!;
    const norm = Math.hypot(0.5, 1);
    expect(g![0]).toBeCloseTo(0.5 / norm, 6);
    expect(g![1]).toBeCloseTo(1 / norm, 6);
  });

  // Kills: a rollout that looks its matrices up in the base order, trajectories mixed up.
  test("N3 trajectories do not see one another, and relabelling them relabels their states", () => {
    fc.assert(
      fc.property(rawParameters(), batches(), (raw, { velocities, order }) => {
        const together = statesOf(raw, velocities, order);
        const reversed = statesOf(raw, velocities, [...order].reverse());
        const last = order.length - 1;
        together.forEach((row, t) => {
          row.forEach((g, b) => {
            g.forEach((x, i) => {
              expect(Math.abs(x - reversed[t]![last - b]![i]!)).toBeLessThan(1e-5);
            });
          });
        });
      }),
      { numRuns: 30 },
    );
  });

  // Kills: path invariance built in, as by a W that does not depend on v or matrices that commute.
  test("N3 before training the order of the steps matters: path invariance is learnt", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), (seed) => {
        const random = Random.fromSeed(seed);
        const config = { ...PRESETS.fast, units: 16, hidden: 16, init: "library" as const };
        const raw = { units: 16, hidden: 16, values: initialise(config, random) };
        const { velocities, order } = drawBatch(random, { ...PRESETS.fast, trajectories: 2, timesteps: 12 });
        const ends = statesOf(raw as unknown as RawParameters, velocities, order).at(-1)!;
        expect(length(ends[0]!.map((x, i) => x - ends[1]![i]!))).toBeGreaterThan(1e-4);
      }),
      { numRuns: 10 },
    );
  });

  // Kills: a check that lets a foreign shape or a non-finite weight through.
  test("N1 a NaN or infinite parameter, or one of another size, is an error that names the tensor", () => {
    fc.assert(
      fc.property(
        rawParameters(),
        fc.constantFrom("A1" as const, "a2" as const, "A3" as const, "gamma" as const),
        fc.constantFrom(NaN, Infinity, -Infinity),
        ({ units, hidden, values }, name, bad) => {
          const spoilt = { ...values, [name]: values[name].with(0, bad) };
          expect(() => parametersFrom(spoilt, units, hidden)).toThrow(
            `${name}[0] is ${String(bad)}; expected a finite number`,
          );
          const short = { ...values, [name]: values[name].slice(1) };
          expect(() => parametersFrom(short, units, hidden)).toThrow(
            `${name} has ${values[name].length - 1} values; expected`,
          );
        },
      ),
      { numRuns: 20 },
    );
  });

  // Kills: the division by an unequal number of uses, which the rollout's gradient relies on.
  test("N3 an order that uses velocities unequally often has no gradient, and says so", () => {
    const gradient = (): tf.Tensor =>
      tf.tidy(() =>
        tf.grad((W: tf.Tensor) => tf.sum(rollout(W as tf.Tensor3D, tf.tensor1d([1, 0]), [[0, 0]])))(tf.ones([2, 2, 2])),
      );
    expect(gradient).toThrow("order uses velocity 1 0 times and velocity 0 2 times; expected equal counts");
  });

  // Kills: 0 / 0 or 0 times infinity in Norm's slope at the zero vector.
  test("N2 no gradient passes through a dead g_0", () => {
    const slope = tf.tidy(() =>
      tf
        .grad((gamma: tf.Tensor) => tf.sum(initialState(gamma as tf.Tensor1D)))(tf.tensor1d([-1, 0, -2]))
        .arraySync(),
    );
    expect(slope).toEqual([0, 0, 0]);
  });
});
