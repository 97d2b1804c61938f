import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as oracle from "../../spec/oracle-measures.ts";
import { autocorrelogram, autocorrelograms, meanAutocorrelogram } from "../../src/measure/autocorrelogram.ts";
import { nested, noiseMap, population, withGaps } from "../../src/synthetic/maps.ts";

const maps = fc.record({
  bins: fc.integer({ min: 3, max: 9 }),
  seed: fc.nat(),
  gaps: fc.double({ min: 0, max: 0.5, noNaN: true }),
});
const made = maps.map(({ bins, seed, gaps }) => ({ bins, map: withGaps(noiseMap(bins, seed), gaps, seed + 1) }));

function expectSame(values: ArrayLike<number>, expected: ArrayLike<number>, digits: number): void {
  expect(values.length).toBe(expected.length);
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(expected[i])) expect(values[i]).toBeNaN();
    else expect(values[i]).toBeCloseTo(expected[i]!, digits);
  }
}

describe("M3 autocorrelogram", () => {
  test("agrees with the direct sums (mutants: unvisited as 0; means of the whole map; circular shifts; overlap off by one)", () => {
    fc.assert(
      fc.property(made, fc.integer({ min: 4, max: 20 }), ({ bins, map }, overlap) => {
        const expected = oracle.autocorrelogram(nested(map), overlap);
        expectSame(autocorrelogram(map, bins, overlap).values, expected.flat(), 7);
      }),
    );
  });

  test("is its own mirror image, within [-1, 1], and 1 at the zero lag (mutant: covariance without its division)", () => {
    fc.assert(
      fc.property(made, ({ bins, map }) => {
        const { size, values } = autocorrelogram(map, bins, 2);
        expectSame(values, Float64Array.from(values).reverse(), 12);
        for (const value of values) if (!Number.isNaN(value)) expect(Math.abs(value)).toBeLessThanOrEqual(1);
        const middle = values[(size * size - 1) / 2]!;
        if (map.some((rate) => !Number.isNaN(rate)) && !Number.isNaN(middle)) expect(middle).toBeCloseTo(1, 12);
      }),
    );
  });

  test("does not change when rates are scaled and shifted (mutants: mean not taken off; no normalisation)", () => {
    fc.assert(
      fc.property(
        made,
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        fc.double({ min: -50, max: 50, noNaN: true }),
        ({ bins, map }, gain, offset) => {
          const changed = map.map((rate) => gain * rate + offset);
          expectSame(autocorrelogram(changed, bins, 5).values, autocorrelogram(map, bins, 5).values, 6);
        },
      ),
    );
  });

  test("a constant map has none (mutant: 0 / 0 let through as 0 or 1)", () => {
    fc.assert(
      fc.property(fc.double({ min: -10, max: 10, noNaN: true }), (rate) => {
        const { values } = autocorrelogram(new Float64Array(64).fill(rate), 8);
        expect(values.every(Number.isNaN)).toBe(true);
      }),
    );
  });

  test("units with other gaps do not share their overlaps (mutant: the first unit's visits kept for all)", () => {
    const list = [1, 2, 3].map((seed) => withGaps(noiseMap(7, seed), 0.3, seed));
    const all = autocorrelograms(population(list, 1), [2, 0]);
    expectSame(all[0]!.values, autocorrelogram(list[2]!, 7).values, 12);
    expectSame(all[1]!.values, autocorrelogram(list[0]!, 7).values, 12);
  });

  test("a mean leaves out what is undefined (mutant: NaN counted as 0)", () => {
    const mean = meanAutocorrelogram([
      { size: 1, values: Float64Array.of(NaN) },
      { size: 1, values: Float64Array.of(0.5) },
      { size: 1, values: Float64Array.of(0.7) },
    ]);
    expect(mean.values[0]).toBeCloseTo(0.6, 12);
  });
});
