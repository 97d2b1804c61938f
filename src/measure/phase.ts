import { mapOf } from "./rate-map.ts";
import type { RateMaps } from "./rate-map.ts";
import type { Lattice } from "./lattice.ts";
import { hann, windowed } from "./spectrum.ts";
import { cross, dot, modulo } from "./vector.ts";
import type { Vector } from "./vector.ts";

/** The complex amplitude of a wave in a map: its angle is the phase at the origin, in radians; its length does not matter. */
export interface Wave {
  re: number;
  im: number;
}

/** The wave vectors (cycles a metre) that belong to a lattice: k1.a = 1, k1.b = 0, k2.a = 0, k2.b = 1. */
export function reciprocal({ a, b }: Lattice): [Vector, Vector] {
  const area = cross(a, b);
  return [
    [b[1] / area, -b[0] / area],
    [-a[1] / area, a[0] / area],
  ];
}

/** The amplitude of the wave exp(2 pi i k.x) in each unit's rate map under Hann's window: the mean of r(x) exp(-2 pi i k.x). */
export function waves(maps: RateMaps, units: readonly number[], k: Vector): Wave[] {
  const { bins, box } = maps;
  const window = hann(bins);
  const centre = (bin: number): number => ((bin + 0.5) / bins - 0.5) * box;
  const angles = Float64Array.from(
    { length: bins * bins },
    (_, bin) => -2 * Math.PI * dot(k, [centre(bin % bins), centre(Math.floor(bin / bins))]),
  );
  const [cosines, sines] = [angles.map(Math.cos), angles.map(Math.sin)];
  return units.map((unit) => {
    const map = windowed(mapOf(maps, unit), window);
    let [re, im] = [0, 0];
    map.forEach((value, bin) => {
      re += value * cosines[bin]!;
      im += value * sines[bin]!;
    });
    return { re, im };
  });
}

/**
 * C4. Where in the cell of their lattice units fire: coordinates (m, n), each within [0, 1), so that fields lie at
 * (m + i) a + (n + j) b for whole i and j.
 * @spec C4
 */
export function phases(maps: RateMaps, units: readonly number[], lattice: Lattice): [number, number][] {
  const [first, second] = reciprocal(lattice).map((k) => waves(maps, units, k)) as [Wave[], Wave[]];
  const turn = ({ re, im }: Wave): number => modulo(-Math.atan2(im, re) / (2 * Math.PI), 1);
  return units.map((_, i) => [turn(first[i]!), turn(second[i]!)]);
}
