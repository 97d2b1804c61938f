import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gradients } from "../../spec/oracle-gradients.ts";
import { train } from "../../spec/oracle-training-step.ts";
import type { TrainSettings } from "../../spec/oracle-training-step.ts";
import * as oracle from "../../spec/oracle.ts";
import type { AdamwSettings, Batch, Parameters, PlateauState } from "../../spec/oracle.ts";
import { entry, parametersOf } from "./oracle-arbitraries.ts";

/** One unit, one hidden unit, eight numbers in all, each equal to `value`. */
function constant(value: number): Parameters {
  return {
    A1: [[value], [value]],
    a1: [value],
    A2: [[value]],
    a2: [value],
    A3: [[value]],
    a3: [value],
    gamma: [value],
  };
}

const adamSettings: AdamwSettings = { learningRate: 0.125, beta1: 0.5, beta2: 0.75, epsilon: 0, weightDecay: 0.5 };

describe("T1 AdamW", () => {
  it("T1: the first step moves by the learning rate against the gradient's sign, after the decay", () => {
    const { parameters, step } = oracle.adamw(oracle.adamwStart(constant(1)), constant(2), adamSettings);
    for (const value of oracle.flatten(parameters)) expect(value).toBeCloseTo(1 - 0.0625 - 0.125, 15);
    expect(step).toBe(1);
  });

  it("T1: the second step by hand: mhat 2/3, vhat 4, so a move of 1/24 (mutant: no bias correction)", () => {
    const first = oracle.adamw(oracle.adamwStart(constant(1)), constant(-2), adamSettings);
    const second = oracle.adamw(first, constant(2), adamSettings);
    for (const value of oracle.flatten(second.firstMoment)) expect(value).toBeCloseTo(0.5, 15);
    for (const value of oracle.flatten(second.secondMoment)) expect(value).toBeCloseTo(1.75, 15);
    for (const value of oracle.flatten(second.parameters)) {
      expect(value).toBeCloseTo((1 - 0.0625 + 0.125) * (1 - 0.0625) - 1 / 24, 15);
    }
  });

  it("T1: epsilon is added to the root: a gradient of 2 moves by 2 / (2 + 2) of the rate (mutant: under the root)", () => {
    const { parameters } = oracle.adamw(oracle.adamwStart(constant(1)), constant(2), {
      ...adamSettings,
      epsilon: 2,
      weightDecay: 0,
    });
    for (const value of oracle.flatten(parameters)) expect(value).toBeCloseTo(1 - 0.125 / 2, 15);
  });

  it("T1: without a gradient only the decay moves, by the same share for every parameter (mutant: decay in the gradient)", () => {
    fc.assert(
      fc.property(entry, (value) => {
        const { parameters } = oracle.adamw(oracle.adamwStart(constant(value)), constant(0), {
          ...adamSettings,
          epsilon: 1e-8,
        });
        for (const moved of oracle.flatten(parameters)) expect(moved).toBeCloseTo(value * (1 - 0.0625), 14);
      }),
    );
  });
});

describe("T2 clipping, T3 accumulation", () => {
  it("T2: eight ones have norm sqrt 8; a clip of sqrt 2 halves them, one of 3 leaves them", () => {
    const halved = oracle.clipByGlobalNorm(constant(1), Math.SQRT2);
    expect(halved.norm).toBeCloseTo(Math.sqrt(8), 15);
    for (const value of oracle.flatten(halved.gradients)) expect(value).toBeCloseTo(0.5, 15);
    expect(oracle.clipByGlobalNorm(constant(1), 3).gradients).toEqual(constant(1));
  });

  it("T2: a clip of 0 is none", () => {
    expect(oracle.clipByGlobalNorm(constant(1), 0).gradients).toEqual(constant(1));
  });

  it("T2: a zero gradient stays zero", () => {
    expect(oracle.clipByGlobalNorm(constant(0), 0.1)).toEqual({ gradients: constant(0), norm: 0 });
  });

  it("T2: the norm never exceeds the clip and the direction stays (mutant: clipping each tensor by itself)", () => {
    const size = { units: 2, hidden: 2, timesteps: 1, trajectories: 1 };
    fc.assert(
      fc.property(parametersOf(size), fc.constantFrom(0.1, 1, 100), (gradient, clip) => {
        const { gradients: clipped, norm } = oracle.clipByGlobalNorm(gradient, clip);
        const factor = Math.min(1, clip / norm);
        oracle.flatten(clipped).forEach((value, k) => {
          expect(value).toBeCloseTo(oracle.flatten(gradient)[k]! * factor, 12);
        });
      }),
    );
  });

  it("T3: the mean of the batches' gradients, and one batch as it is (mutant: their sum)", () => {
    expect(oracle.accumulate([constant(1), constant(2), constant(6)])).toEqual(constant(3));
    expect(oracle.accumulate([constant(5)])).toEqual(constant(5));
  });
});

