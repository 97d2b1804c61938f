/**
 * Fresh inputs of every operation, for property testing (P10). They are drawn so that float32 takes the same branches
 * as float64. Numbers are multiples of a power of two, so that sums and comparisons with sigma are exact. A draw is
 * rejected if some unit is at the edge of its ReLU without being exactly on it.
 */
import * as fc from "fast-check";
import { initialState, rollout, transition } from "../../spec/oracle.ts";
import type { Batch, LossSettings, Mat, Parameters, Vec } from "../../spec/oracle.ts";
import { matVec, norm, relu, scale, subtract } from "../../spec/oracle-arrays.ts";
import type { Copied } from "./copies.ts";
import type { BatchInput, OperationName, Operations } from "./operations.ts";

/** An arbitrary for the input of each operation that is not asked copies of its vectors. */
type Draws = { [Name in Exclude<OperationName, Copied>]: fc.Arbitrary<Operations[Name]["input"]> };

/** Whether fresh inputs of an operation are drawn. */
export function isDrawn(operation: string): operation is keyof Draws {
  return Object.hasOwn(draws, operation);
}

const list = <T>(entry: fc.Arbitrary<T>, length: number): fc.Arbitrary<T[]> =>
  fc.array(entry, { minLength: length, maxLength: length });

/** Multiples of 1 / `parts` between -`most` and `most`. They shrink towards 0. */
const signed = (most: number, parts: number): fc.Arbitrary<number> =>
  fc.integer({ min: -most * parts, max: most * parts }).map((k) => k / parts);

/** Multiples of 1 / `parts` between `least` and `most`. */
const between = (least: number, most: number, parts: number): fc.Arbitrary<number> =>
  fc.integer({ min: Math.ceil(least * parts), max: most * parts }).map((k) => k / parts);

const weight = signed(2, 4);
const velocity = list(signed(0.5, 16), 2);
const units = fc.integer({ min: 1, max: 4 });
const reduction = fc.constantFrom("mean" as const, "sum" as const);
const velocityScale = fc.constantFrom(0.25, 0.5, 2);
/** Five sixteenths is the length of (3, 4) / 16, so that some distances are exactly sigma. */
const sigma = fc.constantFrom(5 / 16, 0.25, 0.5, 1);
const sigmaS = fc.constantFrom(0, 0.125, 0.25);
const sigmaG = fc.constantFrom(0.5, 0.75, 1.5);

function parametersOf(N: number, H: number, entry: fc.Arbitrary<number> = weight): fc.Arbitrary<Parameters> {
  return fc.record({
    A1: list(list(entry, H), 2),
    a1: list(entry, H),
    A2: list(list(entry, H), H),
    a2: list(entry, H),
    A3: list(list(entry, N * N), H),
    a3: list(entry, N * N),
    gamma: list(entry, N),
  });
}

const parameters = fc.tuple(units, units).chain(([N, H]) => parametersOf(N, H));

/** Sets of numbers in the shape of parameters, one for each given entry, all of the same size. */
function alike(entry: fc.Arbitrary<number>, ...others: fc.Arbitrary<number>[]): fc.Arbitrary<Parameters[]> {
  return fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 }))
    .chain(([N, H]) => fc.tuple(...[entry, ...others].map((each) => parametersOf(N, H, each))));
}

/**
 * Velocities, and the order in which each trajectory takes them. The orders are permutations of one list (D2), or each
 * trajectory has a list of its own (D4).
 */
const data: fc.Arbitrary<Batch> = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 }), fc.boolean())
  .chain(([T, B, permuted]) => {
    const places = Array.from({ length: T }, (_, t) => t);
    return fc.record({
      velocities: list(velocity, permuted ? T : B * T),
      order: permuted
        ? list(fc.shuffledSubarray(places, { minLength: T }), B)
        : fc.constant(Array.from({ length: B }, (_, b) => places.map((t) => b * T + t))),
    });
  });

/** A batch. In some batches only a part of the states is in the pairs. */
const batch: fc.Arbitrary<Batch> = data.chain((drawn) => {
  const states = drawn.order.flat().length;
  const some = fc.shuffledSubarray(
    Array.from({ length: states }, (_, index) => index),
    { minLength: 1 },
  );
  return fc.option(some, { nil: undefined }).map((pairs) => (pairs ? { ...drawn, pairs } : drawn));
});

/** A state: it has no negative entry, and its length is 1 (rounded to float32) unless it is dead. */
function stateOf(N: number): fc.Arbitrary<Vec> {
  return list(between(0, 1, 8), N).map((z) => (norm(z) === 0 ? z : scale(z, 1 / norm(z)).map(Math.fround)));
}

