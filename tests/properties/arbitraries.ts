import fc from "fast-check";
import type { Batch } from "../../src/model/data.ts";
import { positions } from "../../src/model/data.ts";
import { parameterShapes, perParameter, type ParameterName } from "../../src/train/parameters.ts";
import { Random } from "../../src/train/random-source.ts";

/** Flat parameter values, and the sizes they belong to. */
export interface RawParameters {
  units: number;
  hidden: number;
  values: Record<ParameterName, number[]>;
}

/** Small networks: weights of the size that training gives them, drawn from a seed so that a counter-example is short to name. */
export function rawParameters(maxUnits = 6, maxHidden = 5): fc.Arbitrary<RawParameters> {
  return fc
    .record({
      units: fc.integer({ min: 2, max: maxUnits }),
      hidden: fc.integer({ min: 1, max: maxHidden }),
      seed: fc.nat(),
    })
    .map(({ units, hidden, seed }) => {
      const random = Random.fromSeed(seed);
      const shapes = parameterShapes(units, hidden);
      const values = perParameter((name) =>
        Array.from({ length: shapes[name].reduce((a, b) => a * b, 1) }, () => Math.fround(0.7 * random.normal())),
      );
      return { units, hidden, values: { ...values, gamma: values.gamma.map(Math.abs) } };
    });
}

/** A coordinate or speed in metres, a multiple of 1/16 m, so that sums and distances are exact in float32, too. */
export function metres(max: number): fc.Arbitrary<number> {
  return fc.integer({ min: -16 * max, max: 16 * max }).map((n) => n / 16);
}

/** Permuted trajectories (D1 to D3): B and T from 1 on. */
export function batches(maxTrajectories = 4, maxTimesteps = 6): fc.Arbitrary<Batch> {
  return fc
    .record({
      velocities: fc.array(fc.tuple(metres(0.5), metres(0.5)), { minLength: 1, maxLength: maxTimesteps }),
      trajectories: fc.integer({ min: 1, max: maxTrajectories }),
      seed: fc.nat(),
    })
    .map(({ velocities, trajectories, seed }) => {
      const random = Random.fromSeed(seed);
      const order = Array.from({ length: trajectories }, () => [
        ...random.sample(velocities.length, velocities.length),
      ]);
      return { velocities, order, positions: positions(velocities, order) };
    });
}
