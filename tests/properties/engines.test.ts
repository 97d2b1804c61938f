import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { gradients as oracleGradients } from "../../spec/oracle-gradients.ts";
import { losses as oracleLosses, type Parameters as OracleParameters } from "../../spec/oracle.ts";
import { openEngine, presentEngines } from "../../src/backend/engines.ts";
import { InputError } from "../../src/error.ts";
import type { LossSettings } from "../../src/model/losses.ts";
import { parameterShapes, parametersFrom, perParameter, type ParameterName } from "../../src/train/parameters.ts";
import { PRESETS } from "../../src/train/config.ts";
import { disposeLosses, lossesAndGradients } from "../../src/train/training.ts";
import { batches, rawParameters, type RawParameters } from "./arbitraries.ts";

const settings: LossSettings = {
  sigmaX: 0.25,
  sigmaG: 0.4,
  sigmaS: 0.05,
  sigmaC: 0.5,
  lambdaSep: 1,
  lambdaInv: 0.1,
  lambdaCap: 0.5,
  lambdaCon: 1,
  reduction: "mean",
};
const VELOCITY_SCALE = 0.15;
/** Where the true gradient is all but 0, float32 leaves this much: some ulps times L4's steepest slope, 2 / ||v||^2 = 512. */
const ROUNDING = 5e-4;

function nested({ units, hidden, values }: RawParameters): OracleParameters {
  const shapes = parameterShapes(units, hidden);
  const rows = (name: ParameterName): number[][] | number[] => {
    const [first, second] = shapes[name];
    return second === undefined
      ? values[name]
      : Array.from({ length: first! }, (_, i) => values[name].slice(i * second, (i + 1) * second));
  };
  return perParameter(rows) as unknown as OracleParameters;
}

describe("the choice of an engine", () => {
  // Kills: an engine that is named and silently replaced by another; a fallback that does not say so.
  test("an engine asked for is taken or refused; without one the best present is taken, and the remark tells what is missing", async () => {
    const mend = "tensorflow is not here: its library has not been built; `npm run engine` builds it";
    await expect(openEngine("tensorflow", "steps", ["wasm"])).rejects.toThrow(new InputError(mend));
    await expect(openEngine("abacus")).rejects.toThrow('--backend is "abacus"; expected one of tensorflow, wasm');
    expect(await openEngine(undefined, "steps", ["wasm"])).toMatchObject({ name: "wasm", remark: mend });
    expect(await openEngine("wasm")).toMatchObject({ name: "wasm", remark: "" });
    expect((await openEngine(undefined)).name).toBe(presentEngines()[0]);
  });
});

describe.each(presentEngines())("engine %s against the oracle", (name) => {
  beforeAll(async () => {
    await openEngine(name);
  });

  // Kills: any slip in the rollout's or the pairs' own gradient, a lost factor in a loss, a kernel of the engine that is off.
  test.each(["mean", "sum"] as const)(
    "N1 N2 N3 L1 L2 L3 L4 L5: losses to 1e-5, gradients of every parameter to 1e-4 (%s)",
    (reduction) => {
      fc.assert(
        fc.property(rawParameters(), batches(), fc.boolean(), fc.nat(), (raw, batch, some, seed) => {
          const states = batch.order.length * batch.order[0]!.length;
          const pairs = some
            ? Array.from({ length: states }, (_, i) => i).filter((i) => (seed >> (i % 20)) & 1)
            : undefined;
          if (pairs?.length === 0) return;
          const asked = { ...settings, reduction };
          const p = nested(raw);
          const expected = oracleLosses(p, { ...batch, ...(pairs && { pairs }) }, VELOCITY_SCALE, asked);
          const slopes = oracleGradients(p, { ...batch, ...(pairs && { pairs }) }, VELOCITY_SCALE, asked);
          tf.tidy(() => {
            const tensors = parametersFrom(raw.values, raw.units, raw.hidden);
            const config = { ...PRESETS.fast, ...asked, velocityScale: VELOCITY_SCALE };
            const { terms, gradients } = lossesAndGradients(tensors, batch, config, pairs);
            for (const key of ["sep", "inv", "cap", "con", "total"] as const) {
              const scale = Math.max(0.1, Math.abs(expected[key]));
              expect(Math.abs(terms[key].dataSync()[0]! - expected[key]), key).toBeLessThanOrEqual(1e-5 * scale);
            }
            for (const key of ["farCount", "nearCount", "deadStates"] as const)
              expect(terms[key].dataSync()[0], key).toBe(expected[key]);
            expect(terms.conCount).toBe(expected.conCount);
            disposeLosses(terms);
            const largest = (v: ArrayLike<number>): number =>
              Array.from(v).reduce((m, x) => Math.max(m, Math.abs(x)), 0);
            const overall = Math.max(...Object.values(slopes).map((s) => largest((s as number[][]).flat())));
            for (const key of Object.keys(raw.values) as ParameterName[]) {
              const want = (slopes[key] as number[][]).flat();
              const got = gradients[key].dataSync();
              const error = largest(want.map((x, i) => x - got[i]!));
              expect(error, `gradient of ${key}`).toBeLessThanOrEqual(1e-4 * largest(want) + 1e-5 * overall + ROUNDING);
            }
          });
        }),
        { numRuns: 60 },
      );
    },
  );
});
