import { autocorrelogram } from "../../spec/oracle-measures.ts";
import type { Mat, Vec } from "../../spec/oracle.ts";
import type { Grid } from "../port/operations.ts";
import { casesOf } from "./case.ts";
import type { Case } from "./case.ts";
import { Draws } from "./draws.ts";
import { peakCases } from "./peak-cases.ts";
import { thousandths } from "./thousandths.ts";

/** Bins along each axis of the synthetic maps, and their width in metres. */
const BINS = 12;
const BIN_WIDTH = 0.125;

/**
 * A rate map from plane waves, to three decimals: the mean of cos(2 pi k . (x - phase)) over the wave vectors k, in
 * 1/m.
 */
function waves(vectors: Mat, phase: Vec, bins = BINS): Mat {
  return Array.from({ length: bins }, (_, y) =>
    Array.from({ length: bins }, (_, x) => {
      const place = [x * BIN_WIDTH - phase[0]!, y * BIN_WIDTH - phase[1]!];
      const sum = vectors.reduce(
        (total, k) => total + Math.cos(2 * Math.PI * (k[0]! * place[0]! + k[1]! * place[1]!)),
        0,
      );
      return thousandths(0.5 + sum / (2 * vectors.length));
    }),
  );
}

/** Wave vectors at the given angles, in degrees. */
function fan(wavelength: number, degrees: number[]): Mat {
  return degrees.map((angle) => {
    const radians = (angle * Math.PI) / 180;
    return [Math.cos(radians) / wavelength, Math.sin(radians) / wavelength];
  });
}

const hexagonal = (phase: Vec, turn = 8): Mat => waves(fan(0.52, [turn, turn + 60, turn + 120]), phase);
const square = (phase: Vec): Mat => waves(fan(0.55, [15, 105]), phase);
const sheared = (phase: Vec): Mat => waves(fan(0.5, [20, 95]), phase);

/**
 * The autocorrelogram of a map, to three decimals. Lags down to an overlap of two bins have a value. Next to a lag
 * without a value rounding would decide which rotated lags enter the gridness.
 */
function correlogramOf(map: Mat): Grid {
  return autocorrelogram(map, 2).map((row) => row.map((value) => (Number.isNaN(value) ? null : thousandths(value))));
}

/** M2: rate maps. */
function rateMaps(): Case[] {
  const rateMap = casesOf("rateMap");
  const draws = new Draws(61);
  return [
    rateMap("walk", "forty positions in 16 bins, some of which are never visited", {
      positions: draws.matrix(40, 2, -0.7, 0.99),
      states: draws.states(40, 3),
      bins: 4,
      box: 2,
    }),
    rateMap(
      "edges",
      "a position on an edge between bins belongs to the upper bin, one on the box's upper edge to the last bin",
      {
        positions: [
          [0, 0],
          [-1, -1],
          [1, 1],
          [0.5, -0.5],
          [0.25, -0.25],
        ],
        states: [
          [1, 0],
          [0, 1],
          [0.5, 0.25],
          [0.25, 0.5],
          [0.75, 0],
        ],
        bins: 4,
        box: 2,
      },
    ),
  ];
}

/** M3: autocorrelograms. */
function correlograms(): Case[] {
  const correlogram = casesOf("autocorrelogram");
  const map = new Draws(62).matrix(6, 6, 0, 1);
  const holes = map.map((row, y) => row.map((value, x) => ((x + 2 * y) % 7 === 0 ? null : value)));
  return [
    correlogram("any", "a map that was visited everywhere", { map, minimumOverlap: 20 }),
    correlogram("holes", "bins that were never visited are left out", { map: holes, minimumOverlap: 12 }),
    correlogram("small-overlap", "lags down to an overlap of 4 bins", { map, minimumOverlap: 4 }),
    correlogram("nearly-constant", "a corner that varies by less than 1e-9 of the map's variance has no correlation", {
      map: Array.from({ length: 6 }, (_, y) =>
        Array.from({ length: 6 }, (_, x) => (x < 4 && y < 4 ? 1 + ((x + y) % 2) * 2 ** -16 : x + y)),
      ),
      minimumOverlap: 9,
    }),
    correlogram("tiny-rates", "rates around a millionth, whose gain has no effect", {
      map: holes.map((row) => row.map((value) => value && value * 2 ** -20)),
      minimumOverlap: 12,
    }),
    correlogram("constant", "a constant map, for which no correlation is defined", {
      map: map.map((row) => row.map(() => 0.5)),
      minimumOverlap: 20,
    }),
  ];
}

