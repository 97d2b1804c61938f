import * as oracleMeasures from "../../spec/oracle-measures.ts";
import type { CurriculumSettings, Mat } from "../../spec/oracle.ts";
import type { Grid, Operations } from "./operations.ts";

type MeasureName = "rateMap" | "autocorrelogram" | "gridness" | "lattice" | "modules";

/** A function for each operation of the measures, from its input to its output. */
export type MeasureAnswers = {
  [Name in MeasureName]: (input: Operations[Name]["input"]) => Operations[Name]["output"];
};

/**
 * M2, M3, M4, M6, M8: the answers of somebody who measures by these functions. The protocol has null in place of NaN.
 */
export function measureAnswersBy(by: typeof oracleMeasures): MeasureAnswers {
  return {
    rateMap: ({ positions, states, bins, box }) => ({ maps: by.rateMap(positions, states, bins, box).map(toGrid) }),
    autocorrelogram: ({ map, minimumOverlap }) => ({
      autocorrelogram: toGrid(by.autocorrelogram(fromGrid(map), minimumOverlap)),
    }),
    gridness: (i) => ({ gridness: toNull(by.gridness(fromGrid(i.autocorrelogram))) }),
    lattice: (i) =>
      by.lattice(fromGrid(i.autocorrelogram), i.binWidth) ?? {
        spacing: null,
        angle: null,
        orientation: null,
        ellipticity: null,
      },
    modules: (i) => ({ modules: by.modules(i.autocorrelograms.map(fromGrid), i.cut, i.minimumSize) }),
  };
}

/** The oracle's answers to the operations of the measures. */
export const measureAnswers = measureAnswersBy(oracleMeasures);

/** T6's settings of several steps as in the protocol: a list for each setting. */
export function columns(rows: CurriculumSettings[]): Operations["curriculum"]["output"] {
  return {
    timesteps: rows.map(({ timesteps }) => timesteps),
    sigmaG: rows.map(({ sigmaG }) => sigmaG),
    lambdaInv: rows.map(({ lambdaInv }) => lambdaInv),
    lambdaCap: rows.map(({ lambdaCap }) => lambdaCap),
  };
}

function fromGrid(grid: Grid): Mat {
  return grid.map((row) => row.map((value) => value ?? NaN));
}

function toGrid(grid: Mat): Grid {
  return grid.map((row) => row.map(toNull));
}

function toNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
