import type { TrainSettings } from "../../spec/oracle-training-step.ts";
import { casesOf } from "./case.ts";
import type { Case } from "./case.ts";
import { Draws } from "./draws.ts";
import { dying, settings, squareWalk } from "./fixtures.ts";

/** T1: AdamW. */
function adamwSteps(): Case[] {
  const adamw = casesOf("adamw");
  const draws = new Draws(51);
  const parameters = draws.parameters(2, 2);
  const zero = draws.like(parameters, 0, 0);
  const constants = { learningRate: 0.05, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1 };
  const first = { parameters, gradients: draws.like(parameters, 0.05, 0.2), m: zero, v: zero, step: 0, ...constants };
  const later = { m: draws.like(parameters, -0.1, 0.1), v: draws.like(parameters, 0.001, 0.02), step: 9 };
  return [
    adamw("first", "the first step, where both moments are 0", first),
    adamw("later", "the tenth step, with moments", { ...first, ...later }),
    adamw("no-decay", "weightDecay = 0", { ...first, ...later, weightDecay: 0 }),
    adamw("no-gradient", "only the decay moves the parameters", { ...first, gradients: zero }),
    adamw("large-epsilon", "epsilon is added to the root, not under it", { ...first, ...later, epsilon: 0.1 }),
    adamw("other-betas", "beta1 = 0.5, beta2 = 0.75", { ...first, ...later, beta1: 0.5, beta2: 0.75, step: 1 }),
  ];
}

/** T2, T3: clipping and accumulation. */
function clippings(): Case[] {
  const clip = casesOf("clip");
  const accumulate = casesOf("accumulate");
  const draws = new Draws(52);
  const parameters = draws.parameters(2, 2);
  const gradients = draws.like(parameters, -0.5, 0.5);
  const zero = draws.like(parameters, 0, 0);
  const threeFour = { ...zero, a1: [3, 0], gamma: [0, 4] };
  return [
    clip("clipped", "a norm above the limit", { gradients, clipNorm: 0.1 }),
    clip("unclipped", "a norm below the limit, where nothing changes", { gradients, clipNorm: 10 }),
    clip("at-limit", "a norm of exactly the limit", { gradients: threeFour, clipNorm: 5 }),
    clip("over-tensors", "one norm for all parameters: entries of 3 and 4 give 5", {
      gradients: threeFour,
      clipNorm: 1,
    }),
    clip("small", "a tiny norm that is above the limit", {
      gradients: { ...zero, a1: [3 * 2 ** -16, 0], gamma: [0, 2 ** -14] },
      clipNorm: 2 ** -15,
    }),
    clip("zero", "the gradient is 0, and is not divided by 0", { gradients: zero, clipNorm: 0.1 }),
    clip("off", "clipNorm = 0 is no clipping", { gradients, clipNorm: 0 }),
    accumulate("one", "one batch as it is", { gradients: [gradients] }),
    accumulate("three", "the mean of three batches", {
      gradients: [gradients, draws.like(parameters, -1, 1), draws.like(parameters, -1, 1)],
    }),
  ];
}