/** States with their positions. Each state is drawn and shrunk together with its position. */
const states = units
  .chain((N) =>
    fc.array(fc.record({ state: stateOf(N), place: list(signed(1, 16), 2) }), { minLength: 1, maxLength: 6 }),
  )
  .map((rows) => ({ states: rows.map(({ state }) => state), positions: rows.map(({ place }) => place) }));

const settings: fc.Arbitrary<LossSettings> = fc.record({
  sigmaX: sigma,
  sigmaG,
  sigmaS,
  sigmaC: sigma,
  lambdaSep: between(0, 2, 4),
  lambdaInv: between(0, 2, 4),
  lambdaCap: between(0, 2, 4),
  lambdaCon: between(0, 2, 4),
  reduction,
});

/** Whether a sum is further from 0 than a margin, or all its terms are exactly 0. */
export function isClearSum(sum: number, terms: Vec, margin: number): boolean {
  return Math.abs(sum) > margin || terms.every((term) => term === 0);
}

/**
 * Whether a step is far from every edge. No entry of z = W g is near the edge of its ReLU unless all its terms are
 * exactly 0, and the length of z is 0 or not small.
 */
function isClearStep(W: Mat, g: Vec): boolean {
  const z = matVec(W, g);
  const length = norm(relu(z));
  const clear = z.every((value, i) =>
    isClearSum(
      value,
      W[i]!.map((w, j) => w * g[j]!),
      0.01,
    ),
  );
  return clear && (length === 0 || length > 0.1);
}

/**
 * Whether every step of every trajectory is far from every edge, and every change of the state is either large or
 * exactly 0.
 */
export function isClearRollout(p: Parameters, { velocities, order }: Batch, s: number): boolean {
  const W = velocities.map((v) => transition(p, v, s));
  const initial = initialState(p.gamma);
  const { states: reached } = rollout(p, velocities, order, s);
  return reached.every((now, t) =>
    now.every((after, b) => {
      const before = t === 0 ? initial : reached[t - 1]![b]!;
      const isCorner = before.filter((entry) => entry !== 0).length <= 1;
      const move = norm(subtract(after, before));
      return isClearStep(W[order[b]![t]!]!, before) && (move > 0.05 || (move === 0 && isCorner));
    }),
  );
}

const batchInput: fc.Arbitrary<BatchInput> = fc
  .record({ parameters, batch, velocityScale, settings })
  .map(({ batch: drawn, ...rest }) => ({ ...drawn, ...rest }))
  .filter((i) => isClearRollout(i.parameters, i, i.velocityScale));

const optimiser = {
  beta1: fc.constantFrom(0.5, 0.75, 0.875),
  beta2: fc.constantFrom(0.75, 0.9375),
  epsilon: fc.constantFrom(2 ** -4, 2 ** -6),
  weightDecay: fc.constantFrom(0, 0.125, 0.5),
};

const schedule = {
  learningRate: fc.constantFrom(0.5, 2 ** -3, 2 ** -6),
  warmup: fc.integer({ min: 0, max: 8 }),
  cosineFloor: between(0, 1, 8),
};

const plateau = {
  plateauFactor: fc.constantFrom(0.25, 0.5),
  plateauPatience: fc.integer({ min: 0, max: 3 }),
  plateauThreshold: fc.constantFrom(0, 0.125, 0.25),
};

const curriculumSettings = {
  timesteps: fc.integer({ min: 1, max: 60 }),
  sigmaG: between(0.25, 1, 8),
  lambdaInv: between(0, 1, 8),
  lambdaCap: between(0, 1, 8),
};

/** Up to four knots, sorted by their shares. */
const knots = fc
  .record({
    shares: fc.array(between(0, 1, 8), { maxLength: 4 }),
    settings: fc.array(fc.record(curriculumSettings, { requiredKeys: [] }), { minLength: 4, maxLength: 4 }),
  })
  .map(({ shares, settings: given }) =>
    [...shares].sort((a, b) => a - b).map((share, k) => ({ at: share, ...given[k] })),
  );

const at = fc.array(fc.integer({ min: 0, max: 64 }), { minLength: 1, maxLength: 6 });

