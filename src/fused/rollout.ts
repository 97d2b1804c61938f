import * as tf from "@tensorflow/tfjs-core";
import { occurrences } from "../model/network.ts";
import type { Operands } from "./operands.ts";

/** N3 repeated and its way back: trajectory by trajectory, and velocity by velocity for the gradient of W. */
export function fusedRollout(
  operands: Operands,
  W: tf.Tensor3D,
  initial: tf.Tensor1D,
  order: number[][],
): tf.Tensor3D | undefined {
  const [timesteps, trajectories, units, velocities] = [order[0]!.length, order.length, initial.size, W.shape[0]];
  const numbers = 2 * W.size + 6 * timesteps * trajectories * (units + 1);
  if (!operands.begin(numbers)) return undefined;
  const work = timesteps * trajectories * units ** 2;
  const sizes = [timesteps, trajectories, units];
  const run = tf.customGrad((...inputs) => {
    const [W, initial, save] = inputs as [tf.Tensor3D, tf.Tensor1D, tf.GradSaveFunc];
    const states = operands.space(timesteps * trajectories * units);
    const scales = operands.space(timesteps * trajectories);
    const taken = operands.whole(order.flat());
    operands.run("rollout", trajectories, work, [
      ...sizes,
      operands.of(W),
      operands.of(initial),
      taken,
      states,
      scales,
    ]);
    const value = operands.tensor<tf.Rank.R3>(states, [timesteps, trajectories, units]);
    save([W, initial, value, operands.tensor(scales, [timesteps, trajectories])]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      operands.begin(numbers);
      const [W, initial, states, scales] = saved.map((t) => operands.of(t)) as [number, number, number, number];
      const taken = operands.whole(order.flat());
      const delta = operands.space(timesteps * trajectories * units);
      const carried = operands.space(trajectories * units);
      const outside = operands.of(dy);
      operands.run("rolloutBack", trajectories, work, [...sizes, W, taken, states, scales, outside, delta, carried]);
      const uses = occurrences(order, velocities)
        .flat()
        .map((use) => (use % timesteps) * trajectories + Math.floor(use / timesteps));
      const room = operands.space(2 * timesteps * trajectories * units);
      const dW = operands.space(velocities * units ** 2);
      operands.run("transitionBack", velocities, work, [
        ...[trajectories, units, uses.length / velocities],
        ...[operands.whole(uses), delta, states, initial, dW, room],
      ]);
      const dInitial = tf.sum(operands.tensor<tf.Rank.R2>(carried, [trajectories, units]), 0);
      return [operands.tensor(dW, [velocities, units, units]), dInitial];
    };
    return { value, gradFunc };
  });
  return run(W, initial);
}
