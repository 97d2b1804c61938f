import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/** A number drawn uniformly from [0, 1), with 32 random bits; moves the generator on. */
export function uniform(generator: RandomGenerator): number {
  return (generator.unsafeNext() >>> 0) / 2 ** 32;
}

/** A number drawn from the standard normal distribution (Box and Muller's transform of two uniform ones). */
export function normal(generator: RandomGenerator): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniform(generator)));
  return radius * Math.cos(2 * Math.PI * uniform(generator));
}

/** A whole number drawn uniformly from 0 .. below - 1. */
export function wholeBelow(generator: RandomGenerator, below: number): number {
  return Math.floor(uniform(generator) * below);
}
