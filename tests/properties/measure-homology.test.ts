import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bettiNumbers } from "../../src/measure/homology/bar.ts";
import { euclideanDistances } from "../../src/measure/homology/landmarks.ts";
import { enclosingRadius, persistence } from "../../src/measure/homology/persistence.ts";
import { bruteBarcode, inOrder } from "./brute-homology.ts";
import { cloudOf } from "./clouds.ts";

/** [n, n], symmetric, 0 on the diagonal, of the n (n - 1) / 2 distances between n points. */
function symmetric(between: readonly number[], n: number): number[] {
  const distances = new Array<number>(n * n).fill(0);
  let k = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) distances[i * n + j] = distances[j * n + i] = between[k++]!;
  }
  return distances;
}

interface Space {
  n: number;
  distances: number[];
}

/** Few points with distances drawn from `distance`; what they may look like does not matter, only their order does. */
function spaces(distance: fc.Arbitrary<number>, most = 8): fc.Arbitrary<Space> {
  return fc.integer({ min: 1, max: most }).chain((n) => {
    const pairs = (n * (n - 1)) / 2;
    return fc
      .array(distance, { minLength: pairs, maxLength: pairs })
      .map((between) => ({ n, distances: symmetric(between, n) }));
  });
}

const anyDistance = fc.double({ min: 0, max: 10, noNaN: true });
const fewValues = fc.integer({ min: 0, max: 4 });
const primes = fc.constantFrom(2, 3, 5, 47);

/** A cloud large enough for all dimensions to have bars. */
const clouds = fc.record({
  shape: fc.constantFrom("torus" as const, "sphere" as const, "noise" as const),
  count: fc.integer({ min: 20, max: 30 }),
  seed: fc.nat(),
});

/** Corners of the regular polytope of 2 k corners, (0 .. +-1 .. 0): a (k - 1)-dimensional sphere between the scales sqrt 2 and 2. */
function crossPolytope(k: number): Space {
  const n = 2 * k;
  const distance = (i: number, j: number): number => (i === j ? 0 : i % k === j % k ? 2 : Math.SQRT2);
  return { n, distances: Array.from({ length: n * n }, (_, pair) => distance(Math.floor(pair / n), pair % n)) };
}

