import type { Agent } from "../measure/agent.ts";
import { mean, median, percentile, variation as variationOf } from "../statistics/statistics.ts";
import { localMetrics, stepRatios } from "../measure/metric.ts";
import { walk } from "../measure/walk.ts";
import { trainedRange } from "../train/trained-range.ts";
import type { TrainedModel } from "./study.ts";

/** Walks that are measured, and the steps of each. */
const WALKERS = 200;
const STEPS = 60;

/** Side of the octagon that probes the metric, in units of the largest speed trained on. It is small against a field. */
const PROBE = 0.2;

/** Steps slower than this share of the largest speed mostly correct errors, and are left out. */
export const LEAST_SPEED = 0.05;

/** Largest coefficient of variation, of ratios over steps and of scales over places, and largest median anisotropy, of an isometric code. */
export const LARGEST_VARIATION = 0.1;
export const LARGEST_ANISOTROPY = 1.1;

/** How isometric a code is. */
export interface Isometry {
  model: TrainedModel;
  /** Mean of ||g_t - g_(t-1)|| / ||v_t||, 1/m, and its coefficient of variation. */
  mean: number;
  variation: number;
  /** Coefficient of variation of the local scale over places, and the median and the 95th percentile of the anisotropy there. */
  scales: number;
  anisotropy: number;
  worst: number;
  ratios: number[];
  met: boolean;
}

/** How isometric the code of an agent of this model is, over the speeds that L4 counts. */
export function isometry(model: TrainedModel, agent: Agent): Isometry {
  const { velocityMax, sigmaC } = model.config;
  const options = { walkers: WALKERS, steps: STEPS, box: trainedRange(model.config), vMax: velocityMax };
  const ratios = stepRatios(agent, walk({ ...options, seed: 16 }), WALKERS)
    .filter(({ speed }) => speed < sigmaC && speed > LEAST_SPEED * velocityMax)
    .map(({ ratio }) => ratio);
  const places = localMetrics(agent, walk({ ...options, seed: 17 }), WALKERS, PROBE * velocityMax);
  const anisotropies = places.map((place) => place.anisotropy);
  const variation = variationOf(ratios);
  const scales = variationOf(places.map(({ scale }) => scale));
  const anisotropy = median(anisotropies);
  return {
    model,
    mean: mean(ratios),
    variation,
    scales,
    anisotropy,
    worst: percentile(anisotropies, 0.95),
    ratios,
    met: variation <= LARGEST_VARIATION && scales <= LARGEST_VARIATION && anisotropy <= LARGEST_ANISOTROPY,
  };
}
