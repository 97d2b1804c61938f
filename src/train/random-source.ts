import prand, { type RandomGenerator } from "pure-rand";
import type { RandomSource } from "../model/data.ts";

/** Draws thrown away after seeding, so that seeds that are close together do not start alike. */
const BURN = 64;

/** All randomness of a run: one generator (xoroshiro128+) from one seed, whose state can be stored and taken up again. */
export class Random implements RandomSource {
  private readonly generator: RandomGenerator;

  private constructor(generator: RandomGenerator) {
    this.generator = generator;
  }

  /** A fresh generator for an integer seed in 0..2^31-1. */
  static fromSeed(seed: number): Random {
    const generator = prand.xoroshiro128plus(seed);
    prand.unsafeSkipN(generator, BURN);
    return new Random(generator);
  }

  /** The generator that `state()` was taken from. Throws if `state` is not such a list of integers. */
  static fromState(state: readonly number[]): Random {
    return new Random(prand.xoroshiro128plus.fromState(state));
  }

  /** Everything needed to go on from here. */
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
