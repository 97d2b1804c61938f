import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { gradients as oracleGradients } from "../../spec/oracle-gradients.ts";
import { losses as oracleLosses, type Parameters as OracleParameters } from "../../spec/oracle.ts";
import { openEngine, presentEngines, trainingEngines } from "../../src/backend/engines.ts";
import { InputError } from "../../src/io/error.ts";
import { asItReads } from "../../src/fusable/fusable.ts";
import { drawBatch, positions } from "../../src/model/data.ts";
import { draws } from "../../src/port/draws.ts";
import { parametersFrom, perParameter, type ParameterName } from "../../src/train/parameters.ts";
import { PRESETS, type Config } from "../../src/train/config.ts";
import { initialise } from "../../src/train/initialise.ts";
import { Random } from "../../src/train/random-source.ts";
import { disposeLosses, lossesAndGradients, Training } from "../../src/train/training.ts";

/** A set of parameters, or of gradients, as flat lists. */
function flat(p: OracleParameters): Record<ParameterName, number[]> {
  return perParameter((name) => (p[name] as (number | number[])[]).flat());
}

/** The largest error is at most `tolerance` times the largest magnitude, or times `least` where all are smaller than that. */
function close(what: string, got: ArrayLike<number>, want: number[], tolerance: number, least: number): void {
  const error = Math.max(...want.map((x, i) => Math.abs(x - got[i]!)));
  expect(error, what).toBeLessThanOrEqual(tolerance * Math.max(least, ...want.map(Math.abs)));
}

/** The engines to train on; webgpu wherever it is installed and there is a GPU, or SIC_SOFTWARE_GPU=1. */
const forTraining = await trainingEngines();

/** A training that takes milliseconds a step, with pairs of states that are drawn and many that are near. */
const SHORT: Config = {
  ...PRESETS.glimpse,
  steps: 6,
  timesteps: 10,
  trajectories: 8,
  units: 16,
  hidden: 12,
  pairStates: 60,
};

/** The losses of the engine that was tried first. */
let firstTotals: number[] | undefined;

describe("the choice of an engine", () => {
  // Kills: an engine that is named and silently replaced by another; a fallback that does not say so.
  test("an engine asked for is taken or refused; without one the best present is taken, and the remark tells what is missing", async () => {
    const mend = "tensorflow is not installed: its library is missing or incomplete; `npm run engine` builds it";
    await expect(openEngine("tensorflow", "steps", ["wasm"])).rejects.toThrow(new InputError(mend));
    await expect(openEngine("abacus")).rejects.toThrow(
      '--backend is "abacus"; expected one of webgpu, tensorflow, wasm',
    );
    expect(await openEngine(undefined, "steps", ["wasm"])).toMatchObject({ name: "wasm", remark: mend });
    expect(await openEngine("wasm")).toMatchObject({ name: "wasm", remark: "" });
    expect((await openEngine(undefined)).name).toBe(presentEngines()[0]);
    expect((await openEngine(undefined, "steps")).name).toBe(forTraining[0]);
    await expect(openEngine("webgpu")).rejects.toThrow("walks read every state at once, which WebGPU does not allow");
  });
});

