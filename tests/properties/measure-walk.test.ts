import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { walk } from "../../src/measure/walk.ts";

const options = fc.record({
  seed: fc.nat(),
  walkers: fc.integer({ min: 1, max: 6 }),
  steps: fc.integer({ min: 1, max: 60 }),
  box: fc.double({ min: 0.5, max: 5, noNaN: true }),
  share: fc.double({ min: 0.05, max: 0.5, noNaN: true }),
});

const walks = options.map(({ box, share, ...rest }) => ({ ...rest, box, vMax: box * share }));

describe("M1 bounded random walk", () => {
  test("stays in the box and below the largest speed (mutants: no redraw; the box's whole side as its half; vMax u)", () => {
    fc.assert(
      fc.property(walks, (option) => {
        for (const { velocities, positions } of walk(option)) {
          expect(Math.max(...positions.map(Math.abs))).toBeLessThanOrEqual(option.box / 2);
          const speeds = Array.from({ length: option.walkers }, (_, m) =>
            Math.hypot(velocities[2 * m]!, velocities[2 * m + 1]!),
          );
          expect(Math.max(...speeds)).toBeLessThanOrEqual(option.vMax * (1 + 1e-6));
        }
      }),
    );
  });

  test("positions are the sums of velocities from the origin (mutants: a random start; position before the step)", () => {
    fc.assert(
      fc.property(walks, (option) => {
        const sums = new Float64Array(2 * option.walkers);
        for (const { velocities, positions } of walk(option)) {
          positions.forEach((coordinate, i) => {
            sums[i]! += velocities[i]!;
            if (Math.abs(coordinate - sums[i]!) > 1e-5) expect(coordinate).toBe(sums[i]);
          });
        }
      }),
    );
  });

  test("the same options give the same walks, another seed gives others (mutant: a generator shared between walks)", () => {
    fc.assert(
      fc.property(walks, (option) => {
        expect([...walk(option)]).toEqual([...walk(option)]);
        expect([...walk(option)]).not.toEqual([...walk({ ...option, seed: option.seed + 1 })]);
      }),
      { numRuns: 20 },
    );
  });

  test("speeds are those of a uniform disc, headings change smoothly (mutants: speed vMax u; a fresh heading each step)", () => {
    const speeds: number[] = [];
    const turns: number[] = [];
    let before: Float32Array | undefined;
    for (const { velocities } of walk({ seed: 1, walkers: 20, steps: 400, box: 100, vMax: 0.1, turn: 0.3 })) {
      for (let m = 0; m < 20; m++) {
        const [x, y] = [velocities[2 * m]!, velocities[2 * m + 1]!];
        speeds.push(Math.hypot(x, y));
        if (before) turns.push(Math.sin(Math.atan2(y, x) - Math.atan2(before[2 * m + 1]!, before[2 * m]!)));
      }
      before = velocities;
    }
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(speeds)).toBeCloseTo((0.1 * 2) / 3, 2);
    expect(Math.sqrt(mean(turns.map((turn) => turn ** 2)))).toBeCloseTo(0.29, 1);
  });

  test("bad options are named (mutant: no check)", () => {
    const good = { seed: 0, walkers: 1, steps: 1, box: 1, vMax: 0.1 };
    const first = (option: typeof good): unknown => walk(option).next();
    expect(() => first({ ...good, walkers: 0 })).toThrow("walkers is 0, expected a whole number of at least 1");
    expect(() => first({ ...good, box: -1 })).toThrow("box is -1, expected a positive number of metres");
    expect(() => first({ ...good, vMax: 0.6 })).toThrow("vMax is 0.6, expected at most half the box of 1 m");
    expect(() => first({ ...good, seed: 0.5 })).toThrow("seed is 0.5, expected a whole number");
  });
});
