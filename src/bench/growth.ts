import { mean } from "../statistics/statistics.ts";
/** What the time of a step is measured against: sizes of `fast` with half, all and twice of one of them. */
export const GROWTH = [
  { symbol: "N", key: "units", sizes: [32, 64, 128] },
  { symbol: "B", key: "trajectories", sizes: [16, 32, 64] },
  { symbol: "T", key: "timesteps", sizes: [30, 60, 120] },
] as const;

/** The exponent p of the law time = c size^p that fits best: the slope of a straight line through the logarithms. */
export function fittedExponent(sizes: readonly number[], times: readonly number[]): number {
  const [x, y] = [sizes, times].map((values) => values.map(Math.log)) as [number[], number[]];
  const [x0, y0] = [mean(x), mean(y)];
  const along = (values: number[], middle: number): number =>
    x.reduce((sum, xi, i) => sum + (xi - x0) * (values[i]! - middle), 0);
  return along(y, y0) / along(x, x0);
}
