import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rateMap } from "../../spec/oracle-measures.ts";
import { binOf, mapOf, RateMapAccumulator } from "../../src/measure/rate-map.ts";
import { smooth } from "../../src/measure/smooth.ts";
import { nested, noiseMap, withGaps } from "../../src/synthetic/maps.ts";

const visits = fc.integer({ min: 1, max: 4 }).chain((units) =>
  fc.record({
    units: fc.constant(units),
    bins: fc.integer({ min: 1, max: 6 }),
    visits: fc.array(
      fc.record({
        place: fc.tuple(fc.integer({ min: -8, max: 8 }), fc.integer({ min: -8, max: 8 })),
        state: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: units, maxLength: units }),
      }),
      { minLength: 1, maxLength: 30 },
    ),
  }),
);

/** Positions are eighths of a box of 2 m, its edges among them. */
const BOX = 2;

describe("M2 rate map", () => {
  test("agrees with the oracle, NaN and all (mutants: 0 for unvisited; x and y exchanged; the sum for the mean)", () => {
    fc.assert(
      fc.property(visits, ({ units, bins, visits }) => {
        const accumulator = new RateMapAccumulator(units, bins, BOX);
        for (const { place, state } of visits) accumulator.add([place[0] / 8, place[1] / 8], state);
        const maps = accumulator.maps();
        const expected = rateMap(
          visits.map(({ place }) => [place[0] / 8, place[1] / 8]),
          visits.map(({ state }) => state),
          bins,
          BOX,
        );
        expected.forEach((map, unit) => {
          map.flat().forEach((rate, bin) => {
            if (Number.isNaN(rate)) expect(mapOf(maps, unit)[bin]).toBeNaN();
            else expect(mapOf(maps, unit)[bin]).toBeCloseTo(rate, 12);
          });
        });
        expect(accumulator.occupancy.reduce((sum, count) => sum + count, 0)).toBe(visits.length);
      }),
    );
  });

  test("many visits at once are the visits one by one (mutant: states read with the wrong stride)", () => {
    fc.assert(
      fc.property(visits, ({ units, bins, visits }) => {
        const [together, single] = [0, 1].map(() => new RateMapAccumulator(units, bins, BOX)) as [
          RateMapAccumulator,
          RateMapAccumulator,
        ];
        for (const { place, state } of visits) single.add([place[0] / 8, place[1] / 8], state);
        together.add(
          Float32Array.from(visits.flatMap(({ place }) => [place[0] / 8, place[1] / 8])),
          visits.flatMap(({ state }) => state),
        );
        expect(together.maps()).toEqual(single.maps());
      }),
    );
  });

  test("the box's upper edge belongs to the last bin, a place outside is an error (mutants: an extra bin; clamping)", () => {
    expect(binOf(-1, 4, BOX)).toBe(0);
    expect(binOf(-0.5, 4, BOX)).toBe(1);
    expect(binOf(1, 4, BOX)).toBe(3);
    expect(() => binOf(1.01, 4, BOX)).toThrow("position is 1.01, expected within 1 m of the box's centre");
  });

  test("states that do not fit are named (mutant: no check)", () => {
    const accumulator = new RateMapAccumulator(2, 3, BOX);
    expect(() => {
      accumulator.add([0, 0], [1]);
    }).toThrow("states is of length 1, expected 2");
    expect(() => {
      accumulator.add([0, 0], [1, NaN]);
    }).toThrow("state of unit 1 is NaN, expected a finite number");
  });
});

describe("smoothing of maps", () => {
  test("NaN stays NaN and nothing else becomes it (mutants: NaN as 0; NaN spreading)", () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0, max: 2, noNaN: true }), (seed, sigma) => {
        const map = withGaps(noiseMap(9, seed), 0.4, seed);
        const smoothed = smooth(map, 9, sigma);
        smoothed.forEach((value, bin) => {
          expect(Number.isNaN(value)).toBe(Number.isNaN(map[bin]));
        });
      }),
    );
  });

  test("a constant map with gaps stays constant (mutant: weights not divided by those of the bins that are there)", () => {
    const smoothed = smooth(
      withGaps(noiseMap(9, 1), 0.4, 1).map((value) => value * 0 + 3),
      9,
      1.5,
    );
    for (const value of smoothed) if (!Number.isNaN(value)) expect(value).toBeCloseTo(3, 12);
    expect(nested(smoothed)).toHaveLength(9);
  });
});