describe("M11 persistent homology", () => {
  test("M11: the bars of few points are those of the boundary matrix (mutants: apparent pairs that are none; clearing; a sign; ties)", () => {
    for (const distance of [anyDistance, fewValues]) {
      fc.assert(
        fc.property(spaces(distance), primes, ({ n, distances }, prime) => {
          expect(persistence(distances, n, { prime }).map(inOrder)).toEqual(bruteBarcode(distances, n, prime));
        }),
        { numRuns: 300 },
      );
    }
  });

  test("M11: a threshold ends the complex: what dies beyond never does (mutants: < for <=; bars beyond it)", () => {
    fc.assert(
      fc.property(spaces(fewValues), primes, fewValues, ({ n, distances }, prime, threshold) => {
        const bars = persistence(distances, n, { prime, threshold });
        expect(bars.map(inOrder)).toEqual(bruteBarcode(distances, n, prime, threshold));
      }),
      { numRuns: 300 },
    );
  });

  test("M11: nothing happens beyond the enclosing radius (mutants: the diameter's half; the largest radius)", () => {
    fc.assert(
      fc.property(clouds, (made) => {
        const distances = euclideanDistances(cloudOf(made));
        const bars = persistence(distances, made.count);
        expect(persistence(distances, made.count, { threshold: Infinity })).toEqual(bars);
        expect(bettiNumbers(bars, enclosingRadius(distances, made.count))).toEqual([1, 0, 0]);
      }),
      { numRuns: 10 },
    );
  });

  test("M11: the order of the points does not matter (mutant: orientations by place in the filtration)", () => {
    fc.assert(
      fc.property(clouds, fc.nat(), primes, (made, step, prime) => {
        const n = made.count;
        const distances = euclideanDistances(cloudOf(made));
        const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => ((i * step) % 31) - ((j * step) % 31));
        const permuted = order.flatMap((i) => order.map((j) => distances[i * n + j]!));
        expect(persistence(permuted, n, { prime })).toEqual(persistence(distances, n, { prime }));
      }),
      { numRuns: 10 },
    );
  });

  test("M11: bars scale with the distances (mutant: squared distances)", () => {
    fc.assert(
      fc.property(clouds, fc.integer({ min: -3, max: 3 }), (made, power) => {
        const distances = euclideanDistances(cloudOf(made));
        const scaled = persistence(
          distances.map((distance) => distance * 2 ** power),
          made.count,
        );
        const expected = persistence(distances, made.count).map((bars) =>
          bars.map(([birth, death]) => [birth * 2 ** power, death * 2 ** power]),
        );
        expect(scaled).toEqual(expected);
      }),
      { numRuns: 10 },
    );
  });

  test("M11: components die at the edges of the minimal spanning tree, one never (mutant: any n - 1 shortest edges)", () => {
    fc.assert(
      fc.property(spaces(fc.double({ min: 0.1, max: 10, noNaN: true }), 20), ({ n, distances }) => {
        const [components] = persistence(distances, n, { maximumDimension: 0 });
        expect(components!.map(([, death]) => death)).toEqual([Infinity, ...primEdges(distances, n)]);
        expect(components!.every(([birth]) => birth === 0)).toBe(true);
      }),
    );
  });

  test("M11: spheres of known scales (mutants: a dimension off by one; classes of dimension 3 in 2)", () => {
    const bars = (k: number): number[][][] => persistence(crossPolytope(k).distances, 2 * k).slice(1);
    expect(bars(2)).toEqual([[[Math.SQRT2, 2]], []]);
    expect(bars(3)).toEqual([[], [[Math.SQRT2, 2]]]);
    expect(bars(4)).toEqual([[], []]);
  });

  test("M11: one point, points in one place (mutants: bars of length 0; an empty complex)", () => {
    expect(persistence([0], 1)).toEqual([[[0, Infinity]], [], []]);
    expect(persistence(new Float64Array(25), 5)).toEqual([[[0, Infinity]], [], []]);
  });

  test("M11: longest bars first (mutant: in the order of the reduction)", () => {
    const lengths = persistence(euclideanDistances(cloudOf({ shape: "torus", count: 60, seed: 1 })), 60).map((bars) =>
      bars.map(([birth, death]) => death - birth),
    );
    for (const dimension of lengths) {
      expect(dimension.length).toBeGreaterThan(5);
      dimension.slice(1).forEach((length, i) => {
        expect(length).toBeLessThanOrEqual(dimension[i]!);
      });
    }
  });

  test("M11: only the dimensions asked for (mutant: all)", () => {
    const { n, distances } = crossPolytope(3);
    const all = persistence(distances, n);
    for (const maximumDimension of [0, 1]) {
      expect(persistence(distances, n, { maximumDimension })).toEqual(all.slice(0, maximumDimension + 1));
    }
  });

  test.each<[string, number[], number, Record<string, number>, string]>([
    ["no points", [], 0, {}, "n is 0, expected a whole number of at least 1"],
    ["too many", [], 2001, {}, "n is 2001, expected at most 2000 points"],
    ["not n * n", [0, 1, 1], 2, {}, "length of distances is 3, expected n * n, 4"],
    ["NaN", [0, NaN, NaN, 0], 2, {}, "distances[1][0] is NaN, expected a finite number of at least 0"],
    ["negative", [0, -1, -1, 0], 2, {}, "distances[1][0] is -1, expected a finite number of at least 0"],
    ["diagonal", [0, 1, 1, 2], 2, {}, "distances[1][1] is 2, expected 0, the distance of a point to itself"],
    ["asymmetric", [0, 1, 3, 0], 2, {}, "distances[1][0] is 3, expected distances[0][1], which is 1"],
    ["dimension", [0], 1, { maximumDimension: 3 }, "maximumDimension is 3, expected 0, 1 or 2"],
    ["no prime", [0], 1, { prime: 15 }, "prime is 15, expected a prime of at most 1021"],
    ["prime of 1", [0], 1, { prime: 1 }, "prime is 1, expected a prime of at most 1021"],
    ["large prime", [0], 1, { prime: 1031 }, "prime is 1031, expected a prime of at most 1021"],
    ["threshold", [0], 1, { threshold: NaN }, "threshold is NaN, expected a distance of at least 0"],
  ])("M11: bad input is named: %s (mutant: no check)", (_, distances, n, options, message) => {
    expect(() => persistence(distances, n, options)).toThrow(message);
  });
});

/** Lengths of the edges of the minimal spanning tree by Prim's algorithm, longest first. */
function primEdges(distances: readonly number[], n: number): number[] {
  const edges: number[] = [];
  const outside = new Map(Array.from({ length: n - 1 }, (_, i) => [i + 1, distances[i + 1]!]));
  while (outside.size > 0) {
    const [nearest, length] = [...outside].reduce((best, next) => (next[1] < best[1] ? next : best));
    edges.push(length);
    outside.delete(nearest);
    outside.forEach((far, point) => outside.set(point, Math.min(far, distances[nearest * n + point]!)));
  }
  return edges.sort((p, q) => q - p);
}
