import type { Judgement } from "../measure/judgement.ts";
import { xoroshiro128plus } from "pure-rand/generator/XoroShiro";
import { normal, uniform } from "../measure/random.ts";
import type { RateMaps } from "../measure/rate-map.ts";
import { moduleMaps, population, withGaps } from "./maps.ts";
import { borderCells, continuum, headDirectionCells, placeCells, randomFields, spreadModule } from "./populations.ts";

/** A kind of population whose right judgement is known. */
export interface Regime {
  name: string;
  /** The population of a seed. */
  make: (seed: number) => RateMaps;
  /** Whether a judgement of it is right. */
  right: (judgement: Judgement) => boolean;
}

const BINS = 40;

/**
 * The modules that must be found: the same number of modules that count, each with all units of one lattice, the
 * spacings within 4 % and the orientations within 2 degrees.
 */
interface Expected {
  spacing: number;
  orientation: number;
  units: number[];
  tolerance?: number;
}

function finds(expected: readonly Expected[]): (judgement: Judgement) => boolean {
  return ({ modules }) => {
    const counted = modules.filter(({ counts }) => counts);
    return (
      counted.length === expected.length &&
      expected.every(({ spacing, orientation, units, tolerance = 0.04 }) =>
        counted.some((module) => {
          const shared = module.units.filter((unit) => units.includes(unit)).length;
          const turn = (((module.orientation - orientation) % 60) + 60) % 60;
          return (
            shared >= 0.9 * units.length &&
            shared === module.units.length &&
            Math.abs(module.meanSpacing! / spacing - 1) <= tolerance &&
            Math.min(turn, 60 - turn) <= 2
          );
        }),
      )
    );
  };
}

const nothing = ({ modules }: Judgement): boolean => modules.every(({ counts }) => !counts);

const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);

/** Modules of `count` units each with the given spacings, orientations 10, 25, 40, .. degrees, with a spread within each. */
function modulesOf(
  name: string,
  spacings: readonly number[],
  count: number,
  { box = 2, bins = BINS, noise = 0.1, spacing = 0, orientation = 0, tolerance = 0.04, width = 0.17 } = {},
): Regime {
  const turns = spacings.map((_, i) => 10 + 15 * (i % 4));
  return {
    name,
    make: (seed) =>
      population(
        spacings.flatMap((a, i) =>
          spreadModule({ bins, box, spacing: a, orientation: turns[i]!, noise, width, seed: 17 * seed + i }, count, {
            spacing,
            orientation,
          }),
        ),
        box,
      ),
    right: finds(
      spacings.map((a, i) => ({ spacing: a, orientation: turns[i]!, units: range(i * count, count), tolerance })),
    ),
  };
}

function without(name: string, maps: (seed: number) => Float64Array[], box = 1.5): Regime {
  return { name, make: (seed) => population(maps(seed), box), right: nothing };
}

