import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { openEngine } from "../../src/backend/engines.ts";
import { asItReads } from "../../src/fusable/fusable.ts";
import { compileKernels, KERNELS_FILE } from "../../src/fused/compile.ts";
import { nodePlatform } from "../../src/fused/node-platform.ts";
import { Threads } from "../../src/fused/threads.ts";
import { KERNEL } from "../../src/fused/kernels.ts";
import { drawBatch, positions } from "../../src/model/data.ts";
import { initialState, rollout, transition, type Parameters } from "../../src/model/network.ts";
import { farSum, nearSum } from "../../src/model/pairs.ts";
import { PRESETS } from "../../src/train/config.ts";
import { initialise } from "../../src/train/initialise.ts";
import { adamw, clipByGlobalNorm, zeroMoments } from "../../src/train/optimiser.ts";
import { parametersFrom, perParameter } from "../../src/train/parameters.ts";
import { Random } from "../../src/train/random-source.ts";
import { disposeLosses, lossesAndGradients, Training } from "../../src/train/training.ts";

beforeAll(async () => {
  await openEngine("wasm");
});

/** Sizes on both sides of every border in the kernels: four lanes, eight columns, six rows, 32, 48 and 64. */
const size = (most: number): fc.Arbitrary<number> =>
  fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: most }));
const shapes = fc.record({
  units: size(70).map((n) => n + 1),
  hidden: size(40),
  trajectories: size(12),
  timesteps: size(12),
  seed: fc.nat(),
});

/** Normal deviates, of which about a third are replaced by 0. */
function numbers(random: Random, ...shape: number[]): tf.Tensor {
  const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () =>
    random.below(3) === 0 ? 0 : random.normal(),
  );
  return tf.tensor(values, shape);
}

/** Runs a work with fused kernels and as it reads, and compares the tensors that it gives to 1e-4 of the largest number: float32 leaves 2e-5. */
function compare(work: () => tf.Tensor[]): void {
  tf.tidy(() => {
    const [got, want] = [work(), asItReads(work)];
    got.forEach((tensor, k) => {
      expect(tensor.shape).toEqual(want[k]!.shape);
      expect(distance(tensor, want[k]!), `result ${k}`).toBeLessThan(1e-4);
    });
  });
}

/**
 * Compares the results of a work on an input, as `compare` does, where they are well conditioned. Sums that nearly cancel, and products
 * of random matrices, amplify rounding errors without limit: ten errors of rounding in the input must leave half of the tolerance.
 * False where they do not.
 */
function compareIfFair(work: (input: tf.Tensor) => tf.Tensor[], input: tf.Tensor, random: Random): boolean {
  const fair = tf.tidy(() => {
    const moved = tf.mul(input, tf.add(1, tf.mul(numbers(random, ...input.shape), 1e-6)));
    const [there, beside] = asItReads(() => [work(input), work(moved)] as const);
    return there.every((tensor, k) => distance(beside[k]!, tensor) < 5e-5);
  });
  if (fair) compare(() => work(input));
  return fair;
}

/** The largest difference of two tensors as a share of the largest number of the second. */
function distance(one: tf.Tensor, other: tf.Tensor): number {
  const [some, right] = [one.dataSync<"float32">(), other.dataSync<"float32">()];
  const largest = right.reduce((most, x) => Math.max(most, Math.abs(x)), 1e-3);
  return right.reduce((most, x, i) => Math.max(most, Math.abs(x - some[i]!)), 0) / largest;
}

/** A value and its gradient with respect to each of some tensors, where the value is weighted so that no entry cancels. */
function withGradients(f: (...xs: tf.Tensor[]) => tf.Tensor, xs: tf.Tensor[], weights?: tf.Tensor): tf.Tensor[] {
  const { value, grads } = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
    const y = f(...tensors);
    return tf.sum<tf.Scalar>(weights ? tf.mul(y, weights) : y);
  })(xs);
  return [value, ...grads];
}

function parametersOf(random: Random, units: number, hidden: number): Parameters {
  const config = { ...PRESETS.fast, units, hidden };
  return parametersFrom(initialise(config, random), units, hidden);
}