describe.each(forTraining)("engine %s against the oracle", (name) => {
  beforeAll(async () => {
    await openEngine(name, "steps");
  });

  // The seed is fixed: of thousands of draws one is so ill-conditioned that float32 by itself leaves a gradient 1.1e-4 off.
  // Rounding leaves a gradient of 0 up to 5e-5 away from it: L4's slope is up to 2 / ||v||^2 = 512.
  // Kills: any slip in the rollout's or the pairs' own gradient, a lost factor in a loss, a kernel of the engine that is off.
  test("N1 N2 N3 L1 L2 L3 L4 L5: losses to 1e-5, gradients of every parameter to 1e-4", async () => {
    await fc.assert(
      fc.asyncProperty(draws.gradients, async ({ parameters, velocityScale, settings, pairs, ...data }) => {
        const drawn = { ...data, ...(pairs && { pairs }) };
        const expected = oracleLosses(parameters, drawn, velocityScale, settings);
        const slopes = oracleGradients(parameters, drawn, velocityScale, settings);
        const tensors = parametersFrom(flat(parameters), parameters.gamma.length, parameters.a1.length);
        const batch = { ...data, positions: positions(data.velocities, data.order) };
        const config = { ...PRESETS.fast, ...settings, velocityScale };
        const { terms, gradients } = lossesAndGradients(tensors, batch, config, pairs);
        for (const key of ["sep", "inv", "cap", "con", "total"] as const)
          close(key, await terms[key].data(), [expected[key]], 1e-5, 0.25);
        for (const key of ["farCount", "nearCount", "deadStates"] as const)
          expect((await terms[key].data())[0], key).toBe(expected[key]);
        expect(terms.conCount).toBe(expected.conCount);
        disposeLosses(terms);
        for (const [key, want] of Object.entries(flat(slopes)))
          close(`gradient of ${key}`, await gradients[key as ParameterName].data(), want, 1e-4, 1);
        tf.dispose([{ ...tensors }, { ...gradients }]);
      }),
      { numRuns: name === "webgpu" ? 40 : 300, seed: 1 },
    );
  });

  // Kills: sums in changing order, which end in other bits; a state that is read before it is computed.
  test("T1 T2 T3 T6 a resumed training ends as one that was left alone, bit for bit", async () => {
    const whole = Training.start(SHORT);
    for (let step = 0; step < 4; step++) await whole.advance();
    const first = Training.start(SHORT);
    for (let step = 0; step < 2; step++) await first.advance();
    const second = Training.from(SHORT, await first.state());
    for (let step = 0; step < 2; step++) await second.advance();
    expect(await second.state()).toEqual(await whole.state());
    for (const training of [whole, first, second]) training.dispose();
  });

  // Kills: an engine that trains to something else, by a gradient that is a little off in every step.
  test("T1 T2 T3 T6 the losses of a short training are those of the first engine to a thousandth", async () => {
    const training = Training.start({ ...SHORT, steps: 8, warmup: 2, learningRate: 2e-3 });
    const totals: number[] = [];
    for (let step = 0; step < 8; step++) totals.push((await training.advance()).total);
    training.dispose();
    firstTotals ??= totals;
    expect(totals[7]).not.toBeCloseTo(totals[0]!, 2);
    totals.forEach((total, step) => {
      expect(Math.abs(total - firstTotals![step]!), `step ${step}`).toBeLessThan(1e-3);
    });
  });
});

describe.each(presentEngines())("engine %s with its fused kernels", (name) => {
  beforeAll(async () => {
    await openEngine(name, "steps");
  });

  // Kills: pairs that are not far left in a sum over all pairs, a state's pair with itself counted, rows of another block.
  test("L1: over thousands of states as it reads", () => {
    const config = {
      ...PRESETS.fast,
      units: 9,
      hidden: 5,
      trajectories: 50,
      timesteps: 61,
      lambdaInv: 0,
      lambdaCap: 0,
    };
    const random = Random.fromSeed(1);
    const p = parametersFrom(initialise(config, random), config.units, config.hidden);
    const batch = drawBatch(random, config);
    const found = (): Record<string, number[]> =>
      tf.tidy(() => {
        const { terms, gradients } = lossesAndGradients(p, batch, { ...config, lambdaCon: 0 });
        const numbers = [terms.sep, terms.farCount].map((t) => t.dataSync()[0]!);
        disposeLosses(terms);
        const slopes = Object.entries({ ...gradients }).map(([name, t]) => [
          name,
          Array.from((t as tf.Tensor).dataSync()),
        ]);
        return { numbers, ...(Object.fromEntries(slopes) as Record<string, number[]>) };
      });
    const [got, want] = [found(), asItReads(found)];
    expect(got["numbers"]![1]).toBe(want["numbers"]![1]);
    for (const [what, values] of Object.entries(want)) close(what, got[what]!, values, 1e-4, 1e-3);
    tf.dispose({ ...p });
  });
});
