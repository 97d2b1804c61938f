import fc from "fast-check";
import type { Batch, LossSettings, Mat, Parameters, Vec } from "../../spec/oracle.ts";

/** A small model, a batch of trajectories for it, and the constants of the losses. */
export interface Scenario {
  p: Parameters;
  batch: Batch;
  velocityScale: number;
  settings: LossSettings;
}

/** The sizes of a scenario: units, hidden width, time steps, trajectories. */
export interface Sizes {
  units: number;
  hidden: number;
  timesteps: number;
  trajectories: number;
}

/** A number between -1 and 1, never 0 and never tiny, so that few scenarios stand at a kink. */
export const entry: fc.Arbitrary<number> = fc.integer({ min: -1000, max: 999 }).map((k) => (2 * k + 1) / 2000);

/** A list of n entries, each times `factor`. */
export function vector(n: number, factor = 1): fc.Arbitrary<Vec> {
  return fc.array(
    entry.map((value) => value * factor),
    { minLength: n, maxLength: n },
  );
}

/** A matrix of n rows and m columns of entries, each times `factor`. */
function matrix(n: number, m: number, factor = 1): fc.Arbitrary<Mat> {
  return fc.array(vector(m, factor), { minLength: n, maxLength: n });
}

/** Mostly from 2 to 4, at times 1. */
const fewOrOne = fc.oneof(
  { weight: 1, arbitrary: fc.constant(1) },
  { weight: 7, arbitrary: fc.integer({ min: 2, max: 4 }) },
);

/** Sizes of at most 4 units, hidden units and time steps and 3 trajectories, each down to 1. */
const sizes: fc.Arbitrary<Sizes> = fc.record({
  units: fewOrOne,
  hidden: fewOrOne,
  timesteps: fewOrOne,
  trajectories: fc.integer({ min: 1, max: 3 }),
});

/** Parameters of the given sizes. The last bias and gamma lean to the positive side, so that most states live and some die. */
export function parametersOf({ units, hidden }: Sizes): fc.Arbitrary<Parameters> {
  return fc.record({
    A1: matrix(2, hidden),
    a1: vector(hidden),
    A2: matrix(hidden, hidden),
    a2: vector(hidden),
    A3: matrix(hidden, units * units),
    a3: vector(units * units).map((bias) => bias.map((value) => value + 0.5)),
    gamma: vector(units).map((values) => values.map((value) => value + 0.5)),
  });
}

/** A permutation of 0 .. n-1. */
export function permutation(n: number): fc.Arbitrary<number[]> {
  const indices = Array.from({ length: n }, (_, index) => index);
  return fc.shuffledSubarray(indices, { minLength: n, maxLength: n });
}

/** A batch of permuted trajectories, with or without a drawing of states for the pair losses. */
function batchOf({ timesteps, trajectories }: Sizes): fc.Arbitrary<Batch> {
  const all = Array.from({ length: timesteps * trajectories }, (_, index) => index);
  const plain = {
    velocities: matrix(timesteps, 2, 0.3),
    order: fc.array(permutation(timesteps), { minLength: trajectories, maxLength: trajectories }),
  };
  return fc.oneof(fc.record(plain), fc.record({ ...plain, pairs: fc.shuffledSubarray(all) }));
}

/** The constants of the losses, with both reductions; all weights count. */
const lossSettings: fc.Arbitrary<LossSettings> = fc.record({
  sigmaX: fc.constantFrom(0.05, 0.2, 0.4),
  sigmaG: fc.constantFrom(0.4, 1),
  sigmaS: fc.constantFrom(0, 0.05),
  sigmaC: fc.constantFrom(0.1, 0.3, 1),
  lambdaSep: fc.constant(1),
  lambdaInv: fc.constant(0.7),
  lambdaCap: fc.constant(0.5),
  lambdaCon: fc.constantFrom(0.3, 2),
  reduction: fc.constantFrom("mean" as const, "sum" as const),
});

/** Small scenarios of every kind: T = 1 and B = 1 among them, masks that are empty, states that die. */
export const scenario: fc.Arbitrary<Scenario> = sizes.chain((size) =>
  fc.record({
    p: parametersOf(size),
    batch: batchOf(size),
    velocityScale: fc.constantFrom(0.15, 1),
    settings: lossSettings,
  }),
);
