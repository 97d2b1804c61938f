import fc from "fast-check";
import { xoroshiro128plus } from "pure-rand/generator/XoroShiro";
import { describe, expect, test } from "vitest";
import * as oracle from "../../spec/oracle-measures.ts";
import { autocorrelogram } from "../../src/measure/autocorrelogram.ts";
import { foldedOrientation, shape } from "../../src/measure/classify.ts";
import { correctedGridness } from "../../src/measure/corrected-gridness.ts";
import { gridness } from "../../src/measure/gridness.ts";
import { lattice, latticeOf, reduced } from "../../src/measure/lattice.ts";
import { uniform } from "../../src/measure/random.ts";
import { smooth } from "../../src/measure/smooth.ts";
import { combined, cross, dot, length } from "../../src/measure/vector.ts";
import type { Vector } from "../../src/measure/vector.ts";
import {
  apart,
  latticeMap,
  mapFrom,
  nested,
  noiseMap,
  placeMap,
  polar,
  stripeMap,
  withGaps,
} from "../../src/synthetic/maps.ts";
import type { LatticeMap } from "../../src/synthetic/maps.ts";

const BINS = 40;
const BOX = 2;
const BIN = BOX / BINS;

const RUNS = { numRuns: 12 };

const number = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });

/** What every lattice map has: where it lies and how noisy it is. */
const placed = {
  orientation: number(0, 180),
  phase: fc.tuple(number(-1, 1), number(-1, 1)),
  noise: number(0, 0.3),
  seed: fc.nat(),
};

const hexagonal = fc
  .record({ ...placed, spacing: number(0.35, 0.7) })
  .map((made): LatticeMap => ({ ...made, bins: BINS, box: BOX }));

const sheared = fc
  .record({ ...placed, spacing: number(0.35, 0.6), stretch: number(1.02, 1.3), angle: number(68, 82) })
  .map(({ stretch, ...made }): LatticeMap => ({ ...made, second: made.spacing * stretch, bins: BINS, box: BOX }));

const correlogramOf = (made: LatticeMap) => autocorrelogram(smooth(latticeMap(made), BINS, 1), BINS);

describe("M4 gridness", () => {
  test("agrees with the oracle (mutants: max for min; 60 degrees alone; the central peak left in; no lower bound on annuli)", () => {
    fc.assert(
      fc.property(fc.nat(), number(0.2, 0.4), number(60, 90), number(0, 0.4), (seed, spacing, angle, noise) => {
        const map = latticeMap({ bins: 16, box: 1, spacing, angle, orientation: seed % 60, noise, seed });
        const correlogram = autocorrelogram(withGaps(map, 0.05, seed), 16);
        expect(gridness(correlogram).score).toBeCloseTo(oracle.gridness(nested(correlogram.values)), 8);
      }),
      { numRuns: 10 },
    );
  });

  test("is above 1 for a hexagonal lattice and does not change when that turns by 60 degrees (mutant: one rotation left out)", () => {
    fc.assert(
      fc.property(hexagonal, (made) => {
        const still = { ...made, noise: 0 };
        const { score } = gridness(correlogramOf(still));
        expect(score).toBeGreaterThan(1);
        const turned = gridness(correlogramOf({ ...still, orientation: made.orientation + 60 })).score;
        expect(turned).toBeCloseTo(score, 6);
      }),
      RUNS,
    );
  });

  test("is below -0.5 for square lattices, and low for stripes (mutants: max(60, 120) - min(30, 90, 150); annuli of any width)", () => {
    fc.assert(
      fc.property(number(0.35, 0.7), number(0, 90), (spacing, orientation) => {
        const square = latticeMap({ bins: BINS, box: BOX, spacing, angle: 90, orientation });
        expect(gridness(autocorrelogram(square, BINS)).score).toBeLessThan(-0.5);
        const stripes = stripeMap(BINS, BOX, spacing, orientation);
        expect(gridness(autocorrelogram(stripes, BINS)).score).toBeLessThan(0.3);
      }),
      RUNS,
    );
  });

  test("is NaN where there is no periodicity to score (mutant: -Infinity or 0 for an empty sample)", () => {
    expect(gridness(autocorrelogram(new Float64Array(BINS * BINS).fill(2), BINS)).score).toBeNaN();
  });
});