describe("the fused kernels", () => {
  // Kills: a kernel's source changed and not compiled.
  test("are what their source compiles to", () => {
    const folder = mkdtempSync(join(tmpdir(), "kernels-"));
    compileKernels(join(folder, "kernels.wasm"));
    expect(readFileSync(join(folder, "kernels.wasm")).equals(readFileSync(KERNELS_FILE))).toBe(true);
    rmSync(folder, { recursive: true });
  });

  // Kills, of N1: a bias added twice or not at all, a rectifier left out on the way back, columns beyond the last panel forgotten.
  test("N1: transition and its gradient as it reads, at every size", () => {
    fc.assert(
      fc.property(shapes, ({ units, hidden, timesteps, seed }) => {
        const random = Random.fromSeed(seed);
        const p = parametersOf(random, units, hidden);
        const names = ["A1", "a1", "A2", "a2", "A3", "a3"] as const;
        const [velocities, weights] = [numbers(random, timesteps, 2), numbers(random, timesteps, units, units)];
        const from = (given: tf.Tensor): tf.Tensor[] =>
          withGradients(
            (...tensors) =>
              transition(
                { ...p, ...Object.fromEntries(names.map((name, i) => [name, tensors[i]!])) },
                velocities as tf.Tensor2D,
                0.7,
              ),
            names.map((name) => p[name]),
            given,
          );
        const fair = compareIfFair(from, weights, random);
        tf.dispose([velocities, weights, { ...p }]);
        fc.pre(fair);
      }),
      { numRuns: 60 },
    );
  });

  // Kills, of N3: trajectories that take each other's matrices, a gradient that passes a closed unit or a dead state.
  test("N3: rollout and its gradient as it reads, at every size, with states that die", () => {
    fc.assert(
      fc.property(shapes, fc.boolean(), ({ units, trajectories, timesteps, seed }, permute) => {
        const random = Random.fromSeed(seed);
        const { order } = drawBatch(random, { ...PRESETS.fast, trajectories, timesteps, permute });
        const velocities = permute ? timesteps : trajectories * timesteps;
        const W = tf.add(numbers(random, velocities, units, units), 0);
        const gamma = numbers(random, units);
        const weights = numbers(random, timesteps, trajectories, units);
        const from = (matrices: tf.Tensor): tf.Tensor[] =>
          withGradients(
            (w, g) => rollout(w as tf.Tensor3D, initialState(g as tf.Tensor1D), order),
            [matrices, gamma],
            weights,
          );
        const fair = compareIfFair(from, W, random);
        tf.dispose([W, gamma, weights]);
        fc.pre(fair);
      }),
      { numRuns: 100 },
    );
  });

  // Kills, of L1: pairs of two blocks used for one side only, the mask of another pair, pairs with places that are no states.
  // Kills, of L2: a neighbour of one state only, the last state's neighbours forgotten.
  test("L1 L2: sums over the pairs and their gradients as they read, at every size", () => {
    fc.assert(
      fc.property(size(70), size(200), fc.nat(), fc.constantFrom(0, 0.3, 1, 9), (units, count, seed, sigmaX) => {
        const random = Random.fromSeed(seed);
        const places = Array.from({ length: count }, () => [random.below(16) / 8, random.below(16) / 8]);
        const states = numbers(random, count, units);
        for (const f of [
          (g: tf.Tensor) => farSum(g as tf.Tensor2D, places, sigmaX, 0.9 * Math.sqrt(units)),
          (g: tf.Tensor) => nearSum(g as tf.Tensor2D, places, sigmaX),
        ])
          compare(() => [...withGradients((g) => f(g).sum, [states]), f(states).count]);
        states.dispose();
      }),
      { numRuns: 60 },
    );
  });

  // Kills: moments exchanged, a bias correction of another step, the factor of another tensor, the last numbers of a chunk.
  test("T1 T2: clipping and AdamW as they read, at every size", () => {
    fc.assert(
      fc.property(shapes, fc.constantFrom(0, 0.1, 1e6), fc.integer({ min: 1, max: 50 }), (sizes, clip, count) => {
        compare(() => {
          const random = Random.fromSeed(sizes.seed);
          const p = parametersOf(random, sizes.units, sizes.hidden);
          const like = perParameter((name) => numbers(random, ...p[name].shape)) as Parameters;
          const moments = { first: like, second: perParameter((name) => tf.square(like[name])) as Parameters };
          const { gradients, norm } = clipByGlobalNorm(p, clip);
          const next = adamw(p, gradients, count % 2 ? moments : zeroMoments(p), count, 0.01, {
            ...PRESETS.fast,
            weightDecay: 0.1,
          });
          return [
            norm,
            ...[gradients, next.p, next.moments.first, next.moments.second].flatMap((each) =>
              Object.values(each as unknown as Record<string, tf.Tensor>),
            ),
          ];
        });
      }),
      { numRuns: 30 },
    );
  });

  // Kills: sums whose order depends on which thread comes first.
  test("the number of threads changes no bit", () => {
    const [one, three] = [new Threads(nodePlatform(1)), new Threads(nodePlatform(3))].map((threads) => {
      const [m, n, k] = [37, 4099, 61];
      const random = Random.fromSeed(1);
      const place = (count: number): number => {
        const address = threads.base + used;
        used += 4 * count;
        threads.reach(threads.base + used);
        return address;
      };
      let used = 0;
      const [a, b, parts] = [place(m * n), place(k * n), place(17 * m * k)];
      for (const [address, count] of [
        [a, m * n],
        [b, k * n],
      ] as const)
        threads.floats(address, count).set(Float32Array.from({ length: count }, () => random.normal()));
      for (let run = 0; run < 200; run++) threads.run(KERNEL.dotProducts, 17, m * n * k, [m, k, n, a, b, parts]);
      return Array.from(threads.floats(parts, 17 * m * k));
    });
    expect(three).toEqual(one);
  });

  // Kills: an operand overwritten while it is needed; a tensor taken for another whose place it has.
  test("L5: gradients do not change when the kernels' memory is reused over and over", () => {
    const config = { ...PRESETS.glimpse, units: 37, hidden: 19 };
    const training = Training.start(config);
    const batch = drawBatch(Random.fromSeed(5), config);
    const gradient = (): Float32Array =>
      tf.tidy(() => {
        const { terms, gradients } = lossesAndGradients(training.parameters, batch, config);
        disposeLosses(terms);
        return gradients.A2.dataSync<"float32">();
      });
    const first = gradient();
    for (let turn = 0; turn < 60; turn++) {
      const other = { ...PRESETS.glimpse, trajectories: 3 + turn, timesteps: 5 + (turn % 7) };
      const { velocities, order } = drawBatch(Random.fromSeed(turn), other);
      tf.tidy(() => {
        const p = parametersOf(Random.fromSeed(turn), 40 + turn, 31);
        const states = rollout(transition(p, tf.tensor2d(velocities), 1), initialState(p.gamma), order);
        const flat = tf.reshape<tf.Rank.R2>(states, [-1, 40 + turn]);
        farSum(flat, positions(velocities, order).flat(), 0.1, 0.5);
      });
    }
    expect(gradient()).toEqual(first);
    training.dispose();
  });
});
