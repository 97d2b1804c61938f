import { cumsum } from "mathjs";
import type { Mat, Vec } from "./oracle-arrays.ts";

/** The two shapes of the distribution of base velocities. */
export type VelocityShape = "square" | "disc";

/**
 * D1 Velocities: the base velocity made of two independent numbers that are uniform in [0, 1).
 * In the square both components are uniform in [-velocityMax, velocityMax); in the disc the point is uniform in area.
 * @returns [v_x, v_y] in metres a step
 * @spec D1
 */
export function velocityFromUniforms(shape: VelocityShape, velocityMax: number, first: number, second: number): Vec {
  if (shape === "square") return [(2 * first - 1) * velocityMax, (2 * second - 1) * velocityMax];
  const radius = velocityMax * Math.sqrt(first);
  const angle = 2 * Math.PI * second;
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

/**
 * D1 Velocities: whether a velocity [v_x, v_y] (metres a step) lies in the support of its distribution.
 * @spec D1
 */
export function isBaseVelocity(velocity: Vec, shape: VelocityShape, velocityMax: number): boolean {
  const [x, y] = [velocity[0]!, velocity[1]!];
  return shape === "square" ? Math.max(Math.abs(x), Math.abs(y)) <= velocityMax : Math.hypot(x, y) <= velocityMax;
}

/**
 * D2 Permutations: whether `order` lists each of 0, 1, ..., order.length - 1 exactly once.
 * @spec D2
 */
export function isPermutation(order: Vec): boolean {
  return [...order].sort((a, b) => a - b).every((index, rank) => index === rank);
}

/**
 * D2 Permutations: the uniform permutation of 0 .. T-1 made of T - 1 independent numbers uniform in [0, 1)
 * (Fisher-Yates: the k-th number chooses who takes place k among those that have no place yet).
 * @spec D2
 */
export function permutationFromUniforms(uniforms: Vec): Vec {
  const order = Array.from({ length: uniforms.length + 1 }, (_, index) => index);
  uniforms.forEach((uniform, place) => {
    const chosen = place + Math.floor(uniform * (order.length - place));
    [order[place], order[chosen]] = [order[chosen]!, order[place]!];
  });
  return order;
}

/**
 * D3 Positions: x_{b,t} is the sum of the first t velocities of trajectory b, and x_{b,0} = 0.
 * @param velocities base velocities [K][2], metres a step
 * @param order [B][T], indices into `velocities`: trajectory b makes step t with velocities[order[b][t]]
 * @returns positions after the steps 1 .. T, time-major [T][B][2], metres
 * @spec D3
 */
export function positions(velocities: Mat, order: number[][]): number[][][] {
  const paths = order.map((indices) => {
    const steps = indices.map((index) => velocities[index]!);
    return cumsum(steps, 0) as Mat;
  });
  return order[0]!.map((_, t) => paths.map((path) => path[t]!));
}

/**
 * D4 Without permutation: the order in which each of B trajectories reads T velocities of its own from a list of B * T.
 * @returns [B][T] with entry [b][t] = b T + t
 * @spec D4
 */
export function independentOrder(trajectories: number, timesteps: number): number[][] {
  return Array.from({ length: trajectories }, (_, b) => Array.from({ length: timesteps }, (_, t) => b * timesteps + t));
}