describe("schedules", () => {
  const run = { learningRate: 8, warmup: 4, cosineFloor: 0.25, steps: 16 };

  it("T4: a quarter of the way into the warm-up, the middle and the end of the run", () => {
    expect(oracle.warmupCosine(0, run)).toBe(2);
    expect(oracle.warmupCosine(8, run)).toBeCloseTo(8 * 0.625, 14);
    expect(oracle.warmupCosine(16, run)).toBeCloseTo(2, 14);
  });

  it("T4: the warm-up is over at step warmup - 1, and a warm-up of 0 steps is none", () => {
    expect(oracle.warmupShare(3, 4)).toBe(1);
    expect(oracle.warmupShare(2, 4)).toBe(0.75);
    expect(oracle.warmupShare(0, 0)).toBe(1);
  });

  it("T4: after the warm-up the rate never rises (mutant: the cosine counted from the end)", () => {
    const rates = Array.from({ length: 13 }, (_, k) => oracle.warmupCosine(k + 4, run));
    rates.slice(1).forEach((rate, k) => {
      expect(rate).toBeLessThanOrEqual(rates[k]!);
    });
  });

  const plateau = { plateauFactor: 0.5, plateauPatience: 1, plateauThreshold: 0.25 };
  const rates = (values: number[]): number[] => {
    let state: PlateauState = { learningRate: 8, best: Infinity, badSteps: 0 };
    return values.map((value) => {
      state = oracle.reduceOnPlateau(state, value, plateau);
      return state.learningRate;
    });
  };

  it("T5: one bad step is patience, the second halves the rate and starts the count again (mutant: >= for >)", () => {
    expect(rates([4, 4, 4, 4, 4, 4])).toEqual([8, 8, 4, 4, 2, 2]);
  });

  it("T5: an improvement of exactly the threshold is none, a greater one starts the count again", () => {
    expect(rates([4, 3, 3])).toEqual([8, 8, 4]);
    expect(rates([4, 3, 2.5, 2.5, 2.5])).toEqual([8, 8, 8, 8, 4]);
  });

  it("T5: below 0 the same formula counts a little worse as better: -1 again beats a best of -1", () => {
    expect(rates([-1, -1, -1, -1])).toEqual([8, 8, 8, 8]);
    expect(rates([-1, -0.5, -0.5])).toEqual([8, 8, 4]);
  });

  const own = { timesteps: 9, sigmaG: 0.5, lambdaInv: 0.25, lambdaCap: 0.5 };
  const along = (at: number[], curriculum: oracle.Knot[]): oracle.CurriculumSettings[] =>
    at.map((step) => oracle.settingsAt(step, { ...own, steps: 16, curriculum }));

  it("T6: the first knot's settings before it, whole numbers of T on the line, the last knot's after it", () => {
    const growing = along([0, 4, 5, 6, 8, 11, 12, 15], [{ at: 0.25, timesteps: 4, sigmaG: 1 }, { at: 0.75 }]);
    expect(growing.map(({ timesteps }) => timesteps)).toEqual([4, 4, 4, 5, 6, 8, 9, 9]);
    expect(growing.map(({ sigmaG }) => sigmaG)).toEqual([1, 1, 0.9375, 0.875, 0.75, 0.5625, 0.5, 0.5]);
    expect(growing.map(({ lambdaInv, lambdaCap }) => [lambdaInv, lambdaCap])).toEqual(growing.map(() => [0.25, 0.5]));
  });

  it("T6: two knots at one share are a jump; without a knot the settings are the run's own", () => {
    const jump = [{ at: 0.5, timesteps: 4, lambdaCap: 0 }, { at: 0.5 }];
    expect(along([0, 7, 8, 15], jump)).toEqual([
      { ...own, timesteps: 4, lambdaCap: 0 },
      { ...own, timesteps: 4, lambdaCap: 0 },
      own,
      own,
    ]);
    expect(along([0, 15], [])).toEqual([own, own]);
  });
});