describe("M5 ellipse-corrected gridness", () => {
  test("makes a sheared lattice as good as a hexagonal one (mutants: the ellipse's inverse; axes exchanged)", () => {
    fc.assert(
      fc.property(sheared, (made) => {
        const correlogram = correlogramOf({ ...made, noise: 0 });
        const found = lattice(correlogram, BIN)!;
        expect(correctedGridness(correlogram, found)).toBeGreaterThan(0.9);
        expect(correctedGridness(correlogram, found)).toBeGreaterThan(gridness(correlogram).score);
      }),
      RUNS,
    );
  });

  test("changes a hexagonal lattice's gridness by less than 0.1 (mutant: the ellipse not scaled to its own area)", () => {
    fc.assert(
      fc.property(hexagonal, (made) => {
        const correlogram = correlogramOf({ ...made, noise: 0 });
        const found = lattice(correlogram, BIN)!;
        expect(Math.abs(correctedGridness(correlogram, found) - gridness(correlogram).score)).toBeLessThan(0.1);
      }),
      RUNS,
    );
  });
});

describe("M6 lattice", () => {
  test("a hexagonal lattice is recovered (mutants: no sub-bin peaks; no fit to all peaks; bins for metres; y downwards)", () => {
    fc.assert(
      fc.property(hexagonal, (made) => {
        const found = lattice(correlogramOf(made), BIN)!;
        for (const spacing of found.spacing) expect(Math.abs(spacing / made.spacing - 1)).toBeLessThan(0.03);
        expect(Math.abs(found.angle - 60)).toBeLessThan(2.5);
        expect(apart(foldedOrientation(found, "hexagonal"), made.orientation, 60)).toBeLessThan(1.5);
        expect(found.ellipticity).toBeLessThan(1.05);
      }),
      RUNS,
    );
  });

  test("a sheared lattice is recovered (mutants: the mirror image; a and b exchanged; the acute angle lost)", () => {
    fc.assert(
      fc.property(sheared, (made) => {
        const found = lattice(correlogramOf(made), BIN)!;
        const truth = latticeOf(
          polar(made.spacing, made.orientation),
          polar(made.second!, made.orientation + made.angle!),
        );
        found.spacing.forEach((spacing, i) => {
          expect(Math.abs(spacing / truth.spacing[i]! - 1)).toBeLessThan(0.04);
        });
        expect(Math.abs(found.angle - truth.angle)).toBeLessThan(2.5);
        expect(Math.abs(found.ellipticity / truth.ellipticity - 1)).toBeLessThan(0.05);
      }),
      RUNS,
    );
  });

  test("agrees with the oracle (mutants: another smoothing; another threshold of peaks; one fit only)", () => {
    fc.assert(
      fc.property(fc.nat(), number(0.22, 0.4), number(60, 90), (seed, spacing, angle) => {
        const map = latticeMap({ bins: 20, box: 1, spacing, angle, orientation: seed % 180, noise: 0.2, seed });
        const correlogram = autocorrelogram(map, 20);
        const found = lattice(correlogram, 1 / 20);
        const expected = oracle.lattice(nested(correlogram.values), 1 / 20);
        expect(found === undefined).toBe(expected === undefined);
        if (found === undefined || expected === undefined) return;
        expect(found.angle).toBeCloseTo(expected.angle, 6);
        expect(found.ellipticity).toBeCloseTo(expected.ellipticity, 6);
        expected.spacing.forEach((spacing, i) => {
          expect(found.spacing[i]).toBeCloseTo(spacing, 8);
        });
      }),
      { numRuns: 8 },
    );
  });

  const vectors = fc
    .tuple(number(0.3, 2), number(0.3, 2), number(0, 360), number(15, 165))
    .map(([first, second, turn, angle]): [Vector, Vector] => [polar(first, turn), polar(second, turn + angle)]);

  test("Gauss's reduction gives the shortest basis of the same lattice (mutants: one round only; floor for round; no swap)", () => {
    fc.assert(
      fc.property(vectors, fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 }), ([v, w], m, n) => {
        const [a, b] = reduced(v, w);
        expect(length(a)).toBeLessThanOrEqual(length(b));
        expect(2 * dot(a, b)).toBeLessThanOrEqual(dot(a, a) * (1 + 1e-9));
        expect(dot(a, b)).toBeGreaterThanOrEqual(0);
        expect(Math.abs(cross(a, b))).toBeCloseTo(Math.abs(cross(v, w)), 8);
        const other = latticeOf(combined(1, v, m, w), combined(n, combined(1, v, m, w), 1, w));
        other.spacing.forEach((spacing, i) => {
          expect(spacing).toBeCloseTo(latticeOf(v, w).spacing[i]!, 8);
        });
      }),
    );
  });

  test("the ellipse of six points is round for hexagonal and sqrt 3 for square ones, turned or not (mutant: no cross term)", () => {
    fc.assert(
      fc.property(number(0.1, 3), number(0, 180), (spacing, turn) => {
        expect(latticeOf(polar(spacing, turn), polar(spacing, turn + 60)).ellipticity).toBeCloseTo(1, 6);
        expect(latticeOf(polar(spacing, turn), polar(spacing, turn + 90)).ellipticity).toBeCloseTo(Math.sqrt(3), 6);
      }),
    );
  });
});

