/**
 * The oracle: every numbered equation of spec/data.md, network.md, losses.md and training.md as one function in float64, on plain
 * nested number arrays. It is written to be read and checked, not to be fast, and takes its input to be well formed.
 * Its exact gradients are in oracle-gradients.ts, its measures in oracle-measures.ts.
 */
export type { Mat, Vec } from "./oracle-arrays.ts";
export {
  independentOrder,
  isBaseVelocity,
  isPermutation,
  permutationFromUniforms,
  positions,
  velocityFromUniforms,
} from "./oracle-data.ts";
export { initialState, isDead, isState, rollout, step, transition } from "./oracle-network.ts";
export type { Parameters, Rollout } from "./oracle-network.ts";
export { capacity, conformalIsometry, invariance, losses, separation, total } from "./oracle-losses.ts";
export type { Batch, Counted, Losses, LossSettings, LossTerms, Reduction } from "./oracle-losses.ts";
export {
  accumulate,
  adamw,
  adamwStart,
  clipByGlobalNorm,
  combine,
  flatten,
  initialise,
  parameterNames,
  reduceOnPlateau,
  settingsAt,
  attemptLengths,
  warmupCosine,
  warmupShare,
} from "./oracle-training.ts";
export type {
  AdamwSettings,
  AdamwState,
  Curriculum,
  CurriculumSettings,
  Knot,
  PlateauSettings,
  PlateauState,
  WarmupCosineSettings,
} from "./oracle-training.ts";
