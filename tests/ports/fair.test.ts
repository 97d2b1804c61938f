import * as fc from "fast-check";
import { expect, test } from "vitest";
import { draws } from "../../src/port/draws.ts";
import { evaluate } from "../../src/port/evaluate.ts";
import { isFair } from "../../src/port/fair.ts";
import type { OperationName, Operations } from "../../src/port/operations.ts";
import { rightReading } from "../../src/port/reading.ts";
import { freshTolerance, loadVectors } from "../../src/port/vectors.ts";

// P10: a fresh case has one right answer, whatever the order in which a right port rounds.

const files = loadVectors();

function fair<Name extends OperationName>(operation: Name, input: Operations[Name]["input"]): boolean {
  const { cases } = files.find((file) => file.operation === operation)!;
  const expected = evaluate(rightReading, operation, input);
  return isFair(operation, input, expected, freshTolerance(cases).float32);
}

const settings = {
  ...{ sigmaX: 0.25, sigmaG: 0.5, sigmaS: 0, sigmaC: 1, reduction: "mean" as const },
  ...{ lambdaSep: 1, lambdaInv: 1, lambdaCap: 1, lambdaCon: 1 },
};
/** Two units whose matrix does not depend on the velocity, if a layer's weights are left at 0. */
const parameters = {
  A1: [[0.5], [0.25]],
  a1: [0.5],
  A2: [[0.5]],
  a2: [0.25],
  A3: [[0.5, 0.25, -0.25, 0.5]],
  a3: [0.25, 1, 0.75, 0.25],
  gamma: [1, 0.25],
};
const batch = { velocities: [[0.25, 0.125], [-0.125, 0.25]], order: [[0, 1]], velocityScale: 0.5, settings }; // prettier-ignore

test("P10 an ordinary batch is fair (mutant: every case refused)", () => {
  expect(fair("gradients", { parameters, ...batch })).toBe(true);
  expect(fair("losses", { parameters, ...batch })).toBe(true);
});

test.each([
  // Each of these made two right ports differ by more than the tolerance before the rule was there.
  [
    "the only active unit's gradient is what cancellation leaves",
    { gamma: [1, 0], A3: [[0, 0, 0, 0]], a3: [0, 1, 1, 0] },
  ],
  [
    "a state that does not move: the derivative of its move has a kink",
    { gamma: [1, 1], A3: [[0, 0, 0, 0]], a3: [1, 0, 0, 1] },
  ],
  ["a driven sum that is 0 because its terms cancel", { gamma: [1, 1], A3: [[0, 0, 0, 0]], a3: [1, 0.5, 0.5, -0.5] }],
])("P10 a gradient is not asked where %s (mutant: the check of cancellation left out)", (_, change) => {
  const velocities = [
    [0.0625, 0],
    [0.25, 0.25],
  ];
  expect(fair("gradients", { parameters: { ...parameters, ...change }, ...batch, velocities })).toBe(false);
});

test("P10 a gradient is not asked where all ratios of L4 are equal (mutant: the rounding of their mean left out)", () => {
  // Three trajectories take one and the same step. A right port in float32 is off by what its mean is off, times three.
  const change = {
    gamma: [0.25, 0],
    A1: [[0], [0]],
    A2: [[0]],
    A3: [[0, 0, 0, 0]],
    a1: [0],
    a2: [0],
    a3: [0.25, 0, 0.75, 0],
  };
  const one = { velocities: [[0.0625, 0]], order: [[0], [0], [0]], velocityScale: 0.25 };
  const only = {
    ...settings,
    lambdaSep: 0,
    lambdaInv: 0,
    lambdaCap: 0,
    lambdaCon: 0.5,
    sigmaC: 0.3125,
    sigmaX: 0.3125,
  };
  expect(fair("gradients", { parameters: { ...parameters, ...change }, ...one, settings: only })).toBe(false);
});

test("P10 a training run is not asked if a residue of its first step tips a ReLU in its second", () => {
  // Mutant: only the drawn parameters are looked at. The hidden sum is exactly 0 at first; the step moves it to either side.
  const train = {
    ...settings,
    ...{ velocityScale: 0.5, learningRate: 0.0078125, beta1: 0.5, beta2: 0.75, epsilon: 0.0625, weightDecay: 0.125 },
    ...{ clipNorm: 0, schedule: "constant" as const, steps: 8, warmup: 0, cosineFloor: 0 },
    ...{ plateauFactor: 0.5, plateauPatience: 0, plateauThreshold: 0 },
  };
  const steps = [[{ velocities: batch.velocities, order: batch.order }], [{ velocities: batch.velocities, order: batch.order }]]; // prettier-ignore
  const edge = { ...parameters, A1: [[0], [0]], a1: [0.5], A2: [[0.5]], a2: [-0.25] };
  expect(fair("train", { parameters, batches: steps, settings: train })).toBe(true);
  expect(fair("train", { parameters: edge, batches: steps, settings: train })).toBe(false);
  expect(fair("train", { parameters, batches: [steps[0]!, steps[0]!, steps[0]!], settings: { ...train, schedule: "plateau", ...{ lambdaSep: 0, lambdaInv: 0, lambdaCap: 0, lambdaCon: 0 } } })).toBe(false); // prettier-ignore
});

test("P10 T between two knots is not asked where it is a whole number by rounding only", () => {
  const own = { timesteps: 60, sigmaG: 0.5, lambdaInv: 0.5, lambdaCap: 0.5, steps: 64 };
  const thirds = [{ at: 0.125, timesteps: 30 }, { at: 0.5, timesteps: 60 }]; // prettier-ignore
  expect(fair("curriculum", { ...own, curriculum: thirds, at: [16] })).toBe(false);
  expect(fair("curriculum", { ...own, curriculum: thirds, at: [17] })).toBe(true);
});

test("P10 a flat autocorrelogram is not asked for its gridness (mutant: equal rings compared)", () => {
  const flat = Array.from({ length: 21 }, () => Array.from({ length: 21 }, () => 1));
  expect(fair("gridness", { autocorrelogram: flat })).toBe(false);
});

test("P10 most drawn cases are fair, so that none is drawn in vain", () => {
  for (const operation of ["rollout", "losses", "gradients", "train", "curriculum", "gridness"] as const) {
    const drawn = fc.sample(draws[operation] as fc.Arbitrary<never>, { numRuns: 40, seed: 5 });
    expect(drawn.filter((input) => fair(operation, input)).length, operation).toBeGreaterThan(16);
  }
});
