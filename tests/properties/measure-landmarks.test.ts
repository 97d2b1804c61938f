import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { euclideanDistances, landmarks } from "../../src/measure/homology/landmarks.ts";
import type { Cloud } from "../../src/measure/homology/landmarks.ts";

/** Points on a line, on whole numbers: many of them equally far. */
function onLine(places: readonly number[]): Cloud {
  return { count: places.length, dimensions: 1, values: Float64Array.from(places) };
}

const clouds = fc.integer({ min: 1, max: 4 }).chain((dimensions) =>
  fc
    .uniqueArray(fc.tuple(...Array.from({ length: dimensions }, () => fc.integer({ min: -9, max: 9 }))), {
      minLength: 2,
      maxLength: 20,
      selector: (point) => point.join(),
    })
    .map((points): Cloud => ({ count: points.length, dimensions, values: Float64Array.from(points.flat()) })),
);

describe("M12 landmarks", () => {
  test("M12: each is farthest from those before it, the lowest of equals (mutants: nearest; mean distance; the highest of equals)", () => {
    fc.assert(
      fc.property(clouds, fc.nat(), (cloud, seed) => {
        const first = seed % cloud.count;
        const distances = euclideanDistances(cloud);
        const chosen = landmarks(cloud, cloud.count, first);
        expect(chosen[0]).toBe(first);
        for (let k = 1; k < chosen.length; k++) {
          const before = chosen.slice(0, k);
          const toNearest = Array.from({ length: cloud.count }, (_, point) =>
            Math.min(...before.map((landmark) => distances[point * cloud.count + landmark]!)),
          );
          expect(chosen[k]).toBe(toNearest.indexOf(Math.max(...toNearest)));
        }
      }),
    );
  });

  test("M12: more landmarks only add to fewer (mutant: a choice that depends on the count)", () => {
    fc.assert(
      fc.property(clouds, (cloud) => {
        expect(landmarks(cloud, cloud.count - 1)).toEqual(landmarks(cloud, cloud.count).slice(0, -1));
      }),
    );
  });

  test("M12: distances are Euclidean, of the chosen points in their order (mutants: squared; city blocks; of all points)", () => {
    const cloud: Cloud = { count: 3, dimensions: 2, values: Float64Array.of(0, 0, 3, 4, 0, 1) };
    expect([...euclideanDistances(cloud, [1, 0])]).toEqual([0, 5, 5, 0]);
    expect([...euclideanDistances(cloud)]).toEqual([0, 5, 1, 5, 0, Math.sqrt(18), 1, Math.sqrt(18), 0]);
  });

  test.each<[string, Cloud, number, number, string]>([
    ["no points", onLine([]), 1, 0, "count of points is 0, expected a whole number of at least 1"],
    ["no dimension", { ...onLine([1]), dimensions: 0 }, 1, 0, "dimensions is 0, expected a whole number of at least 1"],
    ["values", { ...onLine([1, 2, 3]), count: 2 }, 1, 0, "length of values is 3, expected 2 * 1"],
    ["not finite", onLine([1, NaN]), 1, 0, "values[1][0] is NaN, expected a finite number"],
    ["no landmark", onLine([1]), 0, 0, "count is 0, expected a whole number of at least 1"],
    ["too many", onLine([1, 2, 2]), 3, 0, "count is 3, expected at most 2, the places in the cloud"],
    ["first", onLine([1, 2]), 1, 2, "first is 2, expected a point of the cloud"],
  ])("M12: bad input is named: %s (mutant: no check)", (_, cloud, count, first, message) => {
    expect(() => landmarks(cloud, count, first)).toThrow(message);
  });
});