/** An autocorrelogram that is 1 at every lag. No ring around the middle is lower than the ring inside it. */
const flat: Grid = Array.from({ length: 2 * BINS - 1 }, () => Array.from({ length: 2 * BINS - 1 }, () => 1));

/** The autocorrelogram of a single field: a peak in the middle and none around it. */
const single: Grid = flat.map((row, y) =>
  row.map((_, x) => thousandths(1.25 * Math.exp(-((x - BINS + 1) ** 2 + (y - BINS + 1) ** 2) / 8) - 0.25)),
);

/** M4, M6: gridness and lattices. */
function lattices(): Case[] {
  const gridness = casesOf("gridness");
  const lattice = casesOf("lattice");
  const shapes = {
    hexagonal: correlogramOf(hexagonal([0.1, 0.2])),
    square: correlogramOf(square([0.1, 0.2])),
    sheared: correlogramOf(sheared([0.1, 0.2])),
  };
  return [
    gridness("hexagonal", "a hexagonal lattice", { autocorrelogram: shapes.hexagonal }),
    gridness("square", "a square lattice", { autocorrelogram: shapes.square }),
    gridness("none", "lags without a value, as where few bins overlap", {
      autocorrelogram: shapes.hexagonal.map((row, y) =>
        row.map((value, x) => {
          const [dx, dy] = [x - BINS + 1, y - BINS + 1];
          return (dx + 2 * dy) % 5 === 0 && Math.hypot(dx, dy) > 4 ? null : value;
        }),
      ),
    }),
    gridness("constant-ring", "the inner annuli have no correlation and do not count", {
      autocorrelogram: shapes.hexagonal.map((row, y) =>
        row.map((value, x) => {
          const distance = Math.hypot(x - BINS + 1, y - BINS + 1);
          return distance === 0 ? 1 : distance <= 6 ? -0.25 : value;
        }),
      ),
    }),
    gridness("no-annulus", "there is no central peak, and therefore no annulus", { autocorrelogram: flat }),
    lattice("hexagonal", "a hexagonal lattice", { autocorrelogram: shapes.hexagonal, binWidth: BIN_WIDTH }),
    lattice("square", "a square lattice", { autocorrelogram: shapes.square, binWidth: BIN_WIDTH }),
    lattice("sheared", "neither", { autocorrelogram: shapes.sheared, binWidth: BIN_WIDTH }),
    lattice("many-peaks", "peaks beyond 2.5 spacings take part in the second fit, but not in the first", {
      autocorrelogram: correlogramOf(waves(fan(0.75, [10, 68, 131]), [0.1, 0.2], 24)),
      binWidth: BIN_WIDTH,
    }),
    lattice("wide-peak", "a smoothing kernel of 1.25 bins, which is cut at 4 bins", {
      autocorrelogram: correlogramOf(waves(fan(1.5, [8, 68, 128]), [0.1, 0.2], 24)),
      binWidth: BIN_WIDTH,
    }),
    lattice(
      "cut-offset",
      "long peaks, whose fitted top lies more than a bin from the lag: its offset is cut to one bin",
      {
        autocorrelogram: correlogramOf(waves([...fan(0.37, [174]), ...fan(0.71, [30])], [0.1, 0.2])),
        binWidth: BIN_WIDTH,
      },
    ),
    lattice("none", "there is no peak except the central one", { autocorrelogram: single, binWidth: BIN_WIDTH }),
  ];
}

