import * as oracle from "../../spec/oracle.ts";
import * as gradients from "../../spec/oracle-gradients.ts";
import * as measures from "../../spec/oracle-measures.ts";
import type {
  Curriculum,
  CurriculumSettings,
  AdamwSettings,
  AdamwState,
  Batch,
  Counted,
  LossSettings,
  LossTerms,
  Mat,
  Parameters,
  PlateauSettings,
  PlateauState,
  Reduction,
  Vec,
  WarmupCosineSettings,
} from "../../spec/oracle.ts";
import type { TrainSettings } from "../../spec/oracle-training-step.ts";
import { measureAnswersBy } from "./wire.ts";
import type { MeasureAnswers } from "./wire.ts";
import { mean } from "../statistics/statistics.ts";

/**
 * One way to read the paper: a function for each equation. `rightReading` is the oracle's. A misreading replaces one of
 * these functions. evaluate.ts builds rollouts, losses, gradients and training steps from them.
 */
export interface Reading {
  /** D2: how the given order is read. */
  path: (order: number[][]) => number[][];
  /** D3 */
  positions: (velocities: Mat, order: number[][]) => number[][][];
  /** N1 */
  transition: (p: Parameters, velocity: Vec, velocityScale: number) => Mat;
  /** N2 */
  initialState: (gamma: Vec) => Vec;
  /** N3 */
  step: (W: Mat, state: Vec) => Vec;
  /** L1 */
  separation: (states: Mat, positions: Mat, sigmaX: number, sigmaG: number, reduction: Reduction) => Counted;
  /** L2 */
  invariance: (states: Mat, positions: Mat, sigmaX: number, reduction: Reduction) => Counted;
  /** L5: the indices of the states over which L1 is taken, from those drawn and from the number of all states. */
  separationStates: (drawn: number[], count: number) => number[];
  /** L5: the same for L2. */
  invarianceStates: (drawn: number[], count: number) => number[];
  /** L3 */
  capacity: (states: Mat) => number;
  /** L4 */
  conformalIsometry: (
    initial: Vec,
    states: number[][][],
    velocities: Mat,
    order: number[][],
    sigmaS: number,
    sigmaC: number,
  ) => Counted;
  /** L1 to L5: the settings as the losses of a batch use them. */
  settings: (settings: LossSettings) => LossSettings;
  /** L5: the states over which capacity is taken, from all states and from those drawn for the pairs. */
  capacityStates: (all: Mat, drawn: Mat) => Mat;
  /** N3: how many states of a rollout, [T][B][N], are reported as dead. */
  deadStates: (states: number[][][]) => number;
  /** L3, L5: what the reduction makes of the capacity loss of `count` states. */
  capacityTerm: (value: number, count: number, reduction: Reduction) => number;
  /** L4, L5: what the reduction makes of the conformal isometry loss of `count` steps. */
  conformalTerm: (value: number, count: number, reduction: Reduction) => number;
  /** L5 */
  total: (terms: LossTerms, settings: LossSettings) => number;
  /**
   * L5: the gradient of the total as a formula. It is undefined if nobody has written down a formula for the reading.
   */
  gradients: ((p: Parameters, batch: Batch, velocityScale: number, settings: LossSettings) => Parameters) | undefined;
  /**
   * L5: where there is no formula, the slope of this function at p is taken for the gradient. It is the reading's own
   * total, unless a misreading holds some part of it constant.
   */
  slopeOf: ((p: Parameters, batch: Batch, velocityScale: number, settings: LossSettings) => Total) | undefined;
  /** T1: parameters and moments before the first step. */
  adamwStart: (parameters: Parameters) => AdamwState;
  /** T1 */
  adamw: (state: AdamwState, gradients: Parameters, settings: AdamwSettings) => AdamwState;
  /** T2 */
  clipByGlobalNorm: (gradients: Parameters, clipNorm: number) => { gradients: Parameters; norm: number };
  /** T3 */
  accumulate: (gradients: Parameters[]) => Parameters;
  /** T2, T3 within training: the clipped gradient of a step, from those of its batches, by the reading's own pieces. */
  clippedMean: (
    each: Parameters[],
    clipNorm: number,
    by: Pick<Reading, "accumulate" | "clipByGlobalNorm">,
  ) => { gradients: Parameters; norm: number };
  /** T4 */
  warmupCosine: (step: number, settings: WarmupCosineSettings) => number;
  /** T5 */
  reduceOnPlateau: (state: PlateauState, loss: number, settings: PlateauSettings) => PlateauState;
  /** T4 within training: the share of the rate that the warm-up allows where there is no cosine. */
  warmupOf: (step: number, settings: TrainSettings) => number;
  /** T5 within training: the loss of a step, from the totals of its batches. */
  lossOfStep: (totals: number[]) => number;
  /** T6 */
  settingsAt: (step: number, curriculum: Curriculum) => CurriculumSettings;
  /** T6 within training: the settings of the losses in a step, by the reading's own `settingsAt`. */
  lossSettingsAt: (step: number, settings: TrainSettings, settingsAt: Reading["settingsAt"]) => LossSettings;
  /** M2, M3, M4, M6, M8: each from its input to its output, both as in the protocol. */
  rateMap: MeasureAnswers["rateMap"];
  autocorrelogram: MeasureAnswers["autocorrelogram"];
  gridness: MeasureAnswers["gridness"];
  lattice: MeasureAnswers["lattice"];
  modules: MeasureAnswers["modules"];
}

/** The total loss as a function of the parameters. */
type Total = (p: Parameters) => number;

/** The functions of the oracle's files. */
export type Oracle = typeof oracle & typeof gradients & typeof measures;

/** The reading of somebody who computes what these functions compute. */
export function readingFrom(by: Oracle): Reading {
  return {
    path: (order) => order,
    positions: by.positions,
    transition: by.transition,
    initialState: by.initialState,
    step: by.step,
    separation: by.separation,
    separationStates: (drawn) => drawn,
    invariance: by.invariance,
    invarianceStates: (_, count) => Array.from({ length: count }, (__, index) => index),
    capacity: by.capacity,
    conformalIsometry: by.conformalIsometry,
    settings: (settings) => settings,
    capacityStates: (all) => all,
    deadStates: (states) => states.flat().filter(by.isDead).length,
    capacityTerm: (value) => value,
    conformalTerm: (value) => value,
    total: by.total,
    gradients: by.gradients,
    slopeOf: undefined,
    adamwStart: by.adamwStart,
    adamw: by.adamw,
    clipByGlobalNorm: by.clipByGlobalNorm,
    accumulate: by.accumulate,
    clippedMean: (each, clipNorm, { accumulate, clipByGlobalNorm }) => clipByGlobalNorm(accumulate(each), clipNorm),
    warmupCosine: by.warmupCosine,
    reduceOnPlateau: by.reduceOnPlateau,
    warmupOf: (step, { warmup }) => by.warmupShare(step, warmup),
    lossOfStep: mean,
    settingsAt: by.settingsAt,
    lossSettingsAt: (step, settings, settingsAt) => {
      const { steps, sigmaG, lambdaInv, lambdaCap, curriculum = [] } = settings;
      return { ...settings, ...settingsAt(step, { steps, timesteps: 0, sigmaG, lambdaInv, lambdaCap, curriculum }) };
    },
    ...measureAnswersBy(by),
  };
}

/** The oracle's own reading. */
export const rightReading: Reading = readingFrom({ ...oracle, ...gradients, ...measures });
