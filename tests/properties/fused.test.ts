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
import { KernelMemory } from "../../src/fused/memory.ts";
import { Stretches } from "../../src/fused/stretches.ts";
import { drawBatch } from "../../src/model/data.ts";
import { move, type Parameters } from "../../src/model/network.ts";
import { PRESETS, type Config } from "../../src/train/config.ts";
import { initialise } from "../../src/train/initialise.ts";
import { accumulate, adamw, clipByGlobalNorm, zeroIfFinite, zeroMoments } from "../../src/train/optimiser.ts";
import { parametersFrom, perParameter } from "../../src/train/parameters.ts";
import { Random } from "../../src/train/random-source.ts";
import { disposeLosses, lossesAndGradients, Training } from "../../src/train/training.ts";
import { ASSEMBLY, KERNEL_MUTANTS, mutated } from "../mutation/kernels.ts";

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
function compare(work: () => tf.Tensor[], least = 1e-3): void {
  tf.tidy(() => {
    const [got, want] = [work(), asItReads(work)];
    got.forEach((tensor, k) => {
      expect(tensor.shape).toEqual(want[k]!.shape);
      expect(distance(tensor, want[k]!, least), `result ${k}`).toBeLessThan(1e-4);
    });
  });
}

/**
 * Compares the results of a work on an input, as `compare` does, where they are well conditioned. Sums that nearly cancel, and products
 * of random matrices, amplify rounding errors without limit: ten errors of rounding in the input must leave half of the tolerance.
 * False where they do not.
 */
function compareIfFair(
  work: (input: tf.Tensor) => tf.Tensor[],
  input: tf.Tensor,
  random: Random,
  least?: number,
): boolean {
  const fair = tf.tidy(() => {
    const moved = tf.mul(input, tf.add(1, tf.mul(numbers(random, ...input.shape), 1e-6)));
    const [there, beside] = asItReads(() => [work(input), work(moved)] as const);
    return there.every((tensor, k) => distance(beside[k]!, tensor, least ?? 1e-3) < 5e-5);
  });
  if (fair) compare(() => work(input), least);
  return fair;
}

/** The largest difference of two tensors as a share of the largest number of the second, or of the least one that counts. */
function distance(one: tf.Tensor, other: tf.Tensor, least: number): number {
  const [some, right] = [one.dataSync<"float32">(), other.dataSync<"float32">()];
  const largest = right.reduce((most, x) => Math.max(most, Math.abs(x)), least);
  return right.reduce((most, x, i) => Math.max(most, Math.abs(x - some[i]!)), 0) / largest;
}

/** Initial parameters with numbers of any sign in gamma, of which the rectifier of N2 lets about a third through. */
function parametersOf(random: Random, units: number, hidden: number): Parameters {
  const p = parametersFrom(initialise({ ...PRESETS.fast, units, hidden }, random), units, hidden);
  p.gamma.dispose();
  return { ...p, gamma: numbers(random, units) as tf.Tensor1D };
}

/** A batch with settings of the losses at every size; about a third of its trajectories and their gains make states die. */
const steps = fc.record({
  sizes: shapes,
  permute: fc.boolean(),
  share: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
  settings: fc.record({
    sigmaX: fc.constantFrom(0, 0.1, 0.4, 9),
    sigmaG: fc.constantFrom(0.4, 1),
    sigmaS: fc.constantFrom(0, 0.1),
    sigmaC: fc.constantFrom(0.2, 9),
    reduction: fc.constantFrom("mean", "sum"),
    invariancePairs: fc.constantFrom("all", "drawn"),
  }),
});

/** The losses and the gradients of one draw, as a function of A3. */
function stepOf(
  { sizes, permute, share, settings }: typeof steps extends fc.Arbitrary<infer T> ? T : never,
  lambdas: object,
): {
  work: (A3: tf.Tensor) => tf.Tensor[];
  p: Parameters;
  random: Random;
} {
  const { units, hidden, trajectories, timesteps, seed } = sizes;
  const random = Random.fromSeed(seed);
  const none = { lambdaSep: 0, lambdaInv: 0, lambdaCap: 0, lambdaCon: 0 };
  const config = { ...PRESETS.fast, ...sizes, ...settings, permute, ...none, ...lambdas } as Config;
  const p = parametersOf(random, units, hidden);
  const batch = drawBatch(random, config);
  const count = trajectories * timesteps;
  const pairs = share === undefined ? undefined : random.sample(Math.max(1, Math.round(share * count)), count);
  const work = (A3: tf.Tensor): tf.Tensor[] => {
    const { terms, gradients } = lossesAndGradients({ ...p, A3: A3 as tf.Tensor2D }, batch, config, pairs);
    const { conCount, ...scalars } = terms;
    const found = [...Object.values(scalars), tf.scalar(conCount), ...Object.values({ ...gradients })];
    const copies = found.map((t) => tf.mul(t, 1));
    disposeLosses(terms);
    return copies;
  };
  return { work, p, random };
}

