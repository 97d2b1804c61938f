import { z } from "zod";
import { InputError } from "../io/error.ts";
import { expectation } from "../io/expectation.ts";
import { TERMS } from "./acceptance-criteria.ts";

const positive = z.number().positive();
const share = z.number().min(0).max(1);
const belowOne = z.number().min(0).lt(1);
const whole = z.int().positive();
const size = whole.max(100_000);
const weight = z.number().min(0);

/** Numbers in one tensor that no config may exceed: W(v)'s last layer, and the matrices of a rollout; 1 GB and 16 GB. */
const LARGEST_LAYER = 2 ** 28;
const LARGEST_ROLLOUT = 2 ** 32;

/** Every key of a run, with its meaning (shown by --help), its range, and the value that the preset `fast` gives it. */
export const configSchema = z
  .strictObject({
    seed: z
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .describe("seed of all randomness"),
    steps: whole.describe("optimiser steps of an attempt"),
    attempts: whole.max(1000).describe("largest number of attempts, each from a seed of its own (T8)"),
    acceptanceCriteria: z
      .array(
        z.strictObject({ at: share, term: z.enum(TERMS), least: z.number().optional(), most: z.number().optional() }),
      )
      .describe(
        "JSON list of criteria (T8): at the share `at` of an attempt the mean of the loss `term` must lie in [least, most], or else a new attempt begins; [] means no criteria",
      ),
    trajectories: size.describe("B, the number of trajectories in a batch"),
    timesteps: size.describe("T, the number of time steps in a trajectory"),
    curriculum: z
      .array(
        z.strictObject({
          at: share,
          timesteps: size.optional(),
          sigmaG: positive.optional(),
          lambdaInv: weight.optional(),
          lambdaCap: weight.optional(),
        }),
      )
      .describe(
        "JSON list of knots (T6): the values of timesteps, sigmaG, lambdaInv and lambdaCap at the share `at` of an attempt; [] keeps them constant",
      ),
    velocityShape: z
      .enum(["disc", "square"])
      .describe("shape in which velocities are drawn uniformly: disc or square (D1)"),
    velocityMax: positive.describe("radius of the disc, or half a side of the square, in metres a step (D1)"),
    velocityScale: positive.describe(
      "s_v: velocities are divided by this at the input of the network (N1), in metres a step",
    ),
    permute: z
      .boolean()
      .describe(
        "true: the trajectories of a batch permute one list of velocities (D2); false: each has its own velocities (D4)",
      ),
    units: size.min(2).describe("N, the number of recurrent units"),
    hidden: size.describe("H, the width of the MLP's hidden layers (N1)"),
    init: z
      .enum(["identity", "library"])
      .describe(
        "first values of the parameters: identity makes W(v) start near the identity matrix, library starts linear layers as libraries do (T7)",
      ),
    sigmaX: positive.describe("distance that divides near pairs from far pairs, in metres (L1, L2)"),
    sigmaG: positive.describe("width of the separation kernel in state space (L1)"),
    sigmaS: weight.describe(
      "only steps faster than this count in L4, in metres a step; with 0 every step that moves counts",
    ),
    sigmaC: positive.describe("only steps slower than this count in L4, in metres a step"),
    lambdaSep: weight.describe("weight of the separation loss (L1)"),
    lambdaInv: weight.describe("weight of the invariance loss (L2)"),
    lambdaCap: weight.describe("weight of the capacity loss (L3)"),
    lambdaCon: weight.describe("weight of the conformal isometry loss (L4)"),
    reduction: z
      .enum(["mean", "sum"])
      .describe("whether L1 and L2 are the mean or the sum over their pairs: mean or sum"),
    pairStates: z.int().min(0).describe("number of states that are drawn at each step for L1; 0 takes all states"),
    invariancePairs: z
      .enum(["all", "drawn"])
      .describe(
        "pairs of L2: all takes every near pair, drawn takes those among the states drawn for L1, as the golden models do",
      ),
    learningRate: positive.describe("peak learning rate of AdamW (T1)"),
    beta1: belowOne.describe("decay of the first moment of AdamW (T1)"),
    beta2: belowOne.describe("decay of the second moment of AdamW (T1)"),
    epsilon: positive.describe("number added to the root of the second moment of AdamW (T1)"),
    weightDecay: weight.describe("decoupled weight decay of AdamW (T1)"),
    clipNorm: weight.describe("largest global norm of the gradient (T2); 0 switches clipping off"),
    accumulate: size.describe("number of batches whose gradients are averaged in a step (T3)"),
    schedule: z
      .enum(["constant", "cosine", "plateau"])
      .describe("schedule of the learning rate: constant, cosine (T4) or plateau (T5)"),
    warmup: z.int().min(0).describe("number of steps in which the learning rate rises linearly at the start (T4)"),
    cosineFloor: share.describe("share of the learning rate that is left at the end of the cosine (T4)"),
    plateauFactor: positive.max(1).describe("factor by which the learning rate is multiplied on a plateau (T5)"),
    plateauPatience: z.int().min(0).describe("steps without improvement before the learning rate is reduced (T5)"),
    plateauThreshold: weight.describe("smallest relative improvement that counts (T5)"),
    checkpointEvery: whole.describe("number of steps between checkpoints"),
    logEvery: whole.describe("number of steps that are averaged in a line of metrics"),
  })
  .refine((c) => c.curriculum.every(({ timesteps }) => (timesteps ?? 0) <= c.timesteps), {
    path: ["curriculum"],
    error: (issue) => `timesteps of at most the run's own (${(issue.input as { timesteps: number }).timesteps})`,
  })
  .refine((c) => c.curriculum.every(({ at }, k) => k === 0 || at >= c.curriculum[k - 1]!.at), {
    path: ["curriculum"],
    error: "knots in the order of their shares",
  })
  .refine((c) => c.hidden * c.units ** 2 <= LARGEST_LAYER, {
    path: ["units"],
    error: `less: hidden * units^2 is at most ${LARGEST_LAYER}`,
  })
  .refine((c) => c.trajectories * c.timesteps * c.units ** 2 <= LARGEST_ROLLOUT, {
    path: ["trajectories"],
    error: `less: trajectories * timesteps * units^2 is at most ${LARGEST_ROLLOUT}`,
  });

