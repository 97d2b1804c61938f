import type {
  AdamwSettings,
  Batch,
  Counted,
  Curriculum,
  CurriculumSettings,
  Losses,
  LossSettings,
  Mat,
  Parameters,
  PlateauSettings,
  Reduction,
  Rollout,
  Vec,
  WarmupCosineSettings,
} from "../../spec/oracle.ts";
import type { TrainSettings } from "../../spec/oracle-training-step.ts";
import type { MeasureOperations } from "../vectors/measure-operations.ts";

/** What a whole batch's losses and gradients are asked with. */
export interface BatchInput extends Batch {
  parameters: Parameters;
  velocityScale: number;
  settings: LossSettings;
}

/** P4 Operations: the input and output of each, field by field as they stand on the wire. */
export interface Operations extends MeasureOperations {
  positions: { input: { velocities: Mat; order: number[][] }; output: { positions: number[][][] } };
  transition: { input: { parameters: Parameters; velocity: Vec; velocityScale: number }; output: { W: Mat } };
  initialState: { input: { gamma: Vec }; output: { state: Vec } };
  step: { input: { W: Mat; state: Vec }; output: { state: Vec } };
  rollout: {
    input: { parameters: Parameters; velocities: Mat; order: number[][]; velocityScale: number };
    output: Rollout;
  };
  separation: {
    input: { states: Mat; positions: Mat; sigmaX: number; sigmaG: number; reduction: Reduction };
    output: Counted;
  };
  invariance: { input: { states: Mat; positions: Mat; sigmaX: number; reduction: Reduction }; output: Counted };
  capacity: { input: { states: Mat }; output: { value: number } };
  conformalIsometry: {
    input: { initial: Vec; states: number[][][]; velocities: Mat; order: number[][]; sigmaS: number; sigmaC: number };
    output: Counted;
  };
  losses: { input: BatchInput; output: Losses };
  gradients: { input: BatchInput; output: Parameters };
  adamw: {
    input: AdamwSettings & {
      parameters: Parameters;
      gradients: Parameters;
      m: Parameters;
      v: Parameters;
      step: number;
    };
    output: { parameters: Parameters; m: Parameters; v: Parameters };
  };
  clip: {
    input: { gradients: Parameters; clipNorm: number };
    output: { gradients: Parameters; norm: number };
  };
  accumulate: { input: { gradients: Parameters[] }; output: { gradients: Parameters } };
  schedule: { input: WarmupCosineSettings & { at: number[] }; output: { learningRates: number[] } };
  plateau: {
    input: PlateauSettings & { learningRate: number; losses: number[] };
    output: { learningRates: number[] };
  };
  curriculum: { input: Curriculum & { at: number[] }; output: Record<keyof CurriculumSettings, number[]> };
  train: {
    input: { parameters: Parameters; batches: Batch[][]; settings: TrainSettings };
    output: { parameters: Parameters; learningRates: number[]; gradientNorms: number[]; totals: number[][] };
  };
}

/** The name of an operation. */
export type OperationName = keyof Operations;