describe("the fused kernels", () => {
  // Kills: a kernel's source changed and not compiled.
  test("are what their source compiles to", () => {
    const folder = mkdtempSync(join(tmpdir(), "kernels-"));
    compileKernels(join(folder, "kernels.wasm"));
    expect(readFileSync(join(folder, "kernels.wasm")).equals(readFileSync(KERNELS_FILE))).toBe(true);
    rmSync(folder, { recursive: true });
  });

  // Kills: a mutant of tests/mutation/kernels.ts whose place in a kernel is gone, and which would no longer be tried.
  test("each has a mutant, which `npm run test:mutation -- kernels` tries", () => {
    for (const mutant of Object.values(KERNEL_MUTANTS)) {
      const source = readFileSync(join(ASSEMBLY, mutant.file), "utf8");
      expect(mutated(source, mutant)).not.toBe(source);
    }
    expect(Object.keys(KERNEL_MUTANTS)).toEqual(Object.keys(KERNEL));
  });

  // Kills, of N1: a bias added twice or not at all, a rectifier left out on the way back, columns beyond the last panel forgotten.
  // Kills, of N2: a gamma that is not rectified.
  // Kills, of N3: trajectories that take each other's matrices, a gradient that passes a closed unit or a dead state.
  // Kills, of L1: pairs of two blocks used for one side only, the mask of another pair, pairs with places that are no states.
  // Kills, of L2: a neighbour in another cell forgotten, a pair counted twice where two cells share a list.
  // Kills, of L4: the state before the first forgotten, a step outside of the two speeds counted.
  test.each([
    ["L1", { lambdaSep: 1 }],
    ["L2", { lambdaInv: 1 }],
    ["L3", { lambdaCap: 1 }],
    ["L4", { lambdaCon: 1 }],
    ["L5", { lambdaSep: 0.3, lambdaInv: 0.7, lambdaCap: 1.3, lambdaCon: 0.9 }],
  ])("N1 N2 N3 N4 %s: losses and gradients as they read, at every size", (_, lambdas) => {
    fc.assert(
      fc.property(steps, (drawn) => {
        const { work, p, random } = stepOf(drawn, lambdas);
        const fair = compareIfFair(work, p.A3, random, 0.05);
        tf.dispose({ ...p });
        fc.pre(fair);
      }),
      { numRuns: 40 },
    );
  });

  // Kills: a walker that takes another's matrix or state; units beyond the last vector forgotten.
  test("N1 N3: a walker's step as it reads, at every size", () => {
    fc.assert(
      fc.property(shapes, ({ units, hidden, trajectories, seed }) => {
        const random = Random.fromSeed(seed);
        const p = parametersOf(random, units, hidden);
        const [velocities, g] = [numbers(random, trajectories, 2), numbers(random, trajectories, 1, units)];
        const from = (states: tf.Tensor): tf.Tensor[] => [
          move(p, velocities as tf.Tensor2D, 0.7, states as tf.Tensor3D),
        ];
        const fair = compareIfFair(from, g, random);
        tf.dispose([velocities, g, { ...p }]);
        fc.pre(fair);
      }),
      { numRuns: 60 },
    );
  });

  // Kills: moments exchanged, a bias correction of another step, the factor of another tensor, the last numbers of a chunk.
  // Kills, of T3: a batch left out, a sum for a mean.
  test("T1 T2 T3: means, clipping and AdamW as they read, at every size", () => {
    fc.assert(
      fc.property(
        shapes,
        fc.constantFrom(0, 0.1, 1e6),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 4 }),
        (sizes, clip, count, batches) => {
          compare(() => {
            const random = Random.fromSeed(sizes.seed);
            const p = parametersOf(random, sizes.units, sizes.hidden);
            const draw = (): Parameters => perParameter((name) => numbers(random, ...p[name].shape)) as Parameters;
            const like = draw();
            const moments = { first: like, second: perParameter((name) => tf.square(like[name])) as Parameters };
            const { gradients, norm } = clipByGlobalNorm(accumulate(Array.from({ length: batches }, draw)), clip);
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
        },
      ),
      { numRuns: 30 },
    );
  });

  // Kills: numbers of a chunk that are not looked at; an infinite sum of numbers that are finite.
  test("T6: one number that is not finite is seen, wherever it stands", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40_000 }),
        fc.nat(),
        fc.constantFrom(1e38, NaN, Infinity),
        (count, at, value) => {
          const values = new Float32Array(count).fill(1e38);
          values[at % count] = value;
          const found = tf.tidy(() => zeroIfFinite(tf.tensor1d(values)).dataSync()[0]);
          expect(found).toBe(Number.isFinite(value) ? 0 : NaN);
        },
      ),
      { numRuns: 60 },
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

  // Kills: a space given away while it is needed; a tensor taken for another whose place it has.
  test("L5: gradients do not change when the kernels' memory is reused over and over", () => {
    const config = { ...PRESETS.glimpse, units: 37, hidden: 19 };
    const training = Training.start(config);
    const gradient = (turn: number, sizes: Partial<Config>): Float32Array =>
      tf.tidy(() => {
        const batch = drawBatch(Random.fromSeed(turn), { ...config, ...sizes });
        const { terms, gradients } = lossesAndGradients(training.parameters, batch, config);
        disposeLosses(terms);
        return gradients.A2.dataSync<"float32">();
      });
    const first = gradient(0, {});
    for (let turn = 1; turn < 60; turn++) gradient(turn, { trajectories: 3 + turn, timesteps: 5 + (turn % 7) });
    expect(gradient(0, {})).toEqual(first);
    training.dispose();
  });
});

