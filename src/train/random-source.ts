import prand, { type RandomGenerator } from "pure-rand";
import type { RandomSource } from "../model/data.ts";

/** Numbers that are drawn and not used after seeding, so that generators with neighbouring seeds do not begin alike. */
const BURN = 64;

/**
 * The source of all randomness of a run. It is one generator (xoroshiro128+) with one seed. Its state can be stored,
 * and the generator continues from it.
 */
export class Random implements RandomSource {
  private readonly generator: RandomGenerator;

  private constructor(generator: RandomGenerator) {
    this.generator = generator;
  }

  /** A new generator for a whole number from 0 to 2^31 - 1 as its seed. */
  static fromSeed(seed: number): Random {
    const generator = prand.xoroshiro128plus(seed);
    prand.unsafeSkipN(generator, BURN);
    return new Random(generator);
  }

  /**
   * The generator whose `state()` is given.
   * @throws Error if `state` is no list of such integers
   */
  static fromState(state: readonly number[]): Random {
    return new Random(prand.xoroshiro128plus.fromState(state));
  }

  /** The state from which the generator continues. */
  state(): readonly number[] {
    return this.generator.getState();
  }

  /** Uniform in [0, 1), 53 bits. */
  uniform(): number {
    const high = this.generator.unsafeNext() >>> 5;
    const low = this.generator.unsafeNext() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /** A uniform integer in 0..n-1. */
  below(n: number): number {
    return prand.unsafeUniformIntDistribution(0, n - 1, this.generator);
  }

  /** Standard normal (Box and Muller's transform, one of its two numbers). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** `size` different integers of 0..n-1, in random order. */
  sample(size: number, n: number): Int32Array {
    const all = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = 0; i < size; i++) {
      const j = i + this.below(n - i);
      [all[i], all[j]] = [all[j]!, all[i]!];
    }
    return all.slice(0, size);
  }
}
