import * as tf from "@tensorflow/tfjs-core";
import { matrixProductGflops } from "../backend/gflops.ts";
import { drawBatch, type Batch } from "../model/data.ts";
import { losses } from "../model/losses.ts";
import { initialState, rollout, transition } from "../model/network.ts";
import type { Parameters } from "../model/network.ts";
import type { Config } from "../train/config.ts";
import { Random } from "../train/random.ts";
import { disposeLosses, lossesAndGradients, Training } from "../train/training.ts";
import { tapeTotal } from "./tape-step.ts";

export interface StepTimes {
  /** Milliseconds of a whole step and of its parts. */
  step: number;
  data: number;
  rollout: number;
  losses: number;
  backward: number;
  optimiser: number;
  /** Of the obvious step without its optimiser, held against ours without it. */
  tapeRatio: number;
  gflops: number;
  /** Our GFLOP/s as a share of the engine's in a matrix product. */
  productShare: number;
  /** Largest resident memory of the process, MB. */
  memory: number;
}

/** Times one training step of a config at its full T on the engine in use, and its parts; medians of `repeats`. */
export function measureStep(config: Config, repeats: number, tapeRepeats: number): StepTimes {
  const full = { ...config, timestepsStart: config.timesteps, accumulate: 1 };
  const training = Training.start(full);
  const random = Random.fromSeed(1);
  const states = full.trajectories * full.timesteps;
  const draw = (): { batch: Batch; pairs: Int32Array | undefined } => ({
    batch: drawBatch(random, full),
    pairs: full.pairStates === 0 || full.pairStates >= states ? undefined : random.sample(full.pairStates, states),
  });
  const p = training.parameters;
  const { batch, pairs } = draw();
  const scalar = (make: () => tf.Tensor): number => tf.tidy(() => make().dataSync()[0]!);
  const time = (work: () => unknown, count: number): number => median(count, work);

  const data = time(draw, repeats);
  const forward = time(
    () =>
      scalar(() => {
        const W = transition(p, tf.tensor2d(batch.velocities), full.velocityScale);
        return tf.sum(rollout(W, initialState(p.gamma), batch.order));
      }),
    repeats,
  );
  const value = time(() => scalar(() => losses(p, batch, full.velocityScale, full, pairs).total), repeats);
  const gradient = time(
    () =>
      scalar(() => {
        const { terms, gradients } = lossesAndGradients(p, batch, full, pairs);
        disposeLosses(terms);
        return gradients.gamma;
      }),
    repeats,
  );
  const tape = tapeRepeats === 0 ? NaN : time(() => scalar(() => tapeGradient(p, batch, full, pairs)), tapeRepeats);
  const step = time(() => training.advance(), repeats);
  training.dispose();
  const work = operations(full, pairs?.length ?? states);
  const gflops = work / step / 1e6;
  return {
    step,
    data,
    rollout: forward,
    losses: value - forward,
    backward: gradient - value,
    optimiser: Math.max(0, step - gradient - data),
    tapeRatio: tape / gradient,
    gflops,
    productShare: gflops / matrixProductGflops(),
    memory: process.resourceUsage().maxRSS / 1000,
  };
}

function tapeGradient(p: Parameters, batch: Batch, config: Config, pairs: Int32Array | undefined): tf.Tensor {
  const names = Object.keys(p) as (keyof Parameters)[];
  const total = (...tensors: tf.Tensor[]): tf.Scalar =>
    tapeTotal(
      Object.fromEntries(names.map((name, i) => [name, tensors[i]])) as unknown as Parameters,
      batch,
      config.velocityScale,
      config,
      pairs,
    );
  return tf
    .valueAndGrads(total)(names.map((name) => p[name]))
    .grads.at(-1)!;
}

/** Floating point operations in the matrix products of a step: the MLP, the rollout and the pairs, forward and back. */
function operations({ units, hidden, timesteps, trajectories }: Config, pairStates: number): number {
  const mlp = timesteps * (2 * hidden + hidden ** 2 + hidden * units ** 2);
  const rolled = timesteps * trajectories * units ** 2;
  const pairs = pairStates ** 2 * (units + 2);
  return 2 * 3 * (mlp + rolled + pairs);
}

function median(count: number, work: () => unknown): number {
  work();
  const times = Array.from({ length: count }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  });
  return times.sort((a, b) => a - b)[count >> 1]!;
}
