import * as tf from "@tensorflow/tfjs-core";
import { matrixProductGflops } from "../backend/gflops.ts";
import { asItReads } from "../fusable/fusable.ts";
import { drawBatch, type Batch } from "../model/data.ts";
import { losses } from "../model/losses.ts";
import { initialState, rollout, transition } from "../model/network.ts";
import type { Parameters } from "../model/network.ts";
import type { Config } from "../train/config.ts";
import { Random } from "../train/random-source.ts";
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
  /** A whole step with all functions as they read, held against ours; 1 where the engine has no fused kernels. */
  readableRatio: number;
  /** Of the obvious step without its optimiser, held against ours without it. */
  tapeRatio: number;
  gflops: number;
  /** Our GFLOP/s as a share of the engine's in a matrix product. */
  productShare: number;
  /** Largest resident memory of the process before the tape, MB. */
  memory: number;
}

/** Times one training step of a config at its full T on the engine in use, and its parts, which add up to it; medians of `repeats`. */
export async function measureStep(config: Config, repeats: number, tapeRepeats: number): Promise<StepTimes> {
  const full = { ...config, curriculum: [], accumulate: 1 };
  const training = Training.start(full);
  const random = Random.fromSeed(1);
  const states = full.trajectories * full.timesteps;
  const draw = (): { batch: Batch; pairs: Int32Array | undefined } => ({
    batch: drawBatch(random, full),
    pairs: full.pairStates === 0 || full.pairStates >= states ? undefined : random.sample(full.pairStates, states),
  });
  let p = training.parameters;
  const scalar = async (make: () => tf.Tensor): Promise<number> => {
    const made = tf.tidy(make);
    const [value] = await made.data();
    made.dispose();
    return value!;
  };
  // Each does what the one before it does, and one part more. They take turns, so that a busy moment of the machine slows all alike.
  const [data, forward, value, gradient, step, readable] = (await medians(repeats, [
    draw,
    () =>
      scalar(() => {
        const { batch } = draw();
        const W = transition(p, tf.tensor2d(batch.velocities), full.velocityScale);
        return tf.sum(rollout(W, initialState(p.gamma), batch.order));
      }),
    () =>
      scalar(() => {
        const { batch, pairs } = draw();
        return losses(p, batch, full.velocityScale, full, pairs).total;
      }),
    () =>
      scalar(() => {
        const { batch, pairs } = draw();
        const { terms, gradients } = lossesAndGradients(p, batch, full, pairs);
        disposeLosses(terms);
        return gradients.gamma;
      }),
    async () => {
      await training.advance();
      p = training.parameters;
    },
    async () => {
      await asItReads(() => training.advance());
      p = training.parameters;
    },
  ])) as [number, number, number, number, number, number];
  const memory = process.resourceUsage().maxRSS / 1000;
  const { batch, pairs } = draw();
  const [tape] =
    tapeRepeats === 0 ? [NaN] : await medians(tapeRepeats, [() => scalar(() => tapeGradient(p, batch, full, pairs))]);
  training.dispose();
  const work = operations(full, pairs?.length ?? states);
  const gflops = work / step / 1e6;
  return {
    step,
    ...partsOf(step, { data, rollout: forward, losses: value, backward: gradient, optimiser: step }),
    readableRatio: readable / step,
    tapeRatio: tape! / (gradient - data),
    gflops,
    productShare: gflops / (await matrixProductGflops()),
    memory,
  };
}

/** What each part adds to those before it, no less than nothing, all together the whole step. */
function partsOf<Part extends string>(step: number, upTo: Record<Part, number>): Record<Part, number> {
  let before = 0;
  const added = Object.entries<number>(upTo).map(([part, time]) => {
    const after = Math.min(step, Math.max(before, time));
    const share = after - before;
    before = after;
    return [part, share];
  });
  return Object.fromEntries(added) as Record<Part, number>;
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

/** Floating point operations in the matrix products of a step as it reads: the MLP, the rollout and L1, forward and back. */
function operations({ units, hidden, timesteps, trajectories }: Config, pairStates: number): number {
  const mlp = timesteps * (2 * hidden + hidden ** 2 + hidden * units ** 2);
  const rolled = timesteps * trajectories * units ** 2;
  const pairs = pairStates ** 2 * units;
  return 2 * 3 * (mlp + rolled + pairs);
}

/** The median time of each of some works in milliseconds, all of them done in turn. */
async function medians(count: number, works: (() => unknown)[]): Promise<number[]> {
  const rounds: number[][] = [];
  for (let round = 0; round <= count; round++) {
    const times: number[] = [];
    for (const work of works) {
      const started = performance.now();
      await work();
      times.push(performance.now() - started);
    }
    if (round > 0) rounds.push(times); // the first round only warms up
  }
  return works.map((_, i) => rounds.map((times) => times[i]!).sort((a, b) => a - b)[count >> 1]!);
}