/** T4, T5, T6: schedules. */
function schedules(): Case[] {
  const schedule = casesOf("schedule");
  const plateau = casesOf("plateau");
  const curriculum = casesOf("curriculum");
  const run = { learningRate: 0.5, warmup: 500, cosineFloor: 0.05, steps: 30_000 };
  const at = [0, 1, 249, 498, 499, 500, 7500, 15_000, 22_500, 29_999];
  const wait = { learningRate: 0.5, plateauFactor: 0.5, plateauPatience: 1, plateauThreshold: 0.25 };
  const own = { steps: 32_000, timesteps: 60, sigmaG: 0.5, lambdaInv: 0.125, lambdaCap: 0.5 };
  const growth = [{ at: 0.1875, timesteps: 20 }, { at: 0.3125 }];
  return [
    schedule("warm-up-cosine", "the schedule of the preset `fast`", { ...run, at }),
    schedule("no-warm-up", "warmup = 0", { ...run, warmup: 0, at: [0, 1, 15_000, 29_999] }),
    schedule("no-floor", "the cosine goes down to 0", {
      ...run,
      cosineFloor: 0,
      steps: 8,
      warmup: 2,
      at: [0, 1, 2, 4, 7],
    }),
    schedule("flat", "cosineFloor = 1 leaves the warm-up alone", { ...run, cosineFloor: 1, at: [0, 249, 499, 15_000] }),
    schedule("beyond", "steps at and beyond the end of the run, where the cosine rises again", {
      ...run,
      steps: 8,
      warmup: 2,
      at: [7, 8, 10, 16],
    }),
    plateau("patience", "the rate is reduced after the second bad loss", { ...wait, losses: [4, 4, 4, 4, 4, 4] }),
    plateau("impatient", "with patience 0 the rate is reduced at the first bad loss", {
      ...wait,
      plateauPatience: 0,
      losses: [4, 2, 3, 1, 1],
    }),
    plateau("at-threshold", "a loss that is lower by exactly the threshold is no improvement", {
      ...wait,
      losses: [4, 3, 3, 2, 1.75, 1.75],
    }),
    plateau("negative", "the same formula holds below 0, where a loss equal to the best counts as an improvement", {
      ...wait,
      losses: [-1, -1, -0.875, -0.5, -0.5, -0.625, -2, -2],
    }),
    plateau("best-kept", "a smaller loss that is no improvement leaves the best as it is", {
      ...wait,
      learningRate: 8,
      losses: [100, 90, 80, 74, 74],
    }),
    plateau("in-a-row", "an improvement sets the count of bad losses back", { ...wait, losses: [4, 4, 2, 2, 2, 2] }),
    plateau("whole-threshold", "plateauThreshold = 1: the first loss is an improvement, and then any loss below 0", {
      ...wait,
      plateauThreshold: 1,
      losses: [4, 2, 2, -1, 0.5, -0.5, -0.25],
    }),
    curriculum("growing", "only T grows, in whole numbers, between two shares of the run", {
      ...own,
      curriculum: growth,
      at: [0, 5999, 6000, 6101, 8000, 9600, 9999, 10_000, 31_999],
    }),
    curriculum(
      "whole-run",
      "knots at the first and at the last step, so that the run's own settings are never reached",
      {
        ...own,
        steps: 16,
        curriculum: [
          { at: 0, timesteps: 4, sigmaG: 1, lambdaInv: 0, lambdaCap: 0.25 },
          { at: 1, timesteps: 9 },
        ],
        at: [0, 3, 4, 8, 12, 15],
      },
    ),
    curriculum("falling", "T falls, and is rounded down between the knots", {
      ...own,
      steps: 16,
      curriculum: [
        { at: 0.25, timesteps: 9 },
        { at: 0.75, timesteps: 2 },
      ],
      at: [0, 4, 5, 6, 11, 12, 15],
    }),
    curriculum("jump", "two knots at one share, where the settings jump", {
      ...own,
      curriculum: [
        { at: 0.5, timesteps: 20, sigmaG: 0.75 },
        { at: 0.5, lambdaInv: 0.5 },
      ],
      at: [0, 15_999, 16_000, 31_999],
    }),
    curriculum(
      "many",
      "several knots that give different settings; a setting that a knot does not give is the run's own",
      {
        ...own,
        steps: 64,
        curriculum: [
          { at: 0.125, timesteps: 30, sigmaG: 0.625, lambdaCap: 0.125 },
          { at: 0.25, timesteps: 30 },
          { at: 0.5, sigmaG: 0.625, lambdaInv: 0.0625, lambdaCap: 0.125 },
          { at: 0.75, sigmaG: 0.625, lambdaCap: 0.125 },
          { at: 0.875 },
        ],
        at: [0, 8, 11, 16, 20, 31, 32, 40, 47, 48, 52, 56, 63],
      },
    ),
    curriculum("none", "no knot, which leaves the run's own settings throughout", {
      ...own,
      curriculum: [],
      at: [0, 7500, 31_999],
    }),
  ];
}