describe("T7 initialisation", () => {
  const draws: Parameters = {
    A1: [
      [1, -1, 1, 1],
      [1, 1, 1, 1],
    ],
    a1: [1, 1, 1, 1],
    A2: [0, 1, 2, 3].map(() => [1, 1, 1, 1]),
    a2: [1, 1, -1, 1],
    A3: [0, 1, 2, 3].map(() => [1, 1, 1, -1]),
    a3: [1, 1, 1, 1],
    gamma: [-2, 1],
  };

  it("T7: library: each layer within 1 / sqrt of its inputs, weights and biases; gamma as drawn", () => {
    const p = oracle.initialise(draws, "library");
    expect(p.A1[0]![1]).toBeCloseTo(-Math.SQRT1_2, 15);
    expect(p.a1[0]).toBeCloseTo(Math.SQRT1_2, 15);
    expect([p.A2[0]![0], p.a2[2], p.A3[0]![3], p.a3[0]]).toEqual([0.5, -0.5, -0.5, 0.5]);
    expect(p.gamma).toEqual([-2, 1]);
  });

  it("T7: identity: A2 sqrt 3 times as wide, the last layer a tenth about the identity, gamma without its sign", () => {
    const p = oracle.initialise(draws, "identity");
    expect(p.A2[0]![0]).toBeCloseTo(Math.sqrt(3) / 2, 15);
    expect(p.a2[0]).toBe(0.5);
    expect(p.A3[0]).toEqual([0.05, 0.05, 0.05, -0.05]);
    expect(p.a3).toEqual([1.05, 0.05, 0.05, 1.05]);
    expect(p.gamma).toEqual([2, 1]);
  });
});

describe("T8 restarts", () => {
  const terms = { total: 0, sep: 0, inv: 0, cap: 0, con: 0 };
  const losing = (inv: number[]): (typeof terms)[] => inv.map((value) => ({ ...terms, inv: value }));

  it("T8: an attempt ends at the first criterion that it does not meet, and the last one never does", () => {
    const criteria = [{ at: 0.75, term: "inv", most: 2 }, { at: 0.5, term: "inv", least: 1 }] as const; // prettier-ignore
    const [low, high, good] = [losing([9, 0, 9, 9]), losing([0, 1, 3, 0]), losing([0, 1, 2, 9])];
    expect(oracle.attemptLengths([low, high, good, good], [...criteria])).toEqual([2, 3, 4]);
    expect(oracle.attemptLengths([low, high], [...criteria])).toEqual([2, 4]);
    expect(oracle.attemptLengths([good, low], [...criteria])).toEqual([4]);
    expect(oracle.attemptLengths([low], [...criteria])).toEqual([4]);
    expect(oracle.attemptLengths([low, good], [])).toEqual([4]);
    expect(oracle.attemptLengths([losing([1, 1, 1, 1]), good], [{ at: 0.5, term: "sep", most: 0.5 }])).toEqual([4]);
  });

  it("T8: a criterion is held against the mean over the last fiftieth of an attempt's steps", () => {
    const steps = (before: number, ...last: number[]): (typeof terms)[] =>
      losing([...Array<number>(60 - last.length).fill(before), ...last, ...Array<number>(40).fill(before)]);
    const made = (first: (typeof terms)[]): number[] =>
      oracle.attemptLengths([first, steps(0)], [{ at: 0.6, term: "inv", most: 2 }]);
    expect(made(steps(9, 1, 3))).toEqual([100]);
    expect(made(steps(0, 2, 3))).toEqual([60, 100]);
    expect(made(steps(0, 5, 3, 0))).toEqual([100]);
  });
});

