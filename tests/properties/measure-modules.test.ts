import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as oracle from "../../spec/oracle-measures.ts";
import { autocorrelogram } from "../../src/measure/autocorrelogram.ts";
import { judge } from "../../src/measure/judge.ts";
import { cluster } from "../../src/measure/modules.ts";
import { smooth } from "../../src/measure/smooth.ts";
import { apart, moduleMaps, nested, noiseMap, placeMap, population } from "../../src/synthetic/maps.ts";
import type { LatticeMap } from "../../src/synthetic/maps.ts";

const BINS = 32;
const BOX = 2;

const number = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });

describe("M8 modules", () => {
  test("clusters are those of the oracle (mutants: single or complete linkage; another cut)", () => {
    fc.assert(
      fc.property(fc.nat(), number(0.1, 0.9), (seed, cut) => {
        const made = { bins: 12, box: 1, orientation: seed % 60, noise: 0.5, seed: seed % 1000 };
        const maps = [
          ...moduleMaps({ ...made, spacing: 0.3 }, 4),
          ...moduleMaps({ ...made, spacing: 0.42 }, 3),
          noiseMap(12, seed),
        ];
        const list = maps.map((map) => autocorrelogram(map, 12));
        const expected = oracle.modules(
          list.map(({ values }) => nested(values)),
          cut,
          2,
        );
        expect(cluster(list, { cut, minimumSize: 2 })).toEqual(expected);
      }),
      { numRuns: 8 },
    );
  });

  test("units that share only the width of their fields are apart (mutant: the central peak compared, too)", () => {
    const list = [1, 2, 3].map((seed) => autocorrelogram(smooth(noiseMap(BINS, seed), BINS, 3), BINS));
    expect(cluster(list, { cut: 0.5, minimumSize: 2 })).toEqual([]);
  });

  test("two modules of known lattices are separated and recovered (mutants: one cluster; smallest first; indices of the active)", () => {
    fc.assert(
      fc.property(fc.nat({ max: 1000 }), number(0, 60), number(0, 0.2), (seed, turn, noise) => {
        const made: LatticeMap = { bins: BINS, box: BOX, spacing: 0.4, orientation: turn, noise, seed: seed + 1 };
        const wide = { ...made, spacing: 0.4 * Math.sqrt(3), orientation: turn + 30, width: 0.1 };
        const silent = new Float64Array(BINS * BINS);
        const maps = [silent, ...moduleMaps(made, 4), silent, ...moduleMaps(wide, 6)];
        const { active, modules, pairs } = judge(population(maps, BOX), { shuffles: 0 });
        expect(active).toBe(10);
        expect(modules.map(({ units }) => units)).toEqual([
          [6, 7, 8, 9, 10, 11],
          [1, 2, 3, 4],
        ]);
        expect(modules.map((module) => module.class)).toEqual(["hexagonal", "hexagonal"]);
        expect(Math.abs(modules[0]!.spacing[0] / wide.spacing - 1)).toBeLessThan(0.03);
        expect(Math.abs(modules[1]!.spacing[0] / made.spacing - 1)).toBeLessThan(0.03);
        expect(apart(modules[1]!.orientation, turn, 60)).toBeLessThan(1.5);
        expect(pairs).toHaveLength(1);
        expect(pairs[0]!.modules).toEqual([0, 1]);
        expect(pairs[0]!.verdict).toBe("nested");
        expect(Math.abs(pairs[0]!.rotation - 30)).toBeLessThan(2);
      }),
      { numRuns: 8 },
    );
  });

  test("units whose order changes keep their modules (mutant: clusters that depend on the order)", () => {
    const made: LatticeMap = { bins: BINS, box: BOX, spacing: 0.45, orientation: 10, noise: 0.2, seed: 5 };
    const maps = [...moduleMaps(made, 4), ...moduleMaps({ ...made, angle: 90, spacing: 0.6 }, 3)];
    const straight = judge(population(maps, BOX), { shuffles: 0 }).modules;
    const reversed = judge(population([...maps].reverse(), BOX), { shuffles: 0 }).modules;
    expect(reversed.map(({ units }) => units.map((unit) => 6 - unit).sort((p, q) => p - q))).toEqual(
      straight.map(({ units }) => units),
    );
    expect(straight.map((module) => module.class)).toEqual(["hexagonal", "square"]);
  });

  test("units of noise, of places anywhere, or constant ones make no module (mutant: a group called a module whatever it shows)", () => {
    const noise = Array.from({ length: 12 }, (_, i) => noiseMap(BINS, i));
    const places = Array.from({ length: 12 }, (_, i) =>
      placeMap(BINS, BOX, [Math.sin(3 * i), Math.sin(7 * i + 1)], 0.2),
    );
    const constant = Array.from({ length: 12 }, (_, i) => new Float64Array(BINS * BINS).fill(i + 1));
    for (const maps of [noise, places, constant]) {
      expect(judge(population(maps, BOX), { shuffles: 0 }).modules).toEqual([]);
    }
  });

  test("a module of fewer units than the minimum is none (mutant: > for >=)", () => {
    const maps = population(moduleMaps({ bins: BINS, box: BOX, spacing: 0.45, orientation: 10 }, 3), BOX);
    expect(judge(maps, { shuffles: 0, minimumSize: 3 }).modules).toHaveLength(1);
    expect(judge(maps, { shuffles: 0, minimumSize: 4 }).modules).toHaveLength(0);
  });

  test("bad options are named (mutant: no check)", () => {
    expect(() => cluster([], { cut: 0, minimumSize: 2 })).toThrow("cut is 0, expected a distance above 0 and up to 2");
    expect(() => cluster([], { cut: 1, minimumSize: 0 })).toThrow(
      "minimumSize is 0, expected a whole number of at least 1",
    );
  });
});
