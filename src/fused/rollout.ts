import type { KernelMemory } from "./memory.ts";

/** Sizes of N3: T steps of B trajectories, N units, K velocities. */
export interface RolloutSizes {
  timesteps: number;
  trajectories: number;
  units: number;
  velocities: number;
}

/** Addresses of what N2 and N3 give. */
export interface Rollout {
  /** g_0 [N], and the factor of Norm in it. */
  initial: number;
  initialScale: number;
  /** [T, B, N], and the factors of Norm [T, B]. */
  states: number;
  scales: number;
  /** N4: how many states are dead. */
  deadStates: number;
}

/** N2, and N3 repeated: trajectory by trajectory in the `order` [B, T] of the matrices W [K, N, N]. */
export function rolloutForward(
  memory: KernelMemory,
  { timesteps, trajectories, units }: RolloutSizes,
  { gamma, W, order }: { gamma: number; W: number; order: number },
): Rollout {
  const initial = memory.space(units);
  const initialScale = memory.space(1);
  memory.run("initial", 1, 0, [units, gamma, initial, initialScale]);
  const states = memory.space(timesteps * trajectories * units);
  const scales = memory.space(timesteps * trajectories);
  const dead = memory.space(trajectories);
  const args = [timesteps, trajectories, units, W, initial, order, states, scales, dead];
  memory.run("rollout", trajectories, timesteps * trajectories * units ** 2, args);
  const deadStates = memory.threads.ints(dead, trajectories).reduce((a, b) => a + b);
  return { initial, initialScale, states, scales, deadStates };
}

/**
 * The addresses of the gradients of W and gamma, from those of the states, `slopes` [T, B, N], and of g_0 on each trajectory,
 * [B, N], outside of N3.
 */
export function rolloutBack(
  memory: KernelMemory,
  { timesteps, trajectories, units, velocities }: RolloutSizes,
  { W, order }: { W: number; order: number },
  { initial, initialScale, states, scales }: Rollout,
  { slopes, initialSlopes }: { slopes: number; initialSlopes: number },
): { dW: number; gamma: number } {
  const count = timesteps * trajectories;
  const work = count * units ** 2;
  const delta = memory.space(count * units);
  const carried = memory.space(trajectories * units);
  const sizes = [timesteps, trajectories, units];
  memory.run("rolloutBack", trajectories, work, [...sizes, W, order, states, scales, slopes, delta, carried]);
  const gamma = memory.space(units);
  memory.run("initialBack", 1, 0, [units, trajectories, initial, initialScale, carried, initialSlopes, gamma]);
  const starts = memory.space(velocities + 1);
  const uses = memory.space(count);
  memory.run("uses", 1, 0, [timesteps, trajectories, velocities, order, starts, uses]);
  const dW = memory.space(velocities * units ** 2);
  const args = [trajectories, units, starts, uses, delta, states, initial, dW, memory.space(2 * count * units)];
  memory.run("transitionBack", velocities, work, args);
  return { dW, gamma };
}
