import * as tf from "@tensorflow/tfjs-core";
import { lap } from "../fusable/laps.ts";
import type { Batch } from "../model/data.ts";
import type { LossSettings } from "../model/losses.ts";
import type { Parameters as NetworkParameters } from "../model/network.ts";
import type { lossesAndGradients } from "../train/training.ts";
import { perParameter } from "../train/parameters.ts";
import { ROWS } from "./kernels.ts";
import type { KernelMemory } from "./memory.ts";
import { meanOf, nearPull, type Chosen, type Pull } from "./pairs.ts";
import { rolloutBack, rolloutForward, type Rollout, type RolloutSizes } from "./rollout.ts";
import { real } from "./threads.ts";
import { transitionBack, transitionForward } from "./transition.ts";

/**
 * The losses of one batch (L5 and its terms) and the gradients of all parameters, from N1 to L4 and back without a tape.
 * `farPull` is what is best for L1 on the engine in use.
 */
export function fusedLossesAndGradients(
  farPull: (memory: KernelMemory, chosen: Chosen, sigmaX: number, sigmaG: number) => Pull,
  memory: KernelMemory,
  ...[p, batch, config, pairs]: Parameters<typeof lossesAndGradients>
): ReturnType<typeof lossesAndGradients> {
  const { order, velocities, positions } = batch;
  const [timesteps, trajectories, count] = [positions.length, order.length, positions.length * order.length];
  const [units, hidden] = [p.gamma.size, p.a1.size];
  const sizes = { timesteps, trajectories, units, hidden, velocities: velocities.length };

  lap("data");
  const scaled = memory.floats(velocities.flat().map((v) => v / config.velocityScale));
  const taken = memory.whole(order.flat());
  const { gamma, ...matrices } = perParameter((name) => memory.of(p[name]));
  const weights = { ...matrices, v: scaled };
  const layers = transitionForward(memory, sizes, weights);
  const path = { W: layers.W, order: taken };
  const rolled = rolloutForward(memory, sizes, { gamma, ...path });
  lap("rollout");

  const all = chosen(memory, rolled.states, units, batch);
  const some = pairs ? chosen(memory, rolled.states, units, batch, pairs) : all;
  const far = farPull(memory, some, config.sigmaX, config.sigmaG);
  const drawn = config.invariancePairs === "drawn" ? some : all;
  const near = nearPull(memory, drawn, config.sigmaX);
  const share = ({ count }: Pull): number => (config.reduction === "sum" ? 1 : 1 / Math.max(count, 1));
  const sep = far.sum * share(far);
  const inv = near.sum * share(near);

  const mean = meanOf(memory, { count, units, states: rolled.states, rows: all.rows });
  const cap = -memory.threads.floats(mean, units).reduce((sum, x) => sum + x ** 2, 0);
  const slopes = memory.space(count * units);
  const capSlope = real((-2 * config.lambdaCap) / count);
  memory.run("fillRows", Math.ceil(count / ROWS), count * units, [count, units, mean, capSlope, slopes]);
  const addPull = (from: Pull, { rows, places }: Chosen, factor: number): void => {
    memory.run("addRows", 1, 0, [places.length / 2, units, from.pull, rows, real(factor), slopes]);
  };
  addPull(far, some, (-2 / config.sigmaG ** 2) * config.lambdaSep * share(far));
  addPull(near, drawn, 4 * config.lambdaInv * share(near));
  const { con, conCount, initialSlopes } = isometry(memory, sizes, rolled, { order: taken, slopes, batch }, config);

  lap("losses");
  const { dW, gamma: dGamma } = rolloutBack(memory, sizes, path, rolled, { slopes, initialSlopes });
  const back = { ...transitionBack(memory, sizes, weights, layers, dW), gamma: dGamma };
  const gradients = perParameter((name) => memory.tensor(back[name], p[name].shape)) as unknown as NetworkParameters;

  const { lambdaSep, lambdaInv, lambdaCap, lambdaCon } = config;
  const total = lambdaSep * sep + lambdaInv * inv + lambdaCap * cap + lambdaCon * con;
  lap("backward");
  const counts = { farCount: far.count, nearCount: near.count, deadStates: rolled.deadStates };
  const terms = { total, sep, inv, cap, con, ...counts };
  return { terms: { ...asScalars(terms), conCount }, gradients };
}

/** The states of a batch that `places` (t*B + b) lists, or all of them. */
function chosen(
  memory: KernelMemory,
  states: number,
  units: number,
  { positions, order }: Batch,
  places: ArrayLike<number> = positions.flatMap((row, t) => row.map((_, b) => t * order.length + b)),
): Chosen {
  const trajectories = order.length;
  const count = places.length;
  const flat = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) {
    const [x, y] = positions[Math.floor(places[i]! / trajectories)]![places[i]! % trajectories] as [number, number];
    flat[i] = x;
    flat[count + i] = y;
  }
  return { states, units, rows: memory.whole(places), places: flat };
}

/** L4, whose gradient is added to that of the states, and the address of its gradient of g_0 on each trajectory, [B, N]. */
function isometry(
  memory: KernelMemory,
  { timesteps, trajectories, units }: RolloutSizes,
  { states, initial }: Rollout,
  { order, slopes, batch }: { order: number; slopes: number; batch: Batch },
  { sigmaS, sigmaC, lambdaCon }: LossSettings,
): { con: number; conCount: number; initialSlopes: number } {
  const inverseSpeeds = batch.velocities.map(([vx, vy]) => {
    const speed = Math.hypot(vx!, vy!);
    return speed > sigmaS && speed < sigmaC ? 1 / speed : 0;
  });
  const count = timesteps * trajectories;
  const ratios = memory.space(count);
  const args = [timesteps, trajectories, units, states, initial, order, memory.floats(inverseSpeeds), ratios];
  memory.run("ratios", trajectories, count * units, args);
  const inside = memory.threads.floats(ratios, count).filter((ratio) => ratio > 0);
  const conCount = inside.length;
  const most = Math.max(conCount, 1);
  const mean = inside.reduce((sum, ratio) => sum + ratio, 0) / most;
  const con = inside.reduce((sum, ratio) => sum + (ratio - mean) ** 2, 0) / most;
  const initialSlopes = memory.space(trajectories * units);
  const factor = (2 * lambdaCon) / most;
  memory.run("isometryBack", trajectories, count * units, [...args, real(mean), real(factor), slopes, initialSlopes]);
  return { con, conCount, initialSlopes };
}

/** Numbers as scalars that outlive tf.tidy. */
function asScalars<Name extends string>(values: Record<Name, number>): Record<Name, tf.Scalar> {
  const scalars = Object.entries<number>(values).map(([name, value]) => [name, tf.keep(tf.scalar(value))]);
  return Object.fromEntries(scalars) as Record<Name, tf.Scalar>;
}