const trainInput: fc.Arbitrary<Operations["train"]["input"]> = fc
  .record({
    start: batchInput,
    more: fc.integer({ min: 0, max: 2 }),
    extra: fc.record({
      ...optimiser,
      ...schedule,
      ...plateau,
      steps: fc.constantFrom(8, 16),
      clipNorm: fc.constantFrom(0, 0.25, 2, 64),
      schedule: fc.constantFrom("constant" as const, "cosine" as const, "plateau" as const),
      learningRate: fc.constantFrom(2 ** -7, 2 ** -9),
    }),
    curriculum: fc.option(knots, { nil: undefined }),
  })
  .map(({ start, more, extra, curriculum }) => {
    const { parameters: p, settings: s, velocityScale: scaled, ...one } = start;
    const steps = Array.from({ length: 2 }, (_, step) => Array.from({ length: step === 0 ? 1 + more : 1 }, () => one));
    return {
      parameters: p,
      batches: steps,
      settings: { ...s, ...extra, velocityScale: scaled, ...(curriculum && { curriculum }) },
    };
  });

/** A rate map with some unvisited bins. */
const rates = fc
  .integer({ min: 3, max: 5 })
  .chain((bins) => list(list(fc.option(between(0, 2, 8), { freq: 6 }), bins), bins));

/** Frequencies of the waves in a drawn autocorrelogram, in radians a bin. */
const frequency = signed(1, 16);

/** A sum of cosines at every lag, which is 1 at the zero lag. It has a central peak, as an autocorrelogram has. */
const waves = fc.array(fc.tuple(frequency, frequency), { minLength: 2, maxLength: 3 }).map((vectors) =>
  Array.from({ length: 21 }, (_, row) =>
    Array.from({ length: 21 }, (__, column) => {
      const terms = vectors.map(([kx, ky]) => Math.cos(kx * (column - 10) + ky * (row - 10)));
      return Math.fround(terms.reduce((sum, term) => sum + term, 0) / vectors.length);
    }),
  ),
);

/** P10 Coverage: arbitraries for fresh inputs of each operation. */
export const draws: Draws = {
  positions: data,
  transition: fc.record({ parameters, velocity, velocityScale }),
  initialState: fc.record({ gamma: units.chain((N) => list(weight, N)) }),
  step: units
    .chain((N) => fc.record({ W: list(list(weight, N), N), state: stateOf(N) }))
    .filter(({ W, state }) => isClearStep(W, state)),
  rollout: fc
    .record({ parameters, data, velocityScale })
    .map(({ data: drawn, ...rest }) => ({ ...rest, velocities: drawn.velocities, order: drawn.order }))
    .filter((i) => isClearRollout(i.parameters, i, i.velocityScale)),
  separation: fc
    .record({ states, sigmaX: sigma, sigmaG, reduction })
    .map(({ states: drawn, ...rest }) => ({ ...drawn, ...rest })),
  invariance: fc
    .record({ states, sigmaX: sigma, reduction })
    .map(({ states: drawn, ...rest }) => ({ ...drawn, ...rest })),
  capacity: states.map((drawn) => ({ states: drawn.states })),
  conformalIsometry: fc.tuple(data, units).chain(([drawn, N]) =>
    fc.record({
      initial: stateOf(N),
      states: list(list(stateOf(N), drawn.order.length), drawn.order[0]!.length),
      velocities: fc.constant(drawn.velocities),
      order: fc.constant(drawn.order),
      sigmaS,
      sigmaC: sigma,
    }),
  ),
  losses: batchInput,
  gradients: batchInput,
  adamw: fc
    .record({
      sets: alike(weight, weight, weight, between(0, 2, 4)),
      step: fc.integer({ min: 0, max: 20 }),
      learningRate: schedule.learningRate,
      ...optimiser,
    })
    .map(({ sets: [p, gradients, m, v], ...rest }) => ({
      parameters: p!,
      gradients: gradients!,
      m: m!,
      v: v!,
      ...rest,
    })),
  clip: fc
    .record({ sets: alike(weight), clipNorm: fc.constantFrom(0, 0.5, 1, 4, 32) })
    .map(({ sets: [gradients], clipNorm }) => ({ gradients: gradients!, clipNorm })),
  accumulate: fc
    .record({ sets: alike(weight, weight, weight), count: fc.integer({ min: 1, max: 3 }) })
    .map(({ sets, count }) => ({ gradients: sets.slice(0, count) })),
  schedule: fc.record({ ...schedule, steps: fc.constantFrom(64, 100, 1000), at }),
  plateau: fc.record({
    ...plateau,
    learningRate: schedule.learningRate,
    losses: fc.array(signed(2, 8), { minLength: 1, maxLength: 12 }),
  }),
  curriculum: fc.record({ ...curriculumSettings, curriculum: knots, steps: fc.constantFrom(64, 128), at }),
  train: trainInput,
  rateMap: states.map((drawn) => ({ ...drawn, bins: 4, box: 2 })),
  autocorrelogram: fc.record({ map: rates, minimumOverlap: fc.integer({ min: 4, max: 9 }) }),
  gridness: waves.map((autocorrelogram) => ({ autocorrelogram })),
};
