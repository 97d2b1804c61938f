import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { bettiNumbers } from "../../src/measure/homology/bar.ts";
import type { Bar, Barcode } from "../../src/measure/homology/bar.ts";
import { euclideanDistances, landmarks } from "../../src/measure/homology/landmarks.ts";
import { persistence } from "../../src/measure/homology/persistence.ts";
import { cloudOf } from "../properties/clouds.ts";
import type { MadeCloud, Shape } from "../properties/clouds.ts";

interface Compared {
  clouds: { parameters: MadeCloud & { landmarks: number; prime: number }; bars: [number, number | null][][] }[];
}

/** Betti numbers at a scale that is coarser than the sampling and finer than the shape, by the prime modulo which they are taken. */
const SEEN: Partial<Record<Shape, { scale: number; betti: Record<number, number[]> }>> = {
  circle: { scale: 1, betti: { 47: [1, 1, 0] } },
  sphere: { scale: 1.2, betti: { 47: [1, 0, 1] } },
  torus: { scale: 1.4, betti: { 2: [1, 2, 1], 47: [1, 2, 1] } },
  "klein bottle": { scale: 1.5, betti: { 2: [1, 2, 1], 47: [1, 1, 0] } },
  "projective plane": { scale: 1, betti: { 2: [1, 1, 1], 3: [1, 0, 0] } },
};

const { clouds } = JSON.parse(readFileSync("golden/ripser/barcodes.json", "utf8")) as Compared;

const inOrder = (bars: Bar[]): Bar[] => [...bars].sort((p, q) => p[0] - q[0] || (p[1] === q[1] ? 0 : p[1] - q[1]));

describe("M11 persistent homology against ripser", () => {
  for (const { parameters, bars } of clouds) {
    const { shape, prime } = parameters;
    const ripser: Barcode = bars.map((dimension) => dimension.map(([birth, death]) => [birth, death ?? Infinity]));

    // Kills: a sign or an inverse wrong in the field, cofacets left out, a pivot that is not the first, clearing of the wrong columns.
    test(`M11: every bar of the ${shape} modulo ${prime} within 1e-5`, () => {
      const cloud = cloudOf(parameters);
      const distances = euclideanDistances(cloud, landmarks(cloud, parameters.landmarks));
      const ours = persistence(distances, parameters.landmarks, { prime });
      expect(ours.map(({ length }) => length)).toEqual(ripser.map(({ length }) => length));
      ours.forEach((dimension, d) => {
        const theirs = inOrder(ripser[d]!);
        inOrder(dimension).forEach(([birth, death], i) => {
          expect(Math.abs(birth - theirs[i]![0])).toBeLessThan(1e-5);
          if (death !== theirs[i]![1]) expect(Math.abs(death - theirs[i]![1])).toBeLessThan(1e-5);
        });
      });
    });

    const seen = SEEN[shape];
    if (seen === undefined) continue;
    // Kills: a stored file of other clouds, or of one field for all.
    test(`M11: what ripser found is a ${shape} modulo ${prime}`, () => {
      expect(bettiNumbers(ripser, seen.scale)).toEqual(seen.betti[prime]);
    });
  }
});
