import type { Wave } from "./phase.ts";
import { mean, variation } from "../statistics/statistics.ts";
import type { Samples } from "./survey.ts";
import { dot } from "./vector.ts";
import type { Vector } from "./vector.ts";

/** Population activity along one wave vector. */
export interface Ring {
  /** 1 - standard deviation / mean of the distance from the middle: 1 on a ring, 0.48 for a round normal cloud. */
  score: number;
  /** |mean exp(i (angle on the ring - 2 pi k.x))|: 1 if the angle tells the place along k, about 0 if it does not. */
  fidelity: number;
  /** The places on the ring, [count][2], less their mean and in units of their mean distance from it. */
  points: [number, number][];
}

/**
 * C5. Projects states on the plane in which a module's units, each with the phase that its rate map has along k, would run
 * around a ring as the place moves along k: z = sum_j g_j exp(-i arg w_j).
 * @param units the module's units, and `along` the amplitudes of the wave k in their rate maps, in that order
 * @spec C5
 */
export function ring(
  { positions, states }: Samples,
  units: readonly number[],
  along: readonly Wave[],
  k: Vector,
): Ring {
  const count = positions.length / 2;
  const width = states.length / count;
  const directions = along.map(({ re, im }): [number, number] => {
    const size = Math.hypot(re, im);
    return size > 0 ? [re / size, -im / size] : [0, 0];
  });
  const raw = Array.from({ length: count }, (_, s): [number, number] => {
    let [x, y] = [0, 0];
    units.forEach((unit, j) => {
      x += states[s * width + unit]! * directions[j]![0];
      y += states[s * width + unit]! * directions[j]![1];
    });
    return [x, y];
  });
  const [middleX, middleY] = [mean(raw.map(([x]) => x)), mean(raw.map(([, y]) => y))];
  const centred = raw.map(([x, y]): [number, number] => [x - middleX, y - middleY]);
  const radii = centred.map(([x, y]) => Math.hypot(x, y));
  const radius = mean(radii);
  const off = centred.map(
    ([x, y], s) => Math.atan2(y, x) - 2 * Math.PI * dot(k, [positions[2 * s]!, positions[2 * s + 1]!]),
  );
  return {
    score: radius > 0 ? 1 - variation(radii) : 0,
    fidelity: Math.hypot(mean(off.map(Math.cos)), mean(off.map(Math.sin))),
    points: centred.map(([x, y]) => [x / radius, y / radius]),
  };
}
