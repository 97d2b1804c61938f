import { autocorrelogram, gridness, lattice, modules, rateMap } from "../../spec/oracle-measures.ts";
import type { Mat, Vec } from "../../spec/oracle.ts";

/** A grid [y][x] in which null stands where there is no value, as NaN does in code. */
export type Grid = (number | null)[][];

/** The operations of the measures: the input and output of each, field by field as they stand in the vectors. */
export interface MeasureOperations {
  rateMap: { input: { positions: Mat; states: Mat; bins: number; box: number }; output: { maps: Grid[] } };
  autocorrelogram: { input: { map: Grid; minimumOverlap: number }; output: { autocorrelogram: Grid } };
  gridness: { input: { autocorrelogram: Grid }; output: { gridness: number | null } };
  lattice: {
    input: { autocorrelogram: Grid; binWidth: number };
    output: { spacing: Vec | null; angle: number | null; orientation: number | null; ellipticity: number | null };
  };
  modules: { input: { autocorrelograms: Grid[]; cut: number; minimumSize: number }; output: { modules: number[][] } };
}

type MeasureAnswers = {
  [Name in keyof MeasureOperations]: (input: MeasureOperations[Name]["input"]) => MeasureOperations[Name]["output"];
};

/** M2, M3, M4, M6, M8: what the oracle says to each operation of the measures. */
export const measureAnswers: MeasureAnswers = {
  rateMap: ({ positions, states, bins, box }) => ({ maps: rateMap(positions, states, bins, box).map(toGrid) }),
  autocorrelogram: ({ map, minimumOverlap }) => ({
    autocorrelogram: toGrid(autocorrelogram(fromGrid(map), minimumOverlap)),
  }),
  gridness: (i) => ({ gridness: toNull(gridness(fromGrid(i.autocorrelogram))) }),
  lattice: (i) =>
    lattice(fromGrid(i.autocorrelogram), i.binWidth) ?? {
      spacing: null,
      angle: null,
      orientation: null,
      ellipticity: null,
    },
  modules: (i) => ({ modules: modules(i.autocorrelograms.map(fromGrid), i.cut, i.minimumSize) }),
};

function fromGrid(grid: Grid): Mat {
  return grid.map((row) => row.map((value) => value ?? NaN));
}

function toGrid(grid: Mat): Grid {
  return grid.map((row) => row.map(toNull));
}

function toNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