/** M8: modules. */
function groups(): Case[] {
  const modules = casesOf("modules");
  const chain = [0, 6, 12, 18].map((turn) => correlogramOf(hexagonal([0.1, 0.2], turn)));
  const autocorrelograms = [
    hexagonal([0, 0]),
    square([0.05, 0.3]),
    hexagonal([0.2, 0.1]),
    hexagonal([0.3, 0.25], 10),
    square([0.2, 0.1]),
    sheared([0.1, 0.1]),
  ].map(correlogramOf);
  return [
    modules("two", "units of a hexagonal and of a square lattice, and a unit that is alone", {
      autocorrelograms,
      cut: 0.2,
      minimumSize: 2,
    }),
    modules("one", "only groups of three or more", { autocorrelograms, cut: 0.2, minimumSize: 3 }),
    modules("equal", "of two modules of equal size the one with the lowest unit comes first", {
      autocorrelograms: [0, 2, 1, 4].map((unit) => autocorrelograms[unit]!),
      cut: 0.2,
      minimumSize: 2,
    }),
    modules(
      "chain",
      "four lattices, each rotated a little against the one before; single linkage would join them all",
      {
        autocorrelograms: chain,
        cut: 0.4,
        minimumSize: 2,
      },
    ),
    modules("chain-joined", "the same with a larger cut; complete linkage would leave two groups", {
      autocorrelograms: chain,
      cut: 0.72,
      minimumSize: 2,
    }),
    modules("median-radius", "the median of an even number of radii is the lower one; units that oppose one another", {
      autocorrelograms: [fan(0.46, [16, 76, 136]), fan(0.85, [0, 60, 120]), fan(0.6, [24, 84, 144])]
        .concat([fan(0.46, [0, 60, 120]), fan(1, [16, 76, 136]), fan(0.85, [15, 105])])
        .map((vectors) => correlogramOf(waves(vectors, [0.1, 0.2]))),
      cut: 1.1,
      minimumSize: 1,
    }),
    modules("larger-radii", "units whose radii are 2, 3 and 4 bins", {
      autocorrelograms: [fan(0.6, [8, 68, 128]), fan(1, [0, 60, 120]), fan(1, [24, 84, 144])]
        .concat([fan(0.46, [24, 84, 144]), fan(0.85, [8, 68, 128]), fan(1, [8, 68, 128])])
        .map((vectors) => correlogramOf(waves(vectors, [0.1, 0.2]))),
      cut: 0.8,
      minimumSize: 2,
    }),
    modules("three-radii", "three units, some of whose central peaks end at 0 before the means over rings rise", {
      autocorrelograms: [fan(1, [0, 60, 120]), fan(1, [24, 84, 144]), fan(0.46, [24, 84, 144])].map((vectors) =>
        correlogramOf(waves(vectors, [0.1, 0.2])),
      ),
      cut: 1.1,
      minimumSize: 1,
    }),
    modules("mean-distance", "the distance of two clusters is the mean over pairs, not the middle of the extremes", {
      autocorrelograms: [fan(0.6, [15, 105]), fan(0.85, [24, 84, 144]), fan(0.7, [24, 84, 144])]
        .concat([fan(0.52, [24, 84, 144]), fan(1, [0, 60, 120]), fan(0.4, [24, 84, 144])])
        .map((vectors) => correlogramOf(waves(vectors, [0.1, 0.2]))),
      cut: 1.1,
      minimumSize: 1,
    }),
    modules("gaps", "lags without a value, which are left out, and a unit whose autocorrelogram is constant", {
      autocorrelograms: [
        ...autocorrelograms.map((grid, unit) =>
          grid.map((row, y) =>
            row.map((value, x) => ((3 * x + 2 * y + unit) % 7 === 0 && (x !== 11 || y !== 11) ? null : value)),
          ),
        ),
        flat,
      ],
      cut: 0.2,
      minimumSize: 1,
    }),
    modules("all", "a cut so large that all units are joined", { autocorrelograms, cut: 2, minimumSize: 2 }),
  ];
}

/** M2, M3, M4, M6, M8, on synthetic maps. */
export function measureCases(): Case[] {
  return [...rateMaps(), ...correlograms(), ...lattices(), ...groups(), ...peakCases()];
}
