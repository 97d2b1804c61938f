import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { attemptLengths } from "../../spec/oracle-training.ts";
import { train as oracleTrain } from "../../spec/oracle-training-step.ts";
import type { Batch as OracleBatch, Parameters as OracleParameters } from "../../spec/oracle.ts";
import { openEngine } from "../../src/backend/engines.ts";
import { drawBatch } from "../../src/model/data.ts";
import type { Parameters } from "../../src/model/network.ts";
import { parameterShapes, perParameter, type ParameterName } from "../../src/train/parameters.ts";
import { loadCheckpoint } from "../../src/train/checkpoint.ts";
import { PRESETS, type Config } from "../../src/train/config.ts";
import { initialise } from "../../src/train/initialise.ts";
import { accumulate, adamw, clipByGlobalNorm, zeroMoments } from "../../src/train/optimiser.ts";
import { Random } from "../../src/train/random-source.ts";
import { readMetrics } from "../../src/train/metrics-file.ts";
import { Run } from "../../src/train/run.ts";
import {
  freshPlateau,
  reduceOnPlateau,
  settingsAt,
  warmupCosine,
  warmupShare,
  type Knot,
} from "../../src/train/schedule.ts";
import { Training } from "../../src/train/training.ts";

const tiny: Config = {
  ...PRESETS.fast,
  steps: 14,
  attempts: 1,
  acceptanceCriteria: [],
  trajectories: 4,
  timesteps: 6,
  curriculum: [{ at: 0.125, timesteps: 3, sigmaG: 0.6, lambdaCap: 0.15 }, { at: 0.375, lambdaInv: 0.4 }, { at: 0.5 }],
  units: 8,
  hidden: 6,
  pairStates: 10,
  warmup: 3,
  checkpointEvery: 5,
  logEvery: 4,
};

