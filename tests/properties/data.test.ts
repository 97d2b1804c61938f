import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawBatch, drawPermutations, drawVelocities, positions } from "../../src/model/data.ts";
import { PRESETS } from "../../src/train/config.ts";
import { Random } from "../../src/train/random-source.ts";
import { batches } from "./arbitraries.ts";

const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });

describe("D data", () => {
  // Kills: speeds up to 2 v_max, a disc of the wrong radius, a square drawn where a disc was asked for.
  test("D1 velocities stay in their disc or square", () => {
    fc.assert(
      fc.property(
        seeds,
        fc.constantFrom("disc" as const, "square" as const),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (seed, shape, max) => {
          for (const [x, y] of drawVelocities(Random.fromSeed(seed), 50, shape, max)) {
            if (shape === "disc") expect(Math.hypot(x!, y!)).toBeLessThanOrEqual(max * (1 + 1e-12));
            else expect(Math.max(Math.abs(x!), Math.abs(y!))).toBeLessThanOrEqual(max);
          }
        },
      ),
    );
  });

  // Kills: velocities drawn in one quadrant, speeds uniform in the radius instead of the area.
  test("D1 velocities fill their disc and square evenly: variances are max^2 / 4 and max^2 / 3 per axis", () => {
    for (const [shape, expected] of [
      ["disc", 1 / 4],
      ["square", 1 / 3],
    ] as const) {
      const drawn = drawVelocities(Random.fromSeed(1), 20_000, shape, 1);
      for (const axis of [0, 1]) {
        const mean = drawn.reduce((s, v) => s + v[axis]!, 0) / drawn.length;
        const variance = drawn.reduce((s, v) => s + v[axis]! ** 2, 0) / drawn.length;
        expect(Math.abs(mean)).toBeLessThan(0.02);
        expect(Math.abs(variance - expected)).toBeLessThan(0.01);
      }
    }
  });

  // Kills: a shuffle that repeats or drops an index.
  test("D2 every trajectory uses each velocity once", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 40 }), (seed, timesteps) => {
        for (const order of drawPermutations(Random.fromSeed(seed), 3, timesteps))
          expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: timesteps }, (_, t) => t));
      }),
    );
  });

  // Kills: the biased shuffle (swap with any place), one permutation for all trajectories.
  test("D2 all six orders of three velocities are equally likely", () => {
    const counts = new Map<string, number>();
    for (const order of drawPermutations(Random.fromSeed(5), 12_000, 3))
      counts.set(order.join(""), (counts.get(order.join("")) ?? 0) + 1);
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });

  // Kills: positions shifted by a step, sums that start anew, velocities taken in base order.
  test("D3 positions are the running sums of the velocities in the trajectory's order", () => {
    fc.assert(
      fc.property(batches(), ({ velocities, order, positions: x }) => {
        order.forEach((sequence, b) => {
          sequence.forEach((k, t) => {
            const before = t === 0 ? [0, 0] : x[t - 1]![b]!;
            expect(x[t]![b]).toEqual([before[0]! + velocities[k]![0]!, before[1]! + velocities[k]![1]!]);
          });
        });
      }),
    );
  });

  // Kills: independent velocities for each trajectory, an order that is no permutation.
  test("D2 D3 all trajectories of a batch end at one point", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 30 }), (seed, timesteps) => {
        const ends = drawBatch(Random.fromSeed(seed), { ...PRESETS.fast, trajectories: 4, timesteps }).positions.at(
          -1,
        )!;
        for (const end of ends)
          for (const axis of [0, 1]) expect(Math.abs(end[axis]! - ends[0]![axis]!)).toBeLessThan(1e-12);
      }),
    );
  });

  // Kills: B copies of one trajectory.
  test("D4 without permutation every trajectory has velocities and an end point of its own", () => {
    const {
      velocities,
      order,
      positions: x,
    } = drawBatch(Random.fromSeed(3), {
      ...PRESETS.fast,
      trajectories: 5,
      timesteps: 4,
      permute: false,
    });
    expect(velocities).toHaveLength(20);
    expect(order.flat()).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(new Set(x.at(-1)!.map(String)).size).toBe(5);
  });

  // Kills: a check that lets NaN, infinity or a missing index through.
  test("D3 a velocity that is not finite, or an index out of range, is an error that names it", () => {
    expect(() =>
      positions(
        [
          [0, 0],
          [NaN, 1],
        ],
        [[0, 1]],
      ),
    ).toThrow("velocities[1] is [NaN, 1]; expected two finite numbers");
    expect(() => positions([[Infinity, 0]], [[0]])).toThrow("velocities[0] is [Infinity, 0]");
    expect(() => positions([[0, 0, 0]], [[0]])).toThrow("velocities[0] is [0, 0, 0]; expected two finite numbers");
    expect(() => positions([[0, 0]], [[0, 1]])).toThrow("order[0][1] is 1; expected an index below 1");
  });
});