/** T1 to T6 together: five training steps each. */
function trainings(): Case[] {
  const train = casesOf("train");
  const draws = new Draws(89);
  const more = new Draws(90);
  const mean = new Draws(91);
  const parameters = draws.parameters(4, 3);
  const run: TrainSettings = {
    ...settings,
    velocityScale: 0.15,
    learningRate: 0.02,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-4,
    weightDecay: 0.1,
    clipNorm: 0.1,
    schedule: "cosine",
    steps: 8,
    warmup: 2,
    cosineFloor: 0.25,
    plateauFactor: 0.5,
    plateauPatience: 0,
    plateauThreshold: 0.5,
  };
  const fiveSteps = (batchesPerStep: number) =>
    Array.from({ length: 5 }, () => Array.from({ length: batchesPerStep }, () => draws.batch(3, 4, 0.15)));
  const walk = [
    [2, 1, 3, 0],
    [1, 2, 0, 3],
  ];
  return [
    train("cosine-clipped", "warm-up and cosine; every gradient is clipped", {
      parameters,
      batches: fiveSteps(1),
      settings: run,
    }),
    train("accumulated", "two batches a step", { parameters, batches: fiveSteps(2), settings: run }),
    train("unclipped", "a constant rate after the warm-up; no gradient reaches the limit", {
      parameters,
      batches: fiveSteps(1),
      settings: { ...run, schedule: "constant", clipNorm: 1000 },
    }),
    train("plateau", "the rate is reduced for the step after a bad loss; there is no clipping, decay or warm-up", {
      parameters,
      batches: fiveSteps(1),
      settings: { ...run, schedule: "plateau", clipNorm: 0, weightDecay: 0, warmup: 0 },
    }),
    train("pairs", "L1 is taken over drawn states, with sums over the pairs", {
      parameters,
      batches: fiveSteps(1).map((step) => step.map((batch) => ({ ...batch, pairs: [0, 11, 5, 6, 2] }))),
      settings: { ...run, reduction: "sum" },
    }),
    train("dying", "B = 2, with dead states in every batch", {
      parameters: dying,
      batches: Array.from({ length: 5 }, () => [{ velocities: squareWalk, order: walk }]),
      settings: { ...run, velocityScale: 0.25, sigmaX: 0.125, sigmaC: 0.5 },
    }),
    train("plateau-accumulated", "the plateau schedule with two different batches a step and a warm-up", {
      parameters,
      batches: [1, 2, 3, 4, 5].map((step) => [more.batch(3, 4, 0.15), more.batch(3, 4, 0.02 * step ** 2)].reverse()),
      settings: { ...run, schedule: "plateau", plateauThreshold: 0.03125, warmup: 3 },
    }),
    train("plateau-mean", "the same with batches whose mean gets worse where the last one gets better", {
      parameters,
      batches: [1, 2, 3, 4, 5].map((step) => [mean.batch(3, 4, 0.15), mean.batch(3, 4, 0.02 * step ** 2)].reverse()),
      settings: { ...run, schedule: "plateau", plateauThreshold: 0.03125, warmup: 3 },
    }),
    train("curriculum", "sigmaG, lambdaInv and lambdaCap change from step to step, but the T of the batches does not", {
      parameters,
      batches: fiveSteps(1),
      settings: {
        ...run,
        lambdaInv: 0.5,
        curriculum: [
          { at: 0.125, sigmaG: 0.75, lambdaCap: 0.125, timesteps: 2 },
          { at: 0.375, lambdaInv: 0.25 },
          { at: 0.375, sigmaG: 0.625, lambdaInv: 0.125, lambdaCap: 0.25 },
          { at: 1 },
        ],
      },
    }),
    train("paper", "the paper's own settings of L4: sigmaS = 0, sigmaC = sigmaX; all pairs", {
      parameters,
      batches: fiveSteps(1),
      settings: { ...run, sigmaS: 0, sigmaC: settings.sigmaX },
    }),
  ];
}

/** T1 to T6, and whole training steps. */
export function trainingCases(): Case[] {
  return [...adamwSteps(), ...clippings(), ...schedules(), ...trainings()];
}
