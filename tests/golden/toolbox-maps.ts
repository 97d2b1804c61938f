import { moduleMaps, stripeMap, withGaps } from "../../src/synthetic/maps.ts";
import type { LatticeMap } from "../../src/synthetic/maps.ts";
import { placeCells, spreadModule } from "../../src/synthetic/populations.ts";

/** The populations on which the judge is compared with other toolboxes. Of each, these are asked for every unit's gridness. */
export const COMPARED = { bins: 40, box: 2 };

const COUNT = 10;
const made: LatticeMap = { ...COMPARED, spacing: 0.5, orientation: 12, noise: 0.1, seed: 5 };
const grid = moduleMaps(made, COUNT);

export const POPULATIONS: readonly { name: string; maps: Float64Array[] }[] = [
  { name: "one hexagonal module", maps: grid },
  { name: "a spread of 5 % and 2 degrees", maps: spreadModule(made, COUNT, { spacing: 0.05, orientation: 2 }) },
  { name: "30 % of the bins not visited", maps: grid.map((map, i) => withGaps(map, 0.3, i + 1)) },
  { name: "rectangles, 1 by sqrt 3", maps: moduleMaps({ ...made, second: 0.5 * Math.sqrt(3), angle: 90 }, COUNT) },
  {
    name: "stripes",
    maps: Array.from({ length: COUNT }, (_, i) => stripeMap(COMPARED.bins, COMPARED.box, 0.5 + 0.001 * i, 12)),
  },
  {
    name: "place cells of 2 to 6 fields",
    maps: placeCells(COMPARED.bins, COMPARED.box, COUNT, { fields: [2, 6], width: 0.15, seed: 1 }),
  },
];