export type Config = z.infer<typeof configSchema>;

export type ConfigKey = keyof Config;
export const CONFIG_KEYS = Object.keys(configSchema.shape) as ConfigKey[];

/** What the presets have in common where they do not say otherwise. */
const common: Omit<Config, "steps"> = {
  seed: 0,
  attempts: 1,
  acceptanceCriteria: [],
  trajectories: 32,
  timesteps: 60,
  curriculum: [],
  velocityShape: "disc",
  velocityMax: 0.34,
  velocityScale: 0.15,
  permute: true,
  units: 64,
  hidden: 64,
  init: "identity",
  sigmaX: 0.05,
  sigmaG: 0.4,
  sigmaS: 0.07,
  sigmaC: 0.34,
  lambdaSep: 1,
  lambdaInv: 0.1,
  lambdaCap: 0.5,
  lambdaCon: 2,
  reduction: "mean",
  pairStates: 1000,
  invariancePairs: "all",
  learningRate: 1e-3,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  clipNorm: 0.1,
  accumulate: 1,
  schedule: "cosine",
  warmup: 500,
  cosineFloor: 0.05,
  plateauFactor: 0.5,
  plateauPatience: 10_000,
  plateauThreshold: 1e-4,
  checkpointEvery: 1000,
  logEvery: 100,
};

/**
 * A lattice forms (0.2 to 0.27), and most units join it (to 0.445). Under a wide kernel the last units join (to 0.605). It splits (to
 * 0.8, or while the kernel narrows) into itself and its sub-lattice of index 3. Then both settle under the paper's weights.
 */
