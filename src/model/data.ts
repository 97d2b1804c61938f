/** D: permuted velocity sequences. Plain numbers in float64; the network turns them into tensors. */

/** A source of uniform random numbers: `uniform()` in [0, 1), `below(n)` an integer in 0..n-1. */
export interface RandomSource {
  uniform(): number;
  below(n: number): number;
}

/** One batch: B trajectories of T steps over K velocities. K is T, and B*T without permutation (D4). */
export interface Batch {
  /** [K][2], metres a step. */
  velocities: number[][];
  /** [B][T]; order[b][t] is the index of the velocity that trajectory b takes at its step t. */
  order: number[][];
  /** [T][B][2], metres; positions[t][b] is where trajectory b is after its step t. */
  positions: number[][][];
}

export type VelocityShape = "disc" | "square";

/** D1: velocities [count][2] in metres a step, independent, uniform in a disc of radius `max` or in [-max, max]^2. @spec D1 */
export function drawVelocities(random: RandomSource, count: number, shape: VelocityShape, max: number): number[][] {
  return Array.from({ length: count }, () => {
    for (;;) {
      const [x, y] = [2 * random.uniform() - 1, 2 * random.uniform() - 1];
      if (shape === "square" || x * x + y * y <= 1) return [max * x, max * y];
    }
  });
}

/** D2: B independent, uniformly distributed permutations of 0..T-1, [B][T]. @spec D2 */
export function drawPermutations(random: RandomSource, trajectories: number, timesteps: number): number[][] {
  return Array.from({ length: trajectories }, () => {
    const order = Array.from({ length: timesteps }, (_, t) => t);
    for (let t = timesteps - 1; t > 0; t--) {
      const s = random.below(t + 1);
      [order[t], order[s]] = [order[s]!, order[t]!];
    }
    return order;
  });
}

/**
 * D3: positions [T][B][2] in metres, the running sums of each trajectory's velocities from the origin.
 * Throws if a velocity is not a finite pair or an entry of `order` is no index of one. @spec D3
 */
export function positions(velocities: number[][], order: number[][]): number[][][] {
  velocities.forEach((v, k) => {
    if (v.length !== 2 || !v.every(Number.isFinite))
      throw new Error(`velocities[${k}] is [${v.join(", ")}]; expected two finite numbers`);
  });
  const timesteps = order[0]?.length ?? 0;
  const at = order.map(() => [0, 0]);
  return Array.from({ length: timesteps }, (_, t) =>
    order.map((sequence, b) => {
      const v = velocities[sequence[t] ?? -1];
      if (!v)
        throw new Error(`order[${b}][${t}] is ${String(sequence[t])}; expected an index below ${velocities.length}`);
      at[b] = [at[b]![0]! + v[0]!, at[b]![1]! + v[1]!];
      return at[b];
    }),
  );
}

/** How a batch is drawn; `permute` false is the ablation D4. */
interface DataSettings {
  trajectories: number;
  timesteps: number;
  velocityShape: VelocityShape;
  velocityMax: number;
  permute: boolean;
}

/**
 * D1 to D3: a batch of permuted trajectories, which all end at one point. D4, without permutation: every trajectory draws its
 * own T velocities, and no two share an end point. @spec D4
 */
export function drawBatch(random: RandomSource, settings: DataSettings): Batch {
  const { trajectories, timesteps, velocityShape, velocityMax, permute } = settings;
  const velocities = drawVelocities(random, permute ? timesteps : trajectories * timesteps, velocityShape, velocityMax);
  const order = permute
    ? drawPermutations(random, trajectories, timesteps)
    : Array.from({ length: trajectories }, (_, b) => Array.from({ length: timesteps }, (_, t) => b * timesteps + t));
  return { velocities, order, positions: positions(velocities, order) };
}