let folder = "";
beforeAll(async () => {
  await openEngine(undefined);
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sic-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Trains in `folder`/name, and in as many pieces as there are stops. */
async function train(name: string, config: Config, ...stops: number[]): Promise<string> {
  const out = join(folder, name);
  let run = await Run.start(out, config);
  for (const stop of stops) {
    expect(await run.go({ shouldStop: () => run.attempts.step >= stop })).toBe(false);
    run.close();
    run = Run.resume(out);
  }
  expect(await run.go()).toBe(true);
  run.close();
  return out;
}

/** Flat parameters as the oracle takes them: matrices as lists of rows. */
function nested(values: Record<ParameterName, Float32Array>, { units, hidden }: Config): OracleParameters {
  const shapes = parameterShapes(units, hidden);
  return perParameter((name) => {
    const [rows, width] = shapes[name] as [number, number | undefined];
    const list = Array.from(values[name]);
    return width === undefined ? list : Array.from({ length: rows }, (_, i) => list.slice(i * width, (i + 1) * width));
  }) as unknown as OracleParameters;
}

const sum = (list: number[]): number => list.reduce((a, b) => a + b, 0);
const mean = (list: number[]): number => sum(list) / list.length;

describe("T training", () => {
  // Kills, in the loop itself: the bias correction or the warm-up a step off, the plateau told before the step, clipping before the mean,
  // T or the pairs of another step, decay at the bare rate.
  test.each([
    ["cosine, accumulation", { ...tiny, accumulate: 2 }],
    ["plateau, no permutation", { ...tiny, schedule: "plateau", plateauPatience: 0, permute: false, pairStates: 0 }],
    ["constant, unclipped", { ...tiny, schedule: "constant", clipNorm: 0 }],
  ] as [string, Config][])("T1 T2 T3 T4 T5 T6 a training takes the oracle's steps (%s)", async (_, change) => {
    const config = { ...change, learningRate: 0.01, weightDecay: 0.5, epsilon: 0.01, plateauThreshold: 0.5 };
    const training = Training.start(config);
    const start = await training.state();
    const random = Random.fromState(start.random);
    const draw = (step: number): OracleBatch => {
      const { timesteps } = settingsAt(step, config.steps, config, config.curriculum);
      const { velocities, order } = drawBatch(random, { ...config, timesteps });
      const states = config.trajectories * timesteps;
      const some = config.pairStates > 0 && config.pairStates < states;
      return { velocities, order, ...(some && { pairs: [...random.sample(config.pairStates, states)] }) };
    };
    const batches = Array.from({ length: 8 }, (_, step) => Array.from({ length: config.accumulate }, () => draw(step)));
    const expected = oracleTrain(nested(start.parameters, config), batches, config);
    for (const report of expected.reports) {
      const got = await training.advance();
      expect(got.learningRate).toBeCloseTo(report.learningRate, 12);
      expect(Math.abs(got.gradientNorm / report.gradientNorm - 1)).toBeLessThan(1e-4);
      for (const term of ["total", "sep", "inv", "cap", "con"] as const)
        expect(got[term], term).toBeCloseTo(report.losses.reduce((s, l) => s + l[term], 0) / report.losses.length, 4);
    }
    const reached = nested((await training.state()).parameters, config);
    training.dispose();
    for (const [name, values] of Object.entries(expected.parameters) as [ParameterName, number[][] | number[]][])
      values.flat().forEach((x, i) => {
        expect(Math.abs(x - reached[name].flat()[i]!), name).toBeLessThan(1e-4);
      });
  });

  // Kills: a random state, a moment, the plateau, the step count or the metrics' window lost on the way.
  test.each([
    ["cosine", tiny],
    [
      "plateau, accumulation, no permutation",
      { ...tiny, schedule: "plateau", plateauPatience: 1, accumulate: 2, permute: false, pairStates: 0 },
    ],
    ["three attempts", { ...tiny, steps: 9, attempts: 3, acceptanceCriteria: [{ at: 0.5, term: "sep", most: -1 }] }],
  ] as [string, Config][])(
    "T1 T2 T3 T4 T5 T6 T8 a resumed run ends as an uninterrupted one, bit for bit (%s)",
    async (_, config) => {
      const whole = await train("whole", config);
      const pieces = await train("pieces", config, 3, 9);
      const [a, b] = [loadCheckpoint(whole), loadCheckpoint(pieces)];
      expect(b.attempts).toEqual(a.attempts);
      expect(readFileSync(join(pieces, "metrics.jsonl"), "utf8")).toBe(
        readFileSync(join(whole, "metrics.jsonl"), "utf8"),
      );
    },
  );

  // Kills: metrics of a crash after the last checkpoint written twice.
  test("after a crash a run goes on from its last checkpoint and drops the metrics behind it", async () => {
    const whole = await train("whole", tiny);
    const out = join(folder, "crashed");
    const run = await Run.start(out, tiny);
    const crash = run.go({
      onStep(step) {
        if (step === 9) throw new Error("power cut");
      },
    });
    await expect(crash).rejects.toThrow("power cut");
    run.close();
    writeFileSync(join(out, "metrics.jsonl"), `${readFileSync(join(out, "metrics.jsonl"), "utf8")}{"step":9,"to`);
    const again = Run.resume(out);
    expect(again.attempts.step).toBe(5);
    await again.go();
    again.close();
    expect(loadCheckpoint(out).attempts).toEqual(loadCheckpoint(whole).attempts);
    expect(readFileSync(join(out, "metrics.jsonl"), "utf8")).toBe(readFileSync(join(whole, "metrics.jsonl"), "utf8"));
  });

  // Kills: an attempt that goes on with the draws, moments, schedule, plateau or sums of the one before; means over too many or too few
  // steps, at the wrong step, of another term; a bound that is turned round; an attempt that goes on although it was rejected; a last one
  // that does not.
  test.each([
    ["cosine", { ...tiny, attempts: 3, logEvery: 1 }],
    ["plateau", { ...tiny, attempts: 3, logEvery: 1, steps: 110, schedule: "plateau" }],
  ] as [string, Config][])(
    "T8 attempts are trainings by themselves, rejected at criteria that they do not meet (%s)",
    async (_, config) => {
      const alone = await Promise.all(
        [0, 1, 2].map(async (k) => {
          const single = await train(`alone-${k}`, { ...config, seed: config.seed + 1000 * k, attempts: 1 });
          const lines = readMetrics(join(single, "metrics.jsonl"));
          return { lines, parameters: loadCheckpoint(single).attempts.training.parameters };
        }),
      );
      const criterionWindow = Math.max(1, Math.floor(config.steps / 50));
      for (const [at, term] of [
        [0.5, "inv"],
        [0.7, "total"],
      ] as const) {
        const end = Math.round(at * config.steps);
        const means = alone.map(({ lines }) => mean(lines.slice(end - criterionWindow, end).map((line) => line[term])));
        const sorted = means.toSorted((a, b) => a - b);
        const [low, high] = [(sorted[0]! + sorted[1]!) / 2, (sorted[1]! + sorted[2]!) / 2];
        for (const bound of [
          { least: low },
          { most: high },
          { most: low },
          { least: high },
          { least: low, most: high },
        ]) {
          const acceptanceCriteria = [{ at: 0.2, term: "con", least: -1 } as const, { at, term, ...bound }];
          const made = attemptLengths(
            alone.map(({ lines }) => lines),
            acceptanceCriteria,
          );
          const out = await train(`${term}-${JSON.stringify(bound)}`, { ...config, acceptanceCriteria });
          const last = made.length - 1;
          const { rejectedAttempts, training } = loadCheckpoint(out).attempts;
          expect(rejectedAttempts.map(({ steps }) => steps)).toEqual(made.slice(0, -1));
          rejectedAttempts.forEach((rejected, k) => {
            expect(rejected).toMatchObject({ seed: config.seed + 1000 * k, at, term });
            expect(rejected.mean).toBeCloseTo(means[k]!, 9);
          });
          expect(training.parameters).toEqual(alone[last]!.parameters);
          const before = sum(made.slice(0, -1));
          expect(readMetrics(join(out, "metrics.jsonl")).slice(before)).toEqual(
            alone[last]!.lines.map((line) => ({ ...line, step: line.step + before })),
          );
        }
      }
    },
  );

  // Kills: any tensor that a step makes and does not dispose of.
  test("the tensor count is flat over 200 steps", async () => {
    const training = Training.start({ ...tiny, steps: 201, weightDecay: 0.01 });
    await training.advance();
    const before = tf.memory().numTensors;
    for (let i = 0; i < 200; i++) await training.advance();
    expect(tf.memory().numTensors).toBe(before);
    training.dispose();
    expect(tf.memory().numTensors).toBe(before - 21);
  });

  // Kills: an update with NaN, a checkpoint written after it, an error that does not say which term.
  test("a loss that is not finite stops the run, names the term and the step, and keeps the last good checkpoint", async () => {
    const out = join(folder, "explodes");
    const run = await Run.start(out, { ...tiny, learningRate: 1e37, warmup: 0, clipNorm: 0, checkpointEvery: 1 });
    await expect(run.go()).rejects.toThrow(
      /^(\w+) (is (NaN|-?Infinity)|has a value that is not finite) at step \d+; expected finite numbers$/,
    );
    const step = run.attempts.step;
    run.close();
    const kept = loadCheckpoint(out).attempts.training;
    expect(kept.step).toBe(step);
    for (const values of Object.values(kept.parameters)) expect(values.every(Number.isFinite)).toBe(true);
    expect(readdirSync(join(out, "checkpoints")).filter((name) => name.includes("partial"))).toEqual([]);
  });

  // Kills: a step that does not follow the gradient's sign; with the rest it holds the loop together.
  test("losses fall: a short training ends lower than it started", async () => {
    const training = Training.start({
      ...PRESETS.glimpse,
      steps: 60,
      timesteps: 10,
      trajectories: 8,
      units: 16,
      warmup: 5,
      learningRate: 2e-3,
    });
    const totals: number[] = [];
    for (let i = 0; i < 60; i++) totals.push((await training.advance()).total);
    training.dispose();
    expect(mean(totals.slice(-10))).toBeLessThan(mean(totals.slice(0, 10)) - 0.1);
  });

  // Kills: seeds that share their draws, an initialisation that is not reproducible.
  test("T7 one seed gives one network, two seeds give two", () => {
    const weights = (seed: number): number[] => Array.from(initialise({ ...tiny, seed }, Random.fromSeed(seed)).A3);
    expect(weights(1)).toEqual(weights(1));
    expect(weights(1)).not.toEqual(weights(2));
  });

  // Kills: identity on the wrong diagonal, the last layer's gain forgotten, a negative gamma.
  test("T7 `identity` starts near W = I with a non-negative gamma; `library` within 1/sqrt(inputs)", () => {
    const near = initialise({ ...tiny, hidden: 25 }, Random.fromSeed(1));
    near.a3.forEach((x, i) => {
      expect(Math.abs(x - (i % (tiny.units + 1) === 0 ? 1 : 0))).toBeLessThanOrEqual(0.1 / 5);
    });
    expect(near.gamma.every((x) => x >= 0)).toBe(true);
    const library = initialise({ ...tiny, hidden: 25, init: "library" }, Random.fromSeed(1));
    for (const name of ["A2", "a2", "A3", "a3"] as const) {
      const largest = Math.max(...library[name].map(Math.abs));
      expect(largest).toBeLessThanOrEqual(1 / 5);
      expect(largest).toBeGreaterThan(0.5 / 5);
    }
  });
});

const list = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 1, maxLength: 4 });
const asParameters = (values: number[]): Parameters => perParameter(() => tf.tensor1d(values)) as unknown as Parameters;

