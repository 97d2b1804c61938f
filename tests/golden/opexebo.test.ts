import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { autocorrelogram } from "../../src/measure/autocorrelogram.ts";
import { gridness } from "../../src/measure/gridness.ts";
import { latticeMap } from "../../src/synthetic/maps.ts";
import type { LatticeMap } from "../../src/synthetic/maps.ts";

interface Compared {
  versions: Record<string, string>;
  maps: { parameters: LatticeMap; opexebo: number }[];
}

const { maps } = JSON.parse(readFileSync("golden/opexebo/gridness.json", "utf8")) as Compared;

const ours = (made: LatticeMap): number => gridness(autocorrelogram(latticeMap(made), made.bins)).score;

describe("M4 gridness against opexebo", () => {
  for (const { parameters, opexebo } of maps.filter((one) => one.parameters.angle !== 90)) {
    const { spacing, angle, noise } = parameters;
    const bins = Math.round((spacing / parameters.box) * parameters.bins);
    // Our annuli begin where the radial mean crosses 0, opexebo's at a smaller radius, and it averages three of them.
    const tolerance = bins < 10 ? 0.12 : 0.08;
    test(`M4: spacing ${bins} bins, ${angle} degrees, noise ${noise}: within ${tolerance} of ${opexebo.toFixed(3)}`, () => {
      expect(Math.abs(ours(parameters) - opexebo)).toBeLessThan(tolerance);
    });
  }

  test("M4: square lattices score below 0, where opexebo's narrowest annulus holds its score at about 0", () => {
    for (const { parameters, opexebo } of maps.filter((one) => one.parameters.angle === 90)) {
      expect(Math.abs(opexebo)).toBeLessThan(0.1);
      expect(ours(parameters)).toBeLessThan(-0.8);
    }
  });
});