const fast: Config = {
  ...common,
  steps: 15_750,
  attempts: 16,
  acceptanceCriteria: [
    { at: 0.42, term: "inv", least: 0.062 },
    { at: 1, term: "total", most: -0.1853 },
  ],
  curriculum: [
    { at: 0.2, timesteps: 30, sigmaG: 0.6, lambdaCap: 0.15 },
    { at: 0.27, timesteps: 30 },
    { at: 0.33, timesteps: 30 },
    { at: 0.355, timesteps: 45, sigmaG: 0.45, lambdaCap: 0.4, lambdaInv: 0.2 },
    { at: 0.445, timesteps: 45, sigmaG: 0.45, lambdaCap: 0.4, lambdaInv: 0.2 },
    { at: 0.445, sigmaG: 0.575, lambdaCap: 0.175, lambdaInv: 0.02 },
    { at: 0.605, sigmaG: 0.575, lambdaCap: 0.175, lambdaInv: 0.02 },
    { at: 0.665, sigmaG: 0.55, lambdaCap: 0.2, lambdaInv: 0.05 },
    { at: 0.8, sigmaG: 0.55, lambdaCap: 0.2, lambdaInv: 0.05 },
    { at: 0.92 },
  ],
  velocityMax: 0.3,
  sigmaS: 0.1,
  sigmaC: 0.3,
  learningRate: 1.12e-3,
  warmup: 2000,
  cosineFloor: 0.3,
  logEvery: 105,
};

/** Named starting points. `paper` is the paper's own setting as far as it is given; spec/training.md says what was decided. */
export const PRESETS = {
  fast,
  wide: {
    ...common,
    steps: 25_000,
    units: 128,
    curriculum: [{ at: 0, timesteps: 10 }, { at: 0.5 }],
    sigmaS: 0.02,
    sigmaC: 0.1,
    lambdaCon: 1,
    learningRate: 5e-4,
  },
  paper: {
    ...common,
    steps: 2_000_000,
    trajectories: 130,
    velocityShape: "square",
    velocityMax: 0.15,
    velocityScale: 1,
    units: 128,
    hidden: 256,
    init: "library",
    sigmaS: 0,
    sigmaC: 0.05,
    lambdaCon: 1,
    pairStates: 0,
    learningRate: 2e-5,
    weightDecay: 0.01,
    accumulate: 2,
    schedule: "plateau",
    warmup: 0,
  },
  glimpse: {
    ...common,
    steps: 6000,
    trajectories: 16,
    timesteps: 20,
    hidden: 32,
    lambdaInv: 0.25,
    lambdaCon: 5,
    pairStates: 320,
  },
} satisfies Record<string, Config>;

export type PresetName = keyof typeof PRESETS;

/** The preset of that name. Throws an InputError for any other. */
export function preset(name: string): Config {
  if (!Object.hasOwn(PRESETS, name))
    throw new InputError(`preset is "${name}"; expected one of ${Object.keys(PRESETS).join(", ")}`);
  return PRESETS[name as PresetName];
}

/** More states than this in the pairs make large matrix products the main work. */
const MANY_PAIR_STATES = 3000;

/** Of how many states L1 takes the pairs in a batch. */
export function statesInPairs({ trajectories, timesteps, pairStates }: Config): number {
  const states = trajectories * timesteps;
  return pairStates === 0 ? states : Math.min(states, pairStates);
}

/** What a training with this config mostly asks of an engine. */
export function workload(config: Config): "steps" | "products" {
  return statesInPairs(config) > MANY_PAIR_STATES ? "products" : "steps";
}

/** A whole, valid config, or an InputError that names the key, the value and what was expected; `from` says where it was read. */
export function parseConfig(value: unknown, from: string): Config {
  const result = configSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  if (issue.code === "unrecognized_keys")
    throw new InputError(`${from}: unknown key ${issue.keys.join(", ")}; expected some of ${CONFIG_KEYS.join(", ")}`);
  const key = issue.path.join(".") || "config";
  const given: unknown = issue.path.reduce<unknown>(
    (v, k) => (v as Record<PropertyKey, unknown> | undefined)?.[k],
    value,
  );
  throw new InputError(`${from}: ${key} is ${inWords(given)}; expected ${expectation(issue)}`);
}

/** A value of a config as it stands in a message. */
export function inWords(value: unknown): string {
  if (value === undefined) return "missing";
  return typeof value === "number" ? String(value) : JSON.stringify(value);
}
