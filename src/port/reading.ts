import * as oracle from "../../spec/oracle.ts";
import { gradients as exactGradients } from "../../spec/oracle-gradients.ts";
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
import { measureAnswers } from "./wire.ts";
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
  /**
   * L5: the indices of the states over which L2 is taken. `drawn` are those of L1, and `count` is the number of all
   * states.
   */
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
  /** T1 */
  adamw: (state: AdamwState, gradients: Parameters, settings: AdamwSettings) => AdamwState;
  /** T2 */
  clipByGlobalNorm: (gradients: Parameters, clipNorm: number) => { gradients: Parameters; norm: number };
  /** T3 */
  accumulate: (gradients: Parameters[]) => Parameters;
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

/** The oracle's own reading. */
export const rightReading: Reading = {
  path: (order) => order,
  positions: oracle.positions,
  transition: oracle.transition,
  initialState: oracle.initialState,
  step: oracle.step,
  separation: oracle.separation,
  invariance: oracle.invariance,
  invarianceStates: (_, count) => Array.from({ length: count }, (__, index) => index),
  capacity: oracle.capacity,
  conformalIsometry: oracle.conformalIsometry,
  settings: (settings) => settings,
  capacityStates: (all) => all,
  deadStates: (states) => states.flat().filter(oracle.isDead).length,
  total: oracle.total,
  gradients: exactGradients,
  slopeOf: undefined,
  adamw: oracle.adamw,
  clipByGlobalNorm: oracle.clipByGlobalNorm,
  accumulate: oracle.accumulate,
  warmupCosine: oracle.warmupCosine,
  reduceOnPlateau: oracle.reduceOnPlateau,
  warmupOf: (step, { warmup }) => oracle.warmupShare(step, warmup),
  lossOfStep: mean,
  settingsAt: oracle.settingsAt,
  lossSettingsAt: (step, settings, settingsAt) => {
    const { steps, sigmaG, lambdaInv, lambdaCap, curriculum = [] } = settings;
    return { ...settings, ...settingsAt(step, { steps, timesteps: 0, sigmaG, lambdaInv, lambdaCap, curriculum }) };
  },
  ...measureAnswers,
};
