import { mean } from "mathjs";
import { gradients } from "./oracle-gradients.ts";
import { losses } from "./oracle-losses.ts";
import type { Batch, Losses, LossSettings } from "./oracle-losses.ts";
import {
  accumulate,
  adamw,
  adamwStart,
  clipByGlobalNorm,
  reduceOnPlateau,
  settingsAt,
  warmupCosine,
  warmupShare,
} from "./oracle-training.ts";
import type {
  AdamwSettings,
  AdamwState,
  Knot,
  PlateauSettings,
  PlateauState,
  WarmupCosineSettings,
} from "./oracle-training.ts";
import type { Parameters } from "./oracle-network.ts";

/** Everything that a training step needs to know beside its batches. */
export interface TrainSettings extends LossSettings, AdamwSettings, WarmupCosineSettings, PlateauSettings {
  velocityScale: number;
  clipNorm: number;
  schedule: "constant" | "cosine" | "plateau";
  /** T6 for the losses' settings; without it they are what they are from the first step on. (T itself is the batch's.) */
  curriculum?: Knot[];
}

/**
 * T6: the losses' settings in a 0-based step.
 * @spec T6
 */
function lossSettingsAt(step: number, settings: TrainSettings): LossSettings {
  const { steps, sigmaG, lambdaInv, lambdaCap, curriculum = [] } = settings;
  return { ...settings, ...settingsAt(step, { steps, timesteps: 0, sigmaG, lambdaInv, lambdaCap, curriculum }) };
}

/** What one training step reports: the learning rate used, the gradient's norm before clipping, and the losses of each of its batches. */
interface TrainReport {
  learningRate: number;
  gradientNorm: number;
  losses: Losses[];
}

/**
 * T1 to T5, the learning rate of a 0-based step: the schedule's, under the warm-up; "plateau" takes the one that T5 has come to.
 * @spec T4 T5
 */
function learningRateOf(step: number, settings: TrainSettings, plateau: PlateauState): number {
  if (settings.schedule === "cosine") return warmupCosine(step, settings);
  return plateau.learningRate * warmupShare(step, settings.warmup);
}

/**
 * T1 to T6 together: training steps with given batches. Each step takes the mean gradient of its batches (T3), clips it (T2), and makes
 * one AdamW step (T1) at the scheduled learning rate (T4); under "plateau" the mean total of its batches then goes to T5.
 * @param batches one list of batches for each step
 * @spec T1 T2 T3 T4 T5 T6
 */
export function train(
  initial: Parameters,
  batches: Batch[][],
  settings: TrainSettings,
): { parameters: Parameters; reports: TrainReport[] } {
  let state: AdamwState = adamwStart(initial);
  let plateau: PlateauState = { learningRate: settings.learningRate, best: Infinity, badSteps: 0 };
  const reports = batches.map((ofStep): TrainReport => {
    const p = state.parameters;
    const now = lossSettingsAt(state.step, settings);
    const reported = ofStep.map((batch) => losses(p, batch, settings.velocityScale, now));
    const gradient = accumulate(ofStep.map((batch) => gradients(p, batch, settings.velocityScale, now)));
    const clipped = clipByGlobalNorm(gradient, settings.clipNorm);
    const learningRate = learningRateOf(state.step, settings, plateau);
    state = adamw(state, clipped.gradients, { ...settings, learningRate });
    if (settings.schedule === "plateau") {
      plateau = reduceOnPlateau(plateau, mean(reported.map((batchLosses) => batchLosses.total)), settings);
    }
    return { learningRate, gradientNorm: clipped.norm, losses: reported };
  });
  return { parameters: state.parameters, reports };
}
