import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import type { Lattice } from "./lattice.ts";
import { uniform } from "./random.ts";
import { dot } from "./vector.ts";

/** Phases in a lattice's cell: coordinates within [0, 1). */
export type Phase = readonly [number, number];

/** Harmonics whose sums tell clustered phases from spread ones: half of those up to the second (the rest mirrors them). */
const HARMONICS: readonly Phase[] = [1, 0, -1, 2, -2].flatMap((m) =>
  [0, 1, 2].flatMap((n): Phase[] => (n === 0 && m <= 0 ? [] : [[m, n]])),
);

/** Places along each side of the cell that are tried for the widest gap. */
const PLACES = 16;

/** How phases are spread over the cell. */
export interface Spread {
  /** The largest count |mean exp(2 pi i (m p + n q))|^2 of any harmonic (m, n): about 3 if the phases are independent and uniform, `count` if alike. */
  clustering: number;
  /** Greatest distance of a place in the cell from the nearest phase, in metres. */
  gap: number;
}

/** The distance of two phases on the torus that the cell makes, in metres: the shortest over neighbouring cells. */
function distanceOn({ a, b }: Lattice): (p: Phase, q: Phase) => number {
  const [aa, ab, bb] = [dot(a, a), dot(a, b), dot(b, b)];
  return (p, q) => {
    const u = p[0] - q[0] - Math.round(p[0] - q[0]);
    const v = p[1] - q[1] - Math.round(p[1] - q[1]);
    let least = Infinity;
    for (let m = u - 1; m <= u + 1; m++) {
      for (let n = v - 1; n <= v + 1; n++) least = Math.min(least, m * m * aa + 2 * m * n * ab + n * n * bb);
    }
    return Math.sqrt(least);
  };
}

/**
 * C4. How evenly phases lie in the cell of their lattice.
 * @spec C4
 */
export function spread(list: readonly Phase[], lattice: Lattice): Spread {
  const powers = HARMONICS.map(([m, n]) => {
    let [cosine, sine] = [0, 0];
    for (const [p, q] of list) {
      const angle = 2 * Math.PI * (m * p + n * q);
      cosine += Math.cos(angle);
      sine += Math.sin(angle);
    }
    return (cosine ** 2 + sine ** 2) / list.length;
  });
  const apart = distanceOn(lattice);
  let gap = 0;
  for (let i = 0; i < PLACES; i++) {
    for (let j = 0; j < PLACES; j++) {
      const place: Phase = [i / PLACES, j / PLACES];
      gap = Math.max(gap, Math.min(...list.map((phase) => apart(phase, place))));
    }
  }
  return { clustering: Math.max(...powers), gap };
}

/** What independent, uniform phases show: as many spreads of `count` phases as asked for. */
export function uniformSpreads(count: number, lattice: Lattice, draws: number, generator: RandomGenerator): Spread[] {
  return Array.from({ length: draws }, () =>
    spread(
      Array.from({ length: count }, (): Phase => [uniform(generator), uniform(generator)]),
      lattice,
    ),
  );
}
