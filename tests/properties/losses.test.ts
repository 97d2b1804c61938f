import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { openEngine } from "../../src/backend/engines.ts";
import type { Batch } from "../../src/model/data.ts";
import { positions } from "../../src/model/data.ts";
import { capacity, conformalIsometry, conformalMask, invariance, losses, separation } from "../../src/model/losses.ts";
import { farSum, nearSum, selectRows } from "../../src/model/pairs.ts";
import { parametersFrom } from "../../src/train/parameters.ts";
import { Random } from "../../src/train/random-source.ts";
import { batches, metres, rawParameters } from "./arbitraries.ts";

beforeAll(async () => {
  await openEngine(undefined);
});

const SIGMA_X = 0.3;
const SIGMA_G = 0.4;

/** Q non-negative states of length one at positions within a metre. */
const scenes = fc
  .record({
    places: fc.array(fc.tuple(metres(1), metres(1)), { minLength: 1, maxLength: 12 }),
    units: fc.integer({ min: 2, max: 6 }),
    seed: fc.nat(),
  })
  .map(({ places, units, seed }) => {
    const random = Random.fromSeed(seed);
    const states = places.map(() => {
      const z = Array.from({ length: units }, () => Math.max(0.01, random.normal()));
      return z.map((x) => x / Math.hypot(...z));
    });
    return { states, places };
  });

function pairLosses(
  states: number[][],
  places: number[][],
  sigmaX = SIGMA_X,
): { sep: number; inv: number; far: number; near: number } {
  return tf.tidy(() => {
    const g = tf.tensor2d(states);
    const far = farSum(g, places, sigmaX, SIGMA_G);
    const near = nearSum(g, places, sigmaX);
    const [sep, inv, farCount, nearCount] = [
      separation(far, "mean"),
      invariance(near, "mean"),
      far.count,
      near.count,
    ].map((s) => s.dataSync()[0]!);
    return { sep: sep!, inv: inv!, far: farCount!, near: nearCount! };
  });
}

function conIso(batch: Batch, initial: number[], states: number[][][], sigmaC = 0.4): number {
  return tf.tidy(
    () =>
      conformalIsometry(
        tf.tensor1d(initial),
        tf.tensor3d(states),
        conformalMask(batch, { sigmaS: 0, sigmaC }),
      ).dataSync()[0]!,
  );
}

/** A batch with random unit states that belong to its steps. */
const paths = fc.tuple(batches(), fc.integer({ min: 2, max: 5 }), fc.nat()).map(([batch, units, seed]) => {
  const random = Random.fromSeed(seed);
  const state = (): number[] => {
    const z = Array.from({ length: units }, () => Math.abs(random.normal()));
    return z.map((x) => x / Math.hypot(...z));
  };
  return { batch, initial: state(), states: batch.positions.map((row) => row.map(state)) };
});

const close = (a: number, b: number, tolerance = 2e-5): void => {
  expect(Math.abs(a - b)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(a), Math.abs(b)));
};

const turned = ([x, y]: number[], angle: number): number[] => [
  Math.cos(angle) * x! - Math.sin(angle) * y!,
  Math.sin(angle) * x! + Math.cos(angle) * y!,
];

