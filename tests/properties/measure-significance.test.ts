import fc from "fast-check";
import { xoroshiro128plus } from "pure-rand/generator/XoroShiro";
import { describe, expect, test } from "vitest";
import type { Bar, Barcode } from "../../src/measure/homology/bar.ts";
import { euclideanDistances, landmarks } from "../../src/measure/homology/landmarks.ts";
import { persistence } from "../../src/measure/homology/persistence.ts";
import { confidence, significance } from "../../src/measure/homology/significance.ts";
import type { Significance } from "../../src/measure/homology/significance.ts";
import type { Cloud } from "../../src/measure/homology/landmarks.ts";
import { wholeBelow } from "../../src/measure/random.ts";
import { cloudOf } from "./clouds.ts";
import type { Shape } from "./clouds.ts";

/** Bars of given lengths, born at 1; in dimension 0 at 0, after the component that lasts. */
function barcodeOf(lengths: number[][]): Barcode {
  return lengths.map((dimension, d) => [
    ...(d === 0 ? [[0, Infinity] satisfies Bar] : []),
    ...dimension.map((length): Bar => (d === 0 ? [0, length] : [1, 1 + length])),
  ]);
}

const dimensionLengths = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 5 });
const barcodes = fc.tuple(dimensionLengths, dimensionLengths, dimensionLengths).map(barcodeOf);

const SAMPLE = 60;

/** The barcode of a cloud's landmarks. */
function barsOf(cloud: Cloud): Barcode {
  return persistence(euclideanDistances(cloud, landmarks(cloud, SAMPLE)), SAMPLE);
}

/** A cloud whose coordinates are shuffled among its points, each coordinate for itself: each keeps its values, and they lose their relation. */
function shuffle({ count, dimensions, values }: Cloud, seed: number): Cloud {
  const generator = xoroshiro128plus(seed);
  const shuffled = Float64Array.from(values);
  for (let k = 0; k < dimensions; k++) {
    for (let i = count - 1; i > 0; i--) {
      const [here, there] = [i * dimensions + k, wholeBelow(generator, i + 1) * dimensions + k];
      [shuffled[here], shuffled[there]] = [shuffled[there]!, shuffled[here]!];
    }
  }
  return { count, dimensions, values: shuffled };
}

describe("M13 bars against a null", () => {
  test("M13: bars count that are longer than the longest of all shuffles (mutants: >= for >; a percentile; births for lengths)", () => {
    fc.assert(
      fc.property(barcodes, fc.array(barcodes, { minLength: 1, maxLength: 4 }), (barcode, shuffled) => {
        significance(barcode, shuffled).forEach(({ lengths, nullLengths, threshold, longer, betti }, d) => {
          const finite = (bars: Bar[]): number[] => bars.map(([birth, death]) => death - birth).filter(Number.isFinite);
          const nulls = shuffled.flatMap((other) => finite(other[d]!));
          expect(lengths).toEqual(finite(barcode[d]!).sort((p, q) => q - p));
          expect(nullLengths).toEqual(shuffled.map((other) => Math.max(0, ...finite(other[d]!))));
          expect(threshold).toBe(Math.max(0, ...nulls));
          const passing = lengths.filter((length) => nulls.every((other) => length > other));
          expect(longer).toBe(passing.length);
          // Each bar over the next one or the threshold, whichever is longer: the widest ratio ends the list.
          const ratios = passing.map((length, i) => length / Math.max(threshold, lengths[i + 1] ?? 0));
          const widest = ratios.indexOf(Math.max(...ratios.filter((ratio) => ratio > 1)));
          expect(betti).toBe(widest + 1 + (d === 0 ? 1 : 0));
        });
      }),
    );
  });

  test("M13: a null that never dies leaves nothing significant (mutant: endless bars left out of the null)", () => {
    const [, loops] = significance(barcodeOf([[], [5]]), [[[[0, Infinity]], [[1, Infinity]]]]);
    expect(loops).toEqual({ lengths: [5], nullLengths: [Infinity], threshold: Infinity, longer: 0, betti: 0 });
  });

  test("M13: confidence is the least share by which the last bar outlasts its rivals (mutants: the first bar; the mean; null or next bar left out)", () => {
    const of = (lengths: number[], threshold: number): Significance => {
      const bars = lengths.map((length): Bar => [0, length]);
      return significance([[], bars], [[[], [[0, threshold]]]])[1]!;
    };
    const points = of([0.1], 0.2);
    expect(confidence([points, of([10, 8, 2], 1)], [1, 2])).toBe(0.75);
    expect(confidence([points, of([10, 8, 2], 4)], [1, 2])).toBe(0.5);
    expect(confidence([points, of([10, 8, 2], 4), of([5], 4)], [1, 2, 1])).toBeCloseTo(0.2);
    expect(confidence([points, of([10, 8], 9)], [1, 2])).toBe(0);
    expect(confidence([points, of([10, 8], 0)], [1, 2])).toBe(1);
    expect(confidence([points, of([10], 1)], [1, 2])).toBe(0);
    expect(confidence([points, of([1, 1], 1)], [1, 0])).toBe(1);
    expect(confidence([points, of([2, 1], 1)], [1, 0])).toBe(0);
    expect(confidence([of([0.3], 0.2), of([10, 8], 0)], [1, 2])).toBe(0);
    expect(confidence([of([5, 0.5], 1), of([4], 1)], [2, 1])).toBe(0.75);
  });

  test("M13: of a torus, a circle, a sphere and noise only the torus is one (mutants: no null; all that pass it counted; dimensions swapped)", () => {
    const seen = (shape: Shape): Significance[] => {
      const cloud = cloudOf({ shape, count: 8 * SAMPLE, seed: 5, noise: 0.03 });
      const shuffled = Array.from({ length: 9 }, (_, k) => barsOf(shuffle(cloud, k)));
      return significance(barsOf(cloud), shuffled);
    };
    const torus = seen("torus");
    expect(confidence(torus, [1, 2, 1])).toBeGreaterThan(0.4);
    expect(torus.map(({ betti }) => betti)).toEqual([1, 2, 1]);
    expect(torus.map(({ longer }) => longer)).toEqual([0, 4, 1]);
    for (const shape of ["circle", "sphere", "noise"] satisfies Shape[]) {
      expect([shape, confidence(seen(shape), [1, 2, 1])]).toEqual([shape, 0]);
    }
  });

  test("M13: bad input is named (mutant: no check)", () => {
    const bars = barcodeOf([[1], [1]]);
    expect(() => significance(bars, [])).toThrow("shuffled is empty, expected at least one barcode");
    expect(() => significance(bars, [bars, bars.slice(1)])).toThrow(
      "dimensions of shuffled[1] is 1, expected 2, as of barcode",
    );
    const seen = significance(bars, [bars]);
    expect(() => confidence(seen, [1, 2, 1])).toThrow("length of betti is 3, expected 2, the number of dimensions");
    expect(() => confidence(seen, [0, 1])).toThrow("betti[0] is 0, expected a whole number of at least 1");
    expect(() => confidence(seen, [1, 0.5])).toThrow("betti[1] is 0.5, expected a whole number of at least 0");
  });
});