describe("whole training steps", () => {
  const settings: TrainSettings = {
    sigmaX: 0.1,
    sigmaG: 0.4,
    sigmaS: 0,
    sigmaC: 0.3,
    lambdaSep: 1,
    lambdaInv: 0.1,
    lambdaCap: 0.5,
    lambdaCon: 1,
    reduction: "mean",
    velocityScale: 0.15,
    learningRate: 0.01,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: 0.01,
    clipNorm: 0.1,
    schedule: "cosine",
    steps: 10,
    warmup: 2,
    cosineFloor: 0.05,
    plateauFactor: 0.5,
    plateauPatience: 0,
    plateauThreshold: 0.01,
  };
  const batch: Batch = {
    velocities: [
      [0.125, 0.0625],
      [-0.0625, 0.125],
      [0.03125, -0.25],
    ],
    order: [
      [0, 1, 2],
      [2, 0, 1],
    ],
  };
  const other: Batch = { ...batch, order: [[1, 2, 0]] };
  const start: Parameters = {
    A1: [
      [0.5, -0.25, 0.75],
      [-0.5, 0.5, 0.25],
    ],
    a1: [0.125, 0.25, -0.125],
    A2: [
      [0.25, -0.5, 0.5],
      [0.5, 0.25, -0.25],
      [-0.25, 0.5, 0.75],
    ],
    a2: [0.25, 0.125, 0.5],
    A3: [0.25, -0.125, 0.5].map((value) => [0, 1, 2, 3, 4, 5, 6, 7, 8].map((k) => value * Math.cos(k))),
    a3: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    gamma: [0.5, 1, 0.25],
  };

  it("T1, T2, T3, T4: one step is mean gradient, clip, AdamW at the warm-up's rate", () => {
    const { parameters, reports } = train(start, [[batch, other]], settings);
    const each = [batch, other].map((one) => gradients(start, one, settings.velocityScale, settings));
    const mean = oracle.combine((a, b) => (a + b) / 2, ...each);
    const clipped = oracle.clipByGlobalNorm(mean, 0.1);
    const expected = oracle.adamw(oracle.adamwStart(start), clipped.gradients, { ...settings, learningRate: 0.005 });
    oracle.flatten(parameters).forEach((value, k) => {
      expect(value).toBeCloseTo(oracle.flatten(expected.parameters)[k]!, 14);
    });
    expect(reports[0]!.learningRate).toBe(0.005);
    expect(reports[0]!.gradientNorm).toBeCloseTo(clipped.norm, 14);
    expect(reports[0]!.losses.map((one) => one.total)).toEqual(
      [batch, other].map((one) => oracle.losses(start, one, settings.velocityScale, settings).total),
    );
  });

  it("T4, T5: a constant rate stays after the warm-up; on a plateau it falls for the step after (mutant: a step too soon)", () => {
    const same = [[batch], [batch], [batch], [batch]];
    const still = { ...settings, learningRate: 1e-9, weightDecay: 0, plateauThreshold: 0, plateauPatience: 1 };
    const never = train(start, same, { ...still, schedule: "constant" });
    expect(never.reports.map((report) => report.learningRate)).toEqual([5e-10, 1e-9, 1e-9, 1e-9]);
    const frozen = train(start, same, { ...still, learningRate: 0, schedule: "constant" });
    expect(frozen.parameters).toEqual(start);
    const positive = { ...still, lambdaCap: 0, plateauThreshold: 0.5, schedule: "plateau" as const };
    const fallen = train(start, same, positive);
    expect(fallen.reports.map((report) => report.learningRate)).toEqual([5e-10, 1e-9, 1e-9, 5e-10]);
  });

  it("T1, L5: twenty steps on one batch lower its total", () => {
    const steps = Array.from({ length: 20 }, () => [batch]);
    const { reports } = train(start, steps, { ...settings, steps: 20 });
    expect(reports.at(-1)!.losses[0]!.total).toBeLessThan(reports[0]!.losses[0]!.total);
  });
});