describe("L losses", () => {
  // Kills: pairs counted by their place in the list (i < j with a sign, neighbours only), i = i counted.
  test("L1 L2 L3 do not change when trajectories or states are relabelled", () => {
    fc.assert(
      fc.property(scenes, fc.nat(), ({ states, places }, seed) => {
        const order = [...Random.fromSeed(seed).sample(states.length, states.length)];
        const [a, b] = [
          pairLosses(states, places),
          pairLosses(
            order.map((i) => states[i]!),
            order.map((i) => places[i]!),
          ),
        ];
        close(a.sep, b.sep);
        close(a.inv, b.inv);
        expect([a.far, a.near]).toEqual([b.far, b.near]);
        const cap = (s: number[][]): number => tf.tidy(() => capacity(tf.tensor3d([s])).dataSync()[0]!);
        close(cap(states), cap(order.map((i) => states[i]!)));
      }),
    );
  });

  // Kills: a loss that weighs units by their index, as a norm over part of them does.
  test("L1 L2 L3 L4 do not change when units are permuted", () => {
    fc.assert(
      fc.property(scenes, paths, fc.nat(), ({ states, places }, path, seed) => {
        const permute = (list: number[]): number[] =>
          [...Random.fromSeed(seed).sample(list.length, list.length)].map((i) => list[i]!);
        const [a, b] = [pairLosses(states, places), pairLosses(states.map(permute), places)];
        close(a.sep, b.sep);
        close(a.inv, b.inv);
        close(
          conIso(path.batch, path.initial, path.states),
          conIso(
            path.batch,
            permute(path.initial),
            path.states.map((row) => row.map(permute)),
          ),
          1e-4,
        );
      }),
    );
  });

  // Kills: distances from the origin, the city-block distance, one axis left out.
  test("L1 L2 do not change when all positions are shifted or turned", () => {
    fc.assert(
      fc.property(scenes, metres(2), metres(2), fc.constantFrom(0, 1, 2, 3), ({ states, places }, dx, dy, quarter) => {
        const moved = places.map((x) => {
          const [a, b] = turned(x, (quarter * Math.PI) / 2).map((c) => Math.round(c * 16) / 16);
          return [a! + dx, b! + dy];
        });
        const [a, b] = [pairLosses(states, places), pairLosses(states, moved)];
        close(a.sep, b.sep);
        close(a.inv, b.inv);
        expect([a.far, a.near]).toEqual([b.far, b.near]);
      }),
    );
  });

  // Kills: ConIso on one axis, on signed velocities, on the sum of the axes.
  test("L4 does not change when all velocities are turned", () => {
    fc.assert(
      fc.property(paths, fc.double({ min: 0, max: 6, noNaN: true }), ({ batch, initial, states }, angle) => {
        const velocities = batch.velocities.map((v) => turned(v, angle));
        const other = { ...batch, velocities, positions: positions(velocities, batch.order) };
        // 0.41 is no speed of the grid of velocities, so that no step changes sides by rounding.
        close(conIso(batch, initial, states, 0.41), conIso(other, initial, states, 0.41), 1e-4);
      }),
    );
  });

  // Kills: the standard deviation for the variance, the square of the speed, no division by the speed.
  test("L4 falls as 1 / c^2 when velocities grow by c and the states stay", () => {
    fc.assert(
      fc.property(paths, fc.constantFrom(0.5, 2, 4), ({ batch, initial, states }, c) => {
        const velocities = batch.velocities.map((v) => v.map((x) => c * x));
        const other = { ...batch, velocities, positions: positions(velocities, batch.order) };
        close(conIso(batch, initial, states) / c ** 2, conIso(other, initial, states, c * 0.4), 1e-4);
      }),
    );
  });

  // Kills: a missing minus in the exponent, similarity of near pairs, a capacity of the wrong sign or without the mean.
  test("L1 L3 Sep is in (0, 1] wherever there are far pairs, Cap is in [-1, 0]", () => {
    fc.assert(
      fc.property(scenes, ({ states, places }) => {
        const { sep, far } = pairLosses(states, places);
        if (far > 0) expect(sep).toBeGreaterThan(0);
        expect(sep).toBeLessThanOrEqual(1 + 1e-6);
        const cap = tf.tidy(() => capacity(tf.tensor3d([states])).dataSync()[0]!);
        expect(cap).toBeGreaterThanOrEqual(-1 - 1e-6);
        expect(cap).toBeLessThanOrEqual(0);
      }),
    );
  });

  // Kills: a division by a count of 0, i = i counted as near.
  test("L1 L2 L4 empty masks give 0 and a count of 0", () => {
    const states = [
      [1, 0],
      [0, 1],
    ];
    expect(
      pairLosses(states, [
        [0, 0],
        [1, 0],
      ]),
    ).toMatchObject({ inv: 0, near: 0, far: 2 });
    expect(
      pairLosses(states, [
        [0, 0],
        [0, 0],
      ]),
    ).toMatchObject({ sep: 0, far: 0, near: 2 });
    expect(pairLosses([[1, 0]], [[0, 0]])).toEqual({ sep: 0, inv: 0, far: 0, near: 0 });
    const batch = { velocities: [[0, 0]], order: [[0]], positions: [[[0, 0]]] };
    expect(conformalMask(batch, { sigmaS: 0, sigmaC: 1 }).count).toBe(0);
    expect(conIso(batch, [1, 0], [[[0, 1]]], 1)).toBe(0);
  });

  // Kills: <= for <, >= for >, along an axis and aslant: 0.75 m, 1 m and 1.25 m make a right triangle without rounding.
  test.each([
    [0.5, [0.5, 0]],
    [1.25, [0.75, 1]],
  ])("L1 L2 a distance of exactly sigma_x = %s m belongs to neither side", (sigmaX, end) => {
    const orthogonal = [
      [1, 0],
      [0, 1],
    ];
    expect(pairLosses(orthogonal, [[0, 0], end], sigmaX)).toEqual({ sep: 0, inv: 0, far: 0, near: 0 });
  });

  // Kills: <= for <, >= for >.
  test("L4 a speed of exactly sigma_s or sigma_c does not count", () => {
    const batch = { velocities: [[0.5, 0]], order: [[0]], positions: [[[0.5, 0]]] };
    expect(conformalMask(batch, { sigmaS: 0, sigmaC: 0.5 }).count).toBe(0);
    expect(conformalMask(batch, { sigmaS: 0, sigmaC: 0.51 }).count).toBe(1);
    expect(conformalMask(batch, { sigmaS: 0.5, sigmaC: 1 }).count).toBe(0);
    expect(conformalMask(batch, { sigmaS: 0.49, sigmaC: 1 }).count).toBe(1);
  });

  // Kills: block borders that drop or repeat pairs; a worked total keeps both sums honest.
  test("L1 L2 more states than one block holds give the same sums as one by one", () => {
    const random = Random.fromSeed(4);
    const count = 2100; // 2100^2 > 2^22, the size of a block
    const places = Array.from({ length: count }, () => [random.below(32) / 16, random.below(32) / 16]);
    const states = places.map(() => {
      const z = [random.uniform(), random.uniform(), random.uniform()];
      return z.map((x) => x / Math.hypot(...z));
    });
    let [sep, far, inv, near] = [0, 0, 0, 0];
    for (let i = 0; i < count; i++)
      for (let j = 0; j < count; j++) {
        if (i === j) continue;
        const apart = Math.hypot(places[i]![0]! - places[j]![0]!, places[i]![1]! - places[j]![1]!);
        const d2 = states[i]!.reduce((s, x, k) => s + (x - states[j]![k]!) ** 2, 0);
        if (apart > SIGMA_X) [sep, far] = [sep + Math.exp(-d2 / (2 * SIGMA_G ** 2)), far + 1];
        if (apart < SIGMA_X) [inv, near] = [inv + d2, near + 1];
      }
    const got = pairLosses(states, places);
    expect([got.far, got.near]).toEqual([far, near]);
    close(got.sep, sep / far);
    close(got.inv, inv / near);
  });

  // Kills: a gradient of the chosen rows that lands in other rows.
  test("L1 L2 rows that are drawn get their gradient, all others none", () => {
    const gradient = tf.tidy(() =>
      tf
        .grad((g: tf.Tensor) =>
          tf.sum(
            tf.mul(
              selectRows(g as tf.Tensor2D, [3, 0]),
              tf.tensor2d([
                [1, 2],
                [3, 4],
              ]),
            ),
          ),
        )(tf.zeros([4, 2]))
        .arraySync(),
    );
    expect(gradient).toEqual([
      [3, 4],
      [0, 0],
      [0, 0],
      [1, 2],
    ]);
  });

  // Kills: a weight on the wrong term, a term left out of the total.
  test("L5 the total is the weighted sum of its terms", () => {
    fc.assert(
      fc.property(
        rawParameters(),
        batches(),
        fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 4, maxLength: 4 }),
        (raw, batch, weights) => {
          const [lambdaSep, lambdaInv, lambdaCap, lambdaCon] = weights.map((w) => w / 4) as [
            number,
            number,
            number,
            number,
          ];
          const settings = {
            sigmaX: SIGMA_X,
            sigmaG: SIGMA_G,
            sigmaS: 0,
            sigmaC: 0.4,
            lambdaSep,
            lambdaInv,
            lambdaCap,
            lambdaCon,
            reduction: "mean" as const,
          };
          const [total, ...terms] = tf.tidy(() => {
            const l = losses(parametersFrom(raw.values, raw.units, raw.hidden), batch, 0.15, settings);
            return [l.total, l.sep, l.inv, l.cap, l.con].map((t) => t.dataSync()[0]!);
          });
          close(
            total!,
            terms.reduce((s, t, i) => s + t * [lambdaSep, lambdaInv, lambdaCap, lambdaCon][i]!, 0),
          );
        },
      ),
      { numRuns: 30 },
    );
  });
});
