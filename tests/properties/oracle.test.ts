import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as oracle from "../../spec/oracle.ts";
import type { LossSettings, Parameters } from "../../spec/oracle.ts";
import { permutation, scenario, vector } from "./oracle-arbitraries.ts";

const uniform = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

const settings: LossSettings = {
  sigmaX: 0.25,
  sigmaG: 1,
  sigmaS: 0,
  sigmaC: 1,
  lambdaSep: 1,
  lambdaInv: 2,
  lambdaCap: 4,
  lambdaCon: 8,
  reduction: "mean",
};

/** One unit, one hidden unit: every product can be done in the head. */
const tiny: Parameters = { A1: [[2], [0]], a1: [1], A2: [[3]], a2: [-1], A3: [[0.5]], a3: [0.25], gamma: [2] };

/** Two units whose matrix is the same for every velocity. */
function fixedMatrix(W: number[], gamma: number[]): Parameters {
  return { A1: [[0], [0]], a1: [0], A2: [[0]], a2: [0], A3: [W.map(() => 0)], a3: W, gamma };
}

describe("data", () => {
  it("D1: uniforms of 0, 1/2 and 1/4 go to the edge, the middle and, in the disc, half the radius", () => {
    expect(oracle.velocityFromUniforms("square", 0.5, 0, 0.5)).toEqual([-0.5, 0]);
    expect(oracle.velocityFromUniforms("disc", 0.5, 0.25, 0)).toEqual([0.25, 0]);
  });

  it("D1: every velocity lies in its shape (mutant: radius not bounded by velocityMax)", () => {
    fc.assert(
      fc.property(uniform, uniform, fc.constantFrom("square" as const, "disc" as const), (first, second, shape) => {
        const velocity = oracle.velocityFromUniforms(shape, 0.3, first, second);
        expect(oracle.isBaseVelocity(velocity, shape, 0.3 * (1 + 1e-12))).toBe(true);
      }),
    );
  });

  it("D1: the square holds its corner, the disc does not", () => {
    expect(oracle.isBaseVelocity([0.25, 0.25], "square", 0.25)).toBe(true);
    expect(oracle.isBaseVelocity([0.25, 0.25], "disc", 0.25)).toBe(false);
    expect(oracle.isBaseVelocity([0.25, 0.5], "square", 0.25)).toBe(false);
  });

  it("D2: uniforms make a permutation of any length (mutant: a place that is chosen twice)", () => {
    fc.assert(
      fc.property(fc.array(uniform, { maxLength: 12 }), (uniforms) => {
        const order = oracle.permutationFromUniforms(uniforms);
        expect(order).toHaveLength(uniforms.length + 1);
        expect(oracle.isPermutation(order)).toBe(true);
      }),
    );
  });

  it("D2: equally likely uniforms reach each permutation of three equally often (mutant: shuffle over all places)", () => {
    const seen = new Map<string, number>();
    for (const a of [0.1, 0.4, 0.7]) {
      for (const b of [0.2, 0.8]) {
        const key = oracle.permutationFromUniforms([a, b]).join();
        seen.set(key, (seen.get(key) ?? 0) + 1);
      }
    }
    expect([...seen.values()]).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it("D2: a repeated, a missing or a 1-based index is no permutation", () => {
    expect(oracle.isPermutation([0, 0, 1])).toBe(false);
    expect(oracle.isPermutation([0, 3, 1])).toBe(false);
    expect(oracle.isPermutation([1, 2, 3])).toBe(false);
  });

  it("D3: positions are running sums in each trajectory's own order", () => {
    const velocities = [
      [0.5, 0],
      [0, 0.25],
    ];
    const order = [
      [0, 1],
      [1, 0],
    ];
    expect(oracle.positions(velocities, order)).toEqual([
      [
        [0.5, 0],
        [0, 0.25],
      ],
      [
        [0.5, 0.25],
        [0.5, 0.25],
      ],
    ]);
  });

  it("D3: one step, one trajectory, no motion", () => {
    expect(oracle.positions([[0, 0]], [[0]])).toEqual([[[0, 0]]]);
  });

  it("D3: all permuted trajectories end at one point (mutant: the last step left out)", () => {
    fc.assert(
      fc.property(scenario, ({ batch }) => {
        const ends = oracle.positions(batch.velocities, batch.order).at(-1)!;
        for (const end of ends) {
          expect(end[0]).toBeCloseTo(ends[0]![0]!, 12);
          expect(end[1]).toBeCloseTo(ends[0]![1]!, 12);
        }
      }),
    );
  });

  it("D4: without permutation every trajectory reads velocities that no other reads", () => {
    expect(oracle.independentOrder(2, 3)).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
  });
});

describe("network", () => {
  it("N1: one unit by hand: (0.5, 7) / 0.5 -> 3 -> 8 -> 4.25", () => {
    expect(oracle.transition(tiny, [0.5, 7], 0.5)).toEqual([[4.25]]);
  });

  it("N1: both hidden layers are rectified, the last one is not", () => {
    expect(oracle.transition({ ...tiny, a1: [-9] }, [0.5, 0], 0.5)).toEqual([[0.25]]);
    expect(oracle.transition({ ...tiny, A3: [[-1]] }, [0.5, 0], 0.5)).toEqual([[-7.75]]);
  });

  it("N1: the output fills the matrix row by row", () => {
    expect(oracle.transition(fixedMatrix([1, 2, 3, 4], [1, 0]), [0, 0], 1)).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it("N2: g_0 is gamma rectified, then of length one; without a positive entry it is dead", () => {
    const state = oracle.initialState([3, -1, 4]);
    expect(state[0]).toBeCloseTo(0.6, 15);
    expect(state[1]).toBe(0);
    expect(state[2]).toBeCloseTo(0.8, 15);
    expect(oracle.initialState([-1, 0])).toEqual([0, 0]);
  });

  it("N3: W[i][j] leads from unit j to unit i; Norm comes after the rectification", () => {
    const W = [
      [3, 7],
      [4, 9],
    ];
    const state = oracle.step(W, [1, 0]);
    expect(state[0]).toBeCloseTo(0.6, 15);
    expect(state[1]).toBeCloseTo(0.8, 15);
    expect(oracle.step([[3], [-4]], [1])).toEqual([1, 0]);
  });

  it("N3: a rollout of T = 1, B = 1 is one step from g_0", () => {
    const p = fixedMatrix([0, 1, 1, 0], [1, 0]);
    expect(oracle.rollout(p, [[0.1, 0]], [[0]], 1)).toEqual({ initial: [1, 0], states: [[[0, 1]]], deadStates: 0 });
  });

  it("N3: a state that dies stays dead, and each of its states is counted", () => {
    const p = fixedMatrix([-1, 0, 0, -1], [1, 1]);
    const { states, deadStates } = oracle.rollout(
      p,
      [
        [0.1, 0],
        [0, 0.1],
      ],
      [
        [0, 1],
        [1, 0],
      ],
      1,
    );
    expect(states.flat().every(oracle.isDead)).toBe(true);
    expect(deadStates).toBe(4);
  });

  it("N3: a dead g_0 kills all states and is not counted itself", () => {
    expect(oracle.rollout(fixedMatrix([1, 0, 0, 1], [-1, -1]), [[0.1, 0]], [[0]], 1).deadStates).toBe(1);
  });

  it("N4: every state is non-negative and of length one, or dead (mutants: no relu; Norm before relu; L1 norm)", () => {
    fc.assert(
      fc.property(scenario, ({ p, batch, velocityScale }) => {
        const { initial, states } = oracle.rollout(p, batch.velocities, batch.order, velocityScale);
        for (const g of [initial, ...states.flat()]) expect(oracle.isState(g, 1e-12)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it("N4: a negative entry, a wrong length are no states", () => {
    expect(oracle.isState([0.6, -0.8], 1e-12)).toBe(false);
    expect(oracle.isState([0.6, 0.7], 1e-12)).toBe(false);
    expect(oracle.isState([0, 0], 0)).toBe(true);
  });
});

describe("losses", () => {
  const axes = [
    [1, 0],
    [0, 1],
  ];
  const apart = [
    [0, 0],
    [1, 0],
  ];

  it("L1: two orthogonal states one metre apart with sigmaG = 1: exp(-1), over both ordered pairs", () => {
    expect(oracle.separation(axes, apart, 0.25, 1, "mean")).toEqual({ value: Math.exp(-1), count: 2 });
    expect(oracle.separation(axes, apart, 0.25, 1, "sum")).toEqual({ value: 2 * Math.exp(-1), count: 2 });
  });

  it("L1: sigmaG = 1/2 makes it exp(-4) (mutants: sigmaG for its square; the factor 2 left out)", () => {
    expect(oracle.separation(axes, apart, 0.25, 0.5, "mean").value).toBeCloseTo(Math.exp(-4), 15);
  });

  it("L2: two orthogonal states at one place: 2, over both ordered pairs", () => {
    const together = [
      [1, 1],
      [1, 1],
    ];
    expect(oracle.invariance(axes, together, 0.25, "mean")).toEqual({ value: 2, count: 2 });
    expect(oracle.invariance(axes, together, 0.25, "sum")).toEqual({ value: 4, count: 2 });
  });

  it("L1, L2: a pair at exactly sigmaX is in neither mask", () => {
    const line = [
      [0, 0],
      [0.25, 0],
      [0.5, 0],
    ];
    const states = [...axes, [1, 0]];
    expect(oracle.separation(states, line, 0.25, 1, "mean")).toEqual({ value: 1, count: 2 });
    expect(oracle.invariance(states, line, 0.25, "mean")).toEqual({ value: 0, count: 0 });
  });

  it("L1, L2: a dead state is one away from any other, by ||g_i - g_j||^2 and not 2 - 2 g_i.g_j", () => {
    const states = [
      [0, 0],
      [0, 1],
    ];
    expect(oracle.separation(states, apart, 0.25, 1, "mean").value).toBeCloseTo(Math.exp(-0.5), 15);
    expect(oracle.invariance(states, apart, 2, "mean")).toEqual({ value: 1, count: 2 });
  });

  it("L1, L2: no pair gives 0 and says so, for mean and sum", () => {
    for (const reduction of ["mean", "sum"] as const) {
      expect(oracle.separation([[1, 0]], [[0, 0]], 0.25, 1, reduction)).toEqual({ value: 0, count: 0 });
      expect(oracle.invariance([[1, 0]], [[0, 0]], 0.25, reduction)).toEqual({ value: 0, count: 0 });
    }
  });

  it("L3: two orthogonal states: -1/2; two equal ones: -1; dead states count in the mean", () => {
    expect(oracle.capacity(axes)).toBe(-0.5);
    expect(oracle.capacity([axes[0]!, axes[0]!])).toBe(-1);
    expect(oracle.capacity([axes[0]!, [0, 0]])).toBe(-0.25);
  });

  it("L4: changes of sqrt 2 and 0 at speed 1/2: ratios 2 sqrt 2 and 0, variance 2 (mutants: n - 1; g_0 left out)", () => {
    const velocities = [
      [0.5, 0],
      [0, 0.5],
    ];
    const { value, count } = oracle.conformalIsometry([1, 0], [[[0, 1]], [[0, 1]]], velocities, [[0, 1]], 0, 1);
    expect(value).toBeCloseTo(2, 14);
    expect(count).toBe(2);
  });

  it("L4: steps of no speed, of exactly sigmaS and of exactly sigmaC do not count; without a step it is 0", () => {
    const velocities = [
      [0, 0],
      [0.5, 0],
    ];
    const states = [[[0, 1]], [[1, 0]]];
    expect(oracle.conformalIsometry([1, 0], states, velocities, [[0, 1]], 0, 0.5)).toEqual({ value: 0, count: 0 });
    expect(oracle.conformalIsometry([1, 0], states, velocities, [[0, 1]], 0, 0.75)).toEqual({ value: 0, count: 1 });
    expect(oracle.conformalIsometry([1, 0], states, velocities, [[0, 1]], 0.5, 0.75)).toEqual({ value: 0, count: 0 });
  });

  it("L5: each term with its own weight", () => {
    expect(oracle.total({ sep: 1, inv: 1, cap: 1, con: 1 }, settings)).toBe(15);
    expect(oracle.total({ sep: 1, inv: 0, cap: -1, con: 0 }, settings)).toBe(-3);
  });

  it("L5: a whole batch by hand: a unit that never changes, one near pair, one far pair of each order", () => {
    const velocities = [
      [0.5, 0],
      [-0.5, 0],
    ];
    const found = oracle.losses(fixedMatrix([1, 0, 0, 1], [1, 0]), { velocities, order: [[0, 1]] }, 1, settings);
    expect(found).toEqual({
      sep: 1,
      inv: 0,
      cap: -1,
      con: 0,
      total: -3,
      nearCount: 0,
      farCount: 2,
      conCount: 2,
      deadStates: 0,
    });
  });

  it("L5: states that are drawn are those of L1; all other terms still see all states (mutants: drawn states ignored; L2 over them)", () => {
    fc.assert(
      fc.property(scenario, ({ p, batch, velocityScale, settings: s }) => {
        const { velocities, order } = batch;
        const pairs = batch.pairs ?? [0];
        const drawn = oracle.losses(p, { velocities, order, pairs }, velocityScale, s);
        const whole = oracle.losses(p, { velocities, order }, velocityScale, s);
        const states = oracle.rollout(p, velocities, order, velocityScale).states.flat();
        const places = oracle.positions(velocities, order).flat();
        const g = pairs.map((index) => states[index]!);
        const x = pairs.map((index) => places[index]!);
        expect(drawn.sep).toBe(oracle.separation(g, x, s.sigmaX, s.sigmaG, s.reduction).value);
        const others = ["inv", "nearCount", "cap", "con", "conCount"] as const;
        expect(others.map((key) => drawn[key])).toEqual(others.map((key) => whole[key]));
      }),
      { numRuns: 30 },
    );
  });

  it("L1, L2, L3: relabelling the units changes nothing (mutant: a unit's index enters)", () => {
    const population = fc.integer({ min: 1, max: 5 }).chain((units) =>
      fc.record({
        states: fc.array(vector(units), { minLength: 2, maxLength: 6 }),
        relabel: permutation(units),
      }),
    );
    fc.assert(
      fc.property(population, ({ states, relabel }) => {
        const places = states.map((_, k) => [0.1 * k, 0.05 * k * k]);
        const relabelled = states.map((g) => relabel.map((unit) => g[unit]!));
        const all = (rows: number[][]): number[] => [
          oracle.separation(rows, places, 0.2, 0.4, "mean").value,
          oracle.invariance(rows, places, 0.2, "mean").value,
          oracle.capacity(rows),
        ];
        all(relabelled).forEach((value, k) => {
          expect(value).toBeCloseTo(all(states)[k]!, 12);
        });
      }),
    );
  });
});
