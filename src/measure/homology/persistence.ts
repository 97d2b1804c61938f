import { requireCount, requireThat } from "../../io/require.ts";
import { longestFirst } from "./bar.ts";
import type { Barcode } from "./bar.ts";
import { Filtration } from "./filtration.ts";
import { isPrime } from "./prime-field.ts";
import { components, cycles } from "./reduction.ts";

/** Coefficients are whole numbers modulo this prime: that of Gardner et al. (2022), and odd, so that a Klein bottle is no torus. */
const PRIME = 47;

/** Primes and numbers of points are bounded so that a simplex with its coefficient is exact in float64; time runs out long before. */
const LARGEST_PRIME = 1021;
const MOST_POINTS = 2000;

export interface PersistenceOptions {
  /** Highest dimension of the classes: 0, 1 or 2 (if left out). */
  maximumDimension?: number;
  /** Coefficients are taken modulo this prime; 47 if left out. */
  prime?: number;
  /** Largest scale that is looked at; if left out the enclosing radius, beyond which nothing is born or dies. */
  threshold?: number;
}

/**
 * M11. Persistent homology of the Vietoris-Rips complexes of n points. Bars of length 0 are left out.
 * @param distances [n, n]: finite, symmetric, 0 on the diagonal; the triangle inequality is not needed
 * @returns the bars of each dimension in the unit of the distances, longest first; of equal length, the one that is born first
 * @throws InputError for distances that are none, and for an option out of its range
 * @spec M11
 */
export function persistence(distances: ArrayLike<number>, n: number, options: PersistenceOptions = {}): Barcode {
  requireDistances(distances, n);
  const { maximumDimension = 2, prime = PRIME, threshold = enclosingRadius(distances, n) } = options;
  requireThat([0, 1, 2].includes(maximumDimension), "maximumDimension", maximumDimension, "0, 1 or 2");
  requireThat(isPrime(prime) && prime <= LARGEST_PRIME, "prime", prime, `a prime of at most ${LARGEST_PRIME}`);
  requireThat(threshold >= 0, "threshold", threshold, "a distance of at least 0");
  const filtration = new Filtration(distances, n, threshold);
  const layers = [components(filtration)];
  for (let dimension = 1; dimension <= maximumDimension; dimension++) {
    layers.push(cycles(filtration, dimension, prime, layers[dimension - 1]!.isDeath));
  }
  return layers.map(({ bars }) => bars.filter(([birth, death]) => death > birth).sort(longestFirst));
}

/** The smallest radius of a ball around one of the points that holds all of them: at that scale the complex is a cone. */
export function enclosingRadius(distances: ArrayLike<number>, n: number): number {
  let smallest = Infinity;
  for (let i = 0; i < n; i++) {
    let radius = 0;
    for (let j = 0; j < n; j++) radius = Math.max(radius, distances[i * n + j]!);
    smallest = Math.min(smallest, radius);
  }
  return smallest;
}

function requireDistances(distances: ArrayLike<number>, n: number): void {
  requireCount("n", n, 1);
  requireThat(n <= MOST_POINTS, "n", n, `at most ${MOST_POINTS} points`);
  requireThat(distances.length === n * n, "length of distances", distances.length, `n * n, ${n * n}`);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const distance = distances[i * n + j]!;
      const field = `distances[${i}][${j}]`;
      requireThat(Number.isFinite(distance) && distance >= 0, field, distance, "a finite number of at least 0");
      requireThat(i !== j || distance === 0, field, distance, "0, the distance of a point to itself");
      const back = distances[j * n + i]!;
      requireThat(distance === back, field, distance, `distances[${j}][${i}], which is ${back}`);
    }
  }
}