describe("the kernels' memory", () => {
  // Kills: two stretches that overlap, a stretch that is lost, neighbours that do not join.
  test("gives no place away twice, and all of it is one again when all is given back", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 5000 }), fc.nat()), { maxLength: 80 }), (turns) => {
        const [start, most] = [4096, 65_536];
        const stretches = new Stretches(start, most);
        const taken = new Map<number, number>();
        for (const [bytes, choice] of turns) {
          const address = choice % 3 === 0 ? undefined : stretches.take(bytes);
          if (address !== undefined) {
            for (const [other, length] of taken)
              expect(address >= other + length || address + bytes <= other).toBe(true);
            expect(address >= start && address + bytes <= most).toBe(true);
            taken.set(address, bytes);
          } else if (taken.size > 0) {
            const given = [...taken.keys()][choice % taken.size]!;
            stretches.give(given);
            taken.delete(given);
          }
        }
        expect(stretches.taken).toBe(taken.size);
        for (const address of taken.keys()) stretches.give(address);
        expect(stretches.take(most - start)).toBe(start);
        expect(stretches.take(1)).toBeUndefined();
      }),
    );
  });

  // Kills: a space that is kept after its work, a tensor's that is given back, values lost on the way between two memories.
  test("keeps what a work makes a tensor, also on its way to the engine and back, and nothing else", () => {
    const memory = new KernelMemory(new Threads(nodePlatform(1)));
    const made = memory.during(() => {
      memory.floats([7, 8, 9]);
      return memory.tensor(memory.floats([1, 2, 3, 4]), [2, 2]);
    });
    expect(memory.taken).toBe(1);
    expect(Array.from(made.dataSync())).toEqual([1, 2, 3, 4]);
    const reshaped = tf.reshape(made, [4]);
    expect(memory.taken).toBe(0);
    made.dispose();
    const doubled = tf.mul(reshaped, 2);
    const read = memory.during(() => Array.from(memory.threads.floats(memory.of(doubled), 4)));
    expect(read).toEqual([2, 4, 6, 8]);
    expect(memory.taken).toBe(1);
    expect(Array.from(tf.add(doubled, reshaped).dataSync())).toEqual([3, 6, 9, 12]);
    tf.dispose([reshaped, doubled]);
    expect(memory.taken).toBe(0);
  });
});