describe("T optimiser and schedule", () => {
  // Kills: clipping tensor by tensor, a norm over one tensor, scaling up of small gradients.
  test("T2 clipping scales all gradients alike, and only when their common norm is above the limit", () => {
    fc.assert(
      fc.property(list, fc.double({ min: 0.1, max: 10, noNaN: true }), (values, clip) => {
        tf.tidy(() => {
          const { gradients, norm } = clipByGlobalNorm(asParameters(values), clip);
          const expected = Math.sqrt(7) * Math.hypot(...values);
          const got = gradients.A1.dataSync();
          expect(norm.dataSync()[0]).toBeCloseTo(expected, 4);
          values.forEach((x, i) => {
            expect(got[i]).toBeCloseTo(x * Math.min(1, clip / Math.max(expected, 1e-30)), 4);
          });
        });
      }),
      { numRuns: 30 },
    );
  });

  // Kills: a sum for the mean.
  test("T3 accumulated gradients are the mean of the batches'", () => {
    tf.tidy(() => {
      const mean = accumulate([asParameters([1, 2]), asParameters([3, 6])]);
      expect(Array.from(mean.gamma.dataSync())).toEqual([2, 4]);
    });
  });

  // Kills: a missing bias correction, decay coupled into the gradient, decay without the learning rate, eps inside the root.
  test("T1 a first step of AdamW moves by lr g / (|g| + eps) and shrinks by lr wd", () => {
    fc.assert(
      fc.property(list, fc.constantFrom(0, 0.1), (values, weightDecay) => {
        tf.tidy(() => {
          const settings = { beta1: 0.9, beta2: 0.999, epsilon: 0.5, weightDecay };
          const p = asParameters(values.map(() => 2));
          const got = adamw(p, asParameters(values), zeroMoments(p), 1, 0.1, settings).p.A2.dataSync();
          values.forEach((g, i) => {
            expect(got[i]).toBeCloseTo(2 * (1 - 0.1 * weightDecay) - (0.1 * g) / (Math.abs(g) + 0.5), 5);
          });
        });
      }),
      { numRuns: 30 },
    );
  });

  // Kills: a schedule off by one, a floor added instead of blended.
  test("T4 warm-up rises to 1 in `warmup` steps, the cosine ends at its floor", () => {
    expect(warmupShare(0, 500)).toBe(1 / 500);
    expect(warmupShare(499, 500)).toBe(1);
    expect(warmupShare(0, 0)).toBe(1);
    expect(warmupCosine(0, 1000, 0, 0.05)).toBe(1);
    expect(warmupCosine(500, 1000, 0, 0.05)).toBeCloseTo(0.525, 12);
    expect(warmupCosine(1000, 1000, 0, 0.05)).toBeCloseTo(0.05, 12);
  });

  // Kills: patience off by one, a wait that is not reset, an improvement smaller than the threshold that counts.
  test("T5 the rate falls after more than `patience` steps without improvement", () => {
    const settings = { factor: 0.5, patience: 2, threshold: 0.1 };
    let state = freshPlateau;
    const factors = [1, 0.95, 0.8, 0.79, 0.78, 0.77, 0.76, 0.5].map(
      (loss) => (state = reduceOnPlateau(state, loss, settings)).factor,
    );
    expect(factors).toEqual([1, 1, 1, 1, 1, 0.5, 0.5, 0.5]);
    expect(state).toEqual({ factor: 0.5, best: 0.5, waited: 0 });
  });

  // Kills: rounding up, a curriculum that starts at once, one that never reaches its end, a jump a step late, values kept from the last knot.
  test("T6 settings go on straight lines from knot to knot, T in whole numbers", () => {
    const own = { timesteps: 60, sigmaG: 0.5, lambdaInv: 0.125, lambdaCap: 0.5 };
    const along = (steps: number[], curriculum: Knot[]): number[][] =>
      steps.map((step) => Object.values<number>(settingsAt(step, 100, own, curriculum)));
    const growing = [{ at: 0.25, timesteps: 20, sigmaG: 1 }, { at: 0.75 }];
    expect(along([0, 24, 25, 26, 50, 74, 75, 99], growing).map(([timesteps]) => timesteps)).toEqual([
      20, 20, 20, 20, 40, 59, 60, 60,
    ]);
    expect(along([25, 50, 75, 99], growing).map((values) => values.slice(1))).toEqual([
      [1, 0.125, 0.5],
      [0.75, 0.125, 0.5],
      [0.5, 0.125, 0.5],
      [0.5, 0.125, 0.5],
    ]);
    const jump = [
      { at: 0.5, lambdaInv: 1 },
      { at: 0.5, lambdaCap: 0 },
    ];
    expect(along([0, 49, 50, 99], jump)).toEqual([
      [60, 0.5, 1, 0.5],
      [60, 0.5, 1, 0.5],
      [60, 0.5, 0.125, 0],
      [60, 0.5, 0.125, 0],
    ]);
    expect(along([0, 99], [])).toEqual([Object.values(own), Object.values(own)]);
  });
});
