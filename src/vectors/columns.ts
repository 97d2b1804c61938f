import type { CurriculumSettings } from "../../spec/oracle.ts";

/** T6's settings of several steps as they stand on the wire: a list for each setting. */
export function columns(rows: CurriculumSettings[]): Record<keyof CurriculumSettings, number[]> {
  return {
    timesteps: rows.map(({ timesteps }) => timesteps),
    sigmaG: rows.map(({ sigmaG }) => sigmaG),
    lambdaInv: rows.map(({ lambdaInv }) => lambdaInv),
    lambdaCap: rows.map(({ lambdaCap }) => lambdaCap),
  };
}
