import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { latticeOf } from "../../src/measure/lattice.ts";
import { relation } from "../../src/measure/relation.ts";
import type { ModuleLattice } from "../../src/measure/relation.ts";
import { foldedOrientation } from "../../src/measure/classify.ts";
import type { Class } from "../../src/measure/classify.ts";
import { combined, cross } from "../../src/measure/vector.ts";
import type { Vector } from "../../src/measure/vector.ts";
import { polar } from "../../src/synthetic/maps.ts";

const number = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });

function module(v: Vector, w: Vector, name: Class): ModuleLattice {
  const lattice = latticeOf(v, w);
  return { lattice, class: name, orientation: foldedOrientation(lattice, name) };
}

const hexagonal = (spacing: number, turn: number): ModuleLattice =>
  module(polar(spacing, turn), polar(spacing, turn + 60), "hexagonal");

const indexOf = (matrix: [[number, number], [number, number]]): number => Math.abs(cross(matrix[0], matrix[1]));

describe("M9 relation of two modules", () => {
  test("sqrt 3 turned by 30 degrees is nested with index 3 (mutants: ratio of areas; rotation not folded; matrix transposed)", () => {
    fc.assert(
      fc.property(number(0.2, 2), number(0, 180), (spacing, turn) => {
        const found = relation(hexagonal(Math.sqrt(3) * spacing, turn + 30), hexagonal(spacing, turn));
        expect(found.verdict).toBe("nested");
        expect(indexOf(found.matrix)).toBe(3);
        expect(found.ratio).toBeCloseTo(Math.sqrt(3), 6);
        expect(found.rotation).toBeCloseTo(30, 4);
        expect(found.misfit).toBeLessThan(1e-6);
      }),
      { numRuns: 40 },
    );
  });

  test("twice the spacing is nested with index 4, not turned (mutants: index 3 alone looked for; signs lost)", () => {
    fc.assert(
      fc.property(number(0.2, 2), number(0, 180), (spacing, turn) => {
        const found = relation(hexagonal(2 * spacing, turn + 60), hexagonal(spacing, turn));
        expect(found.verdict).toBe("nested");
        expect(indexOf(found.matrix)).toBe(4);
        expect(found.rotation).toBeLessThan(1e-4);
      }),
      { numRuns: 40 },
    );
  });

  test("any integer matrix is found, whatever the fine lattice (mutant: coordinates in the coarse lattice's basis)", () => {
    const entry = fc.integer({ min: -3, max: 3 });
    fc.assert(
      fc.property(
        number(60, 90),
        number(1, 1.5),
        fc.tuple(entry, entry, entry, entry),
        (angle, stretch, [k, l, m, n]) => {
          fc.pre(Math.abs(k * n - l * m) > 0);
          const [a, b] = [polar(1, 10), polar(stretch, 10 + angle)];
          const coarse = module(combined(k, a, l, b), combined(m, a, n, b), "sheared");
          const found = relation(coarse, module(a, b, "sheared"));
          expect(found.verdict).toBe("nested");
          expect(indexOf(found.matrix)).toBe(Math.abs(k * n - l * m));
          expect(found.misfit).toBeLessThan(1e-6);
        },
      ),
    );
  });

  test("the matrix gives the coarse vectors up to the misfit (mutants: misfit in metres; the smaller of the two)", () => {
    fc.assert(
      fc.property(number(1, 3), number(0, 60), (ratio, turn) => {
        const coarse = module(polar(ratio, turn), polar(1.2 * ratio, turn + 75), "sheared");
        const fine = hexagonal(0.5, 0);
        const { matrix, misfit, verdict } = relation(coarse, fine);
        const left = [coarse.lattice.a, coarse.lattice.b].map((vector, i) => {
          const [x, y] = combined(
            1,
            vector,
            -1,
            combined(matrix[i]![0], fine.lattice.a, matrix[i]![1], fine.lattice.b),
          );
          return Math.hypot(x, y) / 0.5;
        });
        expect(misfit).toBeCloseTo(Math.max(...left), 8);
        expect(misfit).toBeLessThanOrEqual(1 / Math.sqrt(3) + 1e-9);
        expect(verdict).toBe(misfit <= 0.15 ? "nested" : "independent");
      }),
      { numRuns: 40 },
    );
  });

  test("a ratio of 1.42 turned by 15 degrees is independent (mutant: nested by default)", () => {
    const found = relation(hexagonal(1.42, 15), hexagonal(1, 0));
    expect(found.verdict).toBe("independent");
    expect(found.misfit).toBeGreaterThan(0.15);
  });

  test("chance grows with the misfit and is small for an exact fit (mutants: share of worse fits; turns left out)", () => {
    const exact = relation(hexagonal(2, 0), hexagonal(1, 0));
    const loose = relation(hexagonal(2.1, 3), hexagonal(1, 0));
    expect(exact.chance).toBeLessThan(0.02);
    expect(loose.chance).toBeGreaterThan(exact.chance);
    expect(loose.chance).toBeLessThan(1);
  });
});