describe("M7 class", () => {
  const classOf = (map: Float64Array) => shape(autocorrelogram(smooth(map, BINS, 1), BINS), BIN);

  test("hexagonal and square lattices are told apart, sheared ones from both (mutants: any one threshold moved by 6 degrees)", () => {
    fc.assert(
      fc.property(hexagonal, number(70, 80), (made, angle) => {
        expect(classOf(latticeMap({ ...made, angle: 60 })).class).toBe("hexagonal");
        expect(classOf(latticeMap({ ...made, angle: 90 })).class).toBe("square");
        expect(classOf(latticeMap({ ...made, angle })).class).toBe("sheared");
        expect(classOf(latticeMap({ ...made, angle: 90, second: 1.25 * made.spacing })).class).toBe("sheared");
      }),
      RUNS,
    );
  });

  test("stripes are told from lattices, with their distance and direction (mutants: along for across; a lattice tried first)", () => {
    fc.assert(
      fc.property(number(0.3, 0.7), number(0, 180), (spacing, turn) => {
        const found = classOf(stripeMap(BINS, BOX, spacing, turn));
        expect(found.class).toBe("stripe");
        expect(Math.abs(length(found.stripe!) / spacing - 1)).toBeLessThan(0.03);
        const direction = (Math.atan2(found.stripe![1], found.stripe![0]) * 180) / Math.PI;
        expect(apart(direction, turn, 180)).toBeLessThan(2);
      }),
      RUNS,
    );
  });

  test("place fields, slopes and constant maps are none (mutants: no least height of peaks; no periodicity asked for)", () => {
    fc.assert(
      fc.property(fc.tuple(number(-0.8, 0.8), number(-0.8, 0.8)), number(0.1, 0.4), (centre, width) => {
        expect(classOf(placeMap(BINS, BOX, centre, width)).class).toBe("none");
        expect(classOf(mapFrom(BINS, BOX, (x, y) => x + width * y)).class).toBe("none");
        expect(classOf(new Float64Array(BINS * BINS).fill(width)).class).toBe("none");
      }),
      RUNS,
    );
  });

  test("noise is seldom a lattice, at most 4 of 60 maps, smoothed by 1 to 3 bins (mutant: no periodicity asked for)", () => {
    const maps = Array.from({ length: 60 }, (_, i) => smooth(noiseMap(BINS, i), BINS, 1 + (i % 3)));
    expect(maps.filter((map) => classOf(map).class !== "none").length).toBeLessThanOrEqual(4);
  });

  test("a lattice longer than two thirds of the box is not called one (mutant: any length)", () => {
    const wide = latticeMap({ bins: BINS, box: BOX, spacing: 0.75 * BOX, orientation: 20, width: 0.1 });
    const found = shape(autocorrelogram(wide, BINS), BIN);
    expect(found.class).toBe("none");
    expect(found.reason).toMatch(/more than two thirds of the box of 2\.00 m: it takes a larger box to tell/);
  });

  test("three fields anywhere are seldom a lattice, at most 4 of 40 (mutant: two peaks of the autocorrelogram taken for one)", () => {
    const generator = xoroshiro128plus(1);
    const anywhere = (): number => BOX * (uniform(generator) - 0.5);
    const lattices = Array.from({ length: 40 }, () => {
      const map = [0, 1, 2].map(() => placeMap(BINS, BOX, [anywhere(), anywhere()], 0.15));
      return classOf(map[0]!.map((_, bin) => map.reduce((sum, one) => sum + one[bin]!, 0))).class;
    }).filter((name) => name !== "none");
    expect(lattices.length).toBeLessThanOrEqual(4);
  });
});
