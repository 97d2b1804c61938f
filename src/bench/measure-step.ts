import * as tf from "@tensorflow/tfjs-core";
import { matrixProductGflops } from "../backend/gflops.ts";
import { asItReads } from "../fusable/fusable.ts";
import { withLaps } from "../fusable/laps.ts";
import { drawBatch, type Batch } from "../model/data.ts";
import { losses } from "../model/losses.ts";
import { initialState, rollout, transition } from "../model/network.ts";
import type { Parameters } from "../model/network.ts";
import type { Config } from "../train/config.ts";
import { Random } from "../train/random-source.ts";
import { disposeLosses, lossesAndGradients, Training } from "../train/training.ts";
import { tapeTotal } from "./tape-step.ts";

export interface StepTimes extends Parts {
  /** Milliseconds of a whole step, and of its parts. */
  step: number;
  /** A whole step with all functions as they read, held against ours; 1 where the engine has no fused kernels. */
  readableRatio: number;
  /** Of the obvious step without its optimiser, held against ours without it. */
  tapeRatio: number;
  gflops: number;
  /** Our GFLOP/s as a share of the engine's in a matrix product. */
  productShare: number;
  /** Largest resident memory of a process that trains, MB. */
  memory: number;
}

const PARTS = ["data", "rollout", "losses", "backward", "optimiser"] as const;
type Parts = Record<(typeof PARTS)[number], number>;

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
  const scalar = async (make: () => tf.Tensor): Promise<number> => {
    const made = tf.tidy(make);
    const [value] = await made.data();
    made.dispose();
    return value!;
  };
  const laps: ReadonlyMap<string, number>[] = [];
  const step = async (): Promise<unknown> => laps.push(await withLaps("optimiser", () => training.advance()));
  for (let i = 0; i < 3; i++) await step();
  const memory = process.resourceUsage().maxRSS / 1000;
  const isFused = laps[0]!.has("rollout");
  laps.length = 0;
  const functions = [
    () =>
      scalar(() => {
        const { parameters: p } = training;
        const { batch } = draw();
        const W = transition(p, tf.tensor2d(batch.velocities), full.velocityScale);
        return tf.sum(rollout(W, initialState(p.gamma), batch.order));
      }),
    () =>
      scalar(() => {
        const { batch, pairs } = draw();
        return losses(training.parameters, batch, full.velocityScale, full, pairs).total;
      }),
  ];
  // Each does what the one before it does, and one part more. They take turns, so that a busy moment of the machine slows all alike.
  const [readable, whole, gradient, data, ...upTo] = (await medians(repeats, [
    () => asItReads(() => training.advance()),
    step,
    () =>
      scalar(() => {
        const { batch, pairs } = draw();
        const { terms, gradients } = lossesAndGradients(training.parameters, batch, full, pairs);
        disposeLosses(terms);
        return gradients.gamma;
      }),
    draw,
    ...(isFused ? [] : functions),
  ])) as [number, number, number, number, ...number[]];
  const { batch, pairs } = draw();
  const tapeStep = (): Promise<number> => scalar(() => tapeGradient(training.parameters, batch, full, pairs));
  const [tape] = tapeRepeats === 0 ? [NaN] : await medians(tapeRepeats, [tapeStep]);
  training.dispose();
  const gflops = operations(full, pairs?.length ?? states) / whole / 1e6;
  return {
    step: whole,
    ...(isFused ? sharesOf(whole, laps) : partsOf(whole, [data, ...upTo, gradient, whole])),
    readableRatio: readable / whole,
    tapeRatio: tape! / (gradient - data),
    gflops,
    productShare: gflops / (await matrixProductGflops()),
    memory,
  };
}

/** The parts of a step, as the laps of many of them share it. */
function sharesOf(step: number, laps: readonly ReadonlyMap<string, number>[]): Parts {
  const sums = PARTS.map((part) => laps.reduce((sum, one) => sum + one.get(part)!, 0));
  const all = sums.reduce((a, b) => a + b);
  return Object.fromEntries(PARTS.map((part, i) => [part, (step * sums[i]!) / all])) as Parts;
}

/** What each part adds to those before it, no less than nothing, all together the whole step. */
function partsOf(step: number, upTo: readonly number[]): Parts {
  let before = 0;
  const added = PARTS.map((part, i) => {
    const after = Math.min(step, Math.max(before, upTo[i]!));
    const share = after - before;
    before = after;
    return [part, share];
  });
  return Object.fromEntries(added) as Parts;
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
