import fc from "fast-check";
import { xoroshiro128plus } from "pure-rand/generator/XoroShiro";
import { describe, expect, test } from "vitest";
import { autocorrelogram } from "../../src/measure/autocorrelogram.ts";
import { gridness } from "../../src/measure/gridness.ts";
import { judge } from "../../src/measure/judge.ts";
import { fields, shuffleFields } from "../../src/measure/field-shuffle.ts";
import { percentile } from "../../src/statistics/statistics.ts";
import { smooth } from "../../src/measure/smooth.ts";
import { latticeMap, moduleMaps, noiseMap, placeMap, population, withGaps } from "../../src/synthetic/maps.ts";

const made = fc.record({
  bins: fc.integer({ min: 2, max: 12 }),
  seed: fc.nat(),
  gaps: fc.double({ min: 0, max: 0.6, noNaN: true }),
});

describe("M10 null", () => {
  test("a shuffle moves every rate and makes none (mutants: overwriting; rates lost at the edge; NaN filled)", () => {
    fc.assert(
      fc.property(made, ({ bins, seed, gaps }) => {
        const map = withGaps(smooth(noiseMap(bins, seed), bins, 1), gaps, seed + 1);
        const shuffled = shuffleFields(map, bins, xoroshiro128plus(seed));
        expect(Float64Array.from(shuffled).sort()).toEqual(Float64Array.from(map).sort());
        expect(Array.from(shuffled, Number.isNaN)).toEqual(Array.from(map, Number.isNaN));
      }),
    );
  });

  test("fields part the visited bins, each around its highest (mutants: bins in two fields; a field without its peak)", () => {
    fc.assert(
      fc.property(made, ({ bins, seed, gaps }) => {
        const map = withGaps(smooth(noiseMap(bins, seed), bins, 1), gaps, seed + 1);
        const parts = fields(map, bins);
        const visited = [...map.keys()].filter((bin) => !Number.isNaN(map[bin]));
        expect(parts.flat().sort((p, q) => p - q)).toEqual(visited);
        for (const field of parts) for (const bin of field) expect(map[bin]).toBeLessThanOrEqual(map[field[0]!]!);
      }),
    );
  });

  test("a field keeps its form (mutant: single bins shuffled)", () => {
    const map = placeMap(30, 1, [0, 0], 0.05);
    const peakOf = (rates: Float64Array): number => rates.indexOf(Math.max(...rates));
    const generator = xoroshiro128plus(1);
    let moved = 0;
    for (let i = 0; i < 20; i++) {
      const shuffled = shuffleFields(map, 30, generator);
      const peak = peakOf(shuffled);
      if (peak === peakOf(map) || peak % 30 > 27 || peak >= 28 * 30) continue;
      moved += 1;
      expect(shuffled[peak + 1]).toBeGreaterThan(0.7 * shuffled[peak]!);
      expect(shuffled[peak + 30]).toBeGreaterThan(0.7 * shuffled[peak]!);
    }
    expect(moved).toBeGreaterThan(10);
  });

  test("a grid loses its gridness (mutant: all fields moved by one vector)", () => {
    const map = latticeMap({ bins: 40, box: 2, spacing: 0.5, orientation: 12 });
    const generator = xoroshiro128plus(3);
    const scores = Array.from(
      { length: 20 },
      () => gridness(autocorrelogram(shuffleFields(map, 40, generator), 40)).score,
    );
    expect(gridness(autocorrelogram(map, 40)).score).toBeGreaterThan(1.2);
    expect(percentile(scores, 0.95)).toBeLessThan(0.8);
  });

  test("percentile is the smallest value with that share at or below it (mutants: interpolation; off by one; NaN as highest)", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (sample, share) => {
          const found = percentile(sample, share);
          const atOrBelow = sample.filter((x) => x <= found).length;
          const below = sample.filter((x) => x < found).length;
          expect(atOrBelow).toBeGreaterThanOrEqual(share * sample.length - 1e-9);
          expect(below).toBeLessThan(share * sample.length);
        },
      ),
    );
    expect(percentile([NaN, 1, NaN, 2], 0.5)).toBeNaN();
  });

  test("a hexagonal module stands above its null, the same for one seed (mutants: no shuffle; an unseeded generator)", () => {
    const maps = population(moduleMaps({ bins: 32, box: 2, spacing: 0.45, orientation: 10, noise: 0.1 }, 4), 2);
    const [module] = judge(maps, { shuffles: 20, seed: 7 }).modules;
    expect(module!.null!.shuffles).toBe(20);
    expect(module!.gridness).toBeGreaterThan(module!.null!.gridness!);
    expect(module!.periodicity).toBeGreaterThan(module!.null!.periodicity!);
    expect(judge(maps, { shuffles: 20, seed: 7 }).modules[0]).toEqual(module);
  });
});
