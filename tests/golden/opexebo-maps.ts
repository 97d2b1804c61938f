import { latticeMap } from "../../src/synthetic/maps.ts";
import type { LatticeMap } from "../../src/synthetic/maps.ts";

/** Prints the maps on which opexebo's gridness was taken, with their parameters, as JSON: see golden/opexebo/README.md. */
const spacings = [0.2, 0.3, 0.45];
const angles = [60, 65, 70, 75, 90];
const noises = [0, 0.3];

const parameters = spacings.flatMap((spacing) =>
  angles.flatMap((angle) =>
    noises.map((noise, i): LatticeMap => {
      const seed = Math.round(1000 * spacing) + angle + i;
      return { bins: 40, box: 1, spacing, angle, orientation: 12, phase: [0.03, 0.05], noise, seed };
    }),
  ),
);

process.stdout.write(
  JSON.stringify(parameters.map((made) => ({ parameters: made, map: Array.from(latticeMap(made)) }))),
);