/** The kinds of populations for the judge, in the order of the table. */
export const REGIMES: readonly Regime[] = [
  ...[1, 2, 3, 4, 5].map((count) =>
    modulesOf(
      `${count} ${count === 1 ? "module" : "modules"} of ratio 1.42, 10 units each`,
      range(0, count).map((i) => 0.25 * 1.42 ** i),
      10,
    ),
  ),
  ...[1.1, 1.2, 1.3, 1.7, 2].map((ratio) =>
    modulesOf(`2 modules of ratio ${ratio}, 10 units each`, [0.4, 0.4 * ratio], 10),
  ),
  ...[3, 5, 150].map((count) => modulesOf(`2 modules of ${count} units each`, [0.4, 0.57], count)),
  ...[0.3, 0.5, 0.7].map((noise) => modulesOf(`noise of ${noise} of a peak in every bin`, [0.4, 0.57], 10, { noise })),
  ...[3.75, 5, 10, 20, 30].map((bins) =>
    modulesOf(`${bins} bins a period`, [(2 * bins) / 64], 10, { bins: 64, box: 2, noise: 0.05, width: 0.2 }),
  ),
  ...[1.55, 2, 4, 8].map((spacings) => modulesOf(`a box of ${spacings} spacings`, [2 / spacings], 10)),
  ...[2, 4, 8].map((spacings) =>
    modulesOf(`spread of 5 %, 2 degrees in a box of ${spacings} spacings`, [2 / spacings], 20, {
      spacing: 0.05,
      orientation: 2,
      bins: spacings === 8 ? 64 : BINS,
    }),
  ),
  modulesOf("3 modules of ratio 1.42, spread of 5 %, 2 degrees", [0.4, 0.57, 0.81], 20, {
    box: 2.5,
    spacing: 0.05,
    orientation: 2,
    bins: 50,
  }),
  ...[0.3, 0.7].map((share): Regime => ({
    ...modulesOf(`${100 * share} % of the bins not visited`, [0.4, 0.57], 10),
    make: (seed) => {
      const visited = withGaps(new Float64Array(BINS * BINS), share, seed);
      const full = modulesOf("", [0.4, 0.57], 10).make(seed);
      return { ...full, values: full.values.map((rate, i) => rate + visited[i % visited.length]!) };
    },
  })),
  ...[20, 100].map((others): Regime => ({
    name: `2 modules of 10 units among ${others} place cells`,
    make: (seed) => {
      const grid = modulesOf("", [0.4, 0.57], 10).make(seed);
      const places = population(placeCells(BINS, 2, others, { fields: [1, 4], width: 0.15, seed }), 2);
      const values = new Float64Array(grid.values.length + places.values.length);
      values.set(grid.values);
      values.set(places.values, grid.values.length);
      return { ...grid, units: 20 + others, values };
    },
    right: finds([
      { spacing: 0.4, orientation: 10, units: range(0, 10) },
      { spacing: 0.57, orientation: 25, units: range(10, 10) },
    ]),
  })),
  {
    ...modulesOf("any gain, offset and sign of each unit", [0.4, 0.57], 10),
    make: (seed) => {
      const maps = modulesOf("", [0.4, 0.57], 10).make(seed);
      const generator = xoroshiro128plus(seed);
      const changes = range(0, 20).map(() => ({
        gain: Math.exp(2 * normal(generator)) * (uniform(generator) < 0.5 ? -1 : 1),
        offset: 50 * normal(generator),
      }));
      return {
        ...maps,
        values: maps.values.map((rate, i) => {
          const { gain, offset } = changes[Math.floor(i / (BINS * BINS))]!;
          return gain * rate + offset;
        }),
      };
    },
  },
  ...[6, 10].map((degrees): Regime => ({
    name: `2 modules of one spacing, ${degrees} degrees apart`,
    make: (seed) =>
      population(
        [10, 10 + degrees].flatMap((orientation, i) =>
          moduleMaps({ bins: BINS, box: 2, spacing: 0.6, orientation, noise: 0.1, seed: 2 * seed + i }, 10),
        ),
        2,
      ),
    right: finds([
      { spacing: 0.6, orientation: 10, units: range(0, 10) },
      { spacing: 0.6, orientation: 10 + degrees, units: range(10, 10) },
    ]),
  })),
  ...[40, 100].map((count): Regime => ({
    name: `a continuum of ${count} spacings, 0.3 to 0.8 m, no module`,
    make: (seed) =>
      population(continuum({ bins: BINS, box: 2, orientation: 10, noise: 0.05, seed }, count, 0.3, 0.8), 2),
    right: ({ modules, discreteness }) =>
      modules.filter(({ counts }) => counts).length === 0 && discreteness!.value <= discreteness!.null,
  })),
  ...[2.5, 3, 3.5].map((bins): Regime => ({
    ...without(`${bins} bins a period, too few for a module`, (seed) =>
      moduleMaps(
        { bins: BINS, box: 1.5, spacing: (1.5 * bins) / BINS, orientation: 7 * seed, noise: 0.05, seed, width: 0.25 },
        10,
      ),
    ),
    right: ({ modules, warnings }) => modules.length === 0 && warnings.length > 0,
  })),
  ...[50, 200, 1000].flatMap((count): Regime[] => [
    ...[2, 4].map((width) =>
      without(`${count} smooth random fields of ${width} bins`, (seed) => randomFields(BINS, count, width, seed)),
    ),
    without(`${count} place cells of 2 to 6 fields`, (seed) =>
      placeCells(BINS, 1.5, count, { fields: [2, 6], width: 0.12, seed }),
    ),
    without(`${count} head-direction cells, 15 minutes`, (seed) => headDirectionCells(BINS, 1, count, 9000, seed), 1),
    without(`${count} border cells`, (seed) => borderCells(BINS, 1.5, count, seed)),
  ]),
];
