import prand from "pure-rand";
import type { Batch, Mat, Parameters, Vec } from "../../spec/oracle.ts";
import { permutationFromUniforms } from "../../spec/oracle.ts";

/** Seeded numbers of three decimals, so that the vectors' inputs are short to read. */
export class Draws {
  private readonly generator: ReturnType<typeof prand.xoroshiro128plus>;

  constructor(seed: number) {
    this.generator = prand.xoroshiro128plus(seed);
    prand.unsafeSkipN(this.generator, 64);
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    return (this.generator.unsafeNext() >>> 0) / 2 ** 32;
  }

  /** A number of three decimals between low and high. */
  number(low: number, high: number): number {
    return Math.round((low + (high - low) * this.uniform()) * 1000) / 1000;
  }

  /** A list of such numbers. */
  vector(length: number, low: number, high: number): Vec {
    return Array.from({ length }, () => this.number(low, high));
  }

  /** A matrix of such numbers. */
  matrix(rows: number, columns: number, low: number, high: number): Mat {
    return Array.from({ length: rows }, () => this.vector(columns, low, high));
  }

  /** B permutations of 0 .. T-1. */
  order(trajectories: number, timesteps: number): number[][] {
    return Array.from({ length: trajectories }, () =>
      permutationFromUniforms(Array.from({ length: timesteps - 1 }, () => this.uniform())),
    );
  }

  /**
   * A batch of permuted trajectories. The speeds lie between a third of velocityMax and velocityMax, in metres a step.
   */
  batch(trajectories: number, timesteps: number, velocityMax: number): Batch {
    return { velocities: this.velocities(timesteps, velocityMax), order: this.order(trajectories, timesteps) };
  }

  /**
   * Velocities in all directions with such speeds. No step is so short that a quotient by its speed is mostly rounding
   * error.
   */
  velocities(count: number, velocityMax: number): Mat {
    return Array.from({ length: count }, () => {
      const speed = velocityMax * (1 + 2 * this.uniform());
      const angle = 2 * Math.PI * this.uniform();
      return [Math.cos(angle), Math.sin(angle)].map((part) => Math.round((1000 * speed * part) / 3) / 1000);
    });
  }

  /** Non-negative states of length about one (to three decimals), a few of whose entries are 0. */
  states(count: number, units: number): Mat {
    return Array.from({ length: count }, () => {
      const raw = this.vector(units, -0.3, 1).map((value) => Math.max(value, 0));
      const length = Math.hypot(...raw);
      return raw.map((value) => Math.round((1000 * value) / length) / 1000);
    });
  }

  /** Parameters whose matrices change much with the velocity, with a gamma that has both signs. */
  parameters(units: number, hidden: number): Parameters {
    return {
      A1: this.matrix(2, hidden, -1.5, 1.5),
      a1: this.vector(hidden, -0.3, 0.6),
      A2: this.matrix(hidden, hidden, -0.8, 1),
      a2: this.vector(hidden, -0.2, 0.5),
      A3: this.matrix(hidden, units * units, -0.9, 0.9),
      a3: this.vector(units * units, -0.5, 0.6),
      gamma: this.vector(units, -0.3, 1),
    };
  }

  /** A set of numbers in the shape of parameters, for gradients and moments. */
  like({ A1, A2, A3, gamma }: Parameters, low: number, high: number): Parameters {
    const hidden = A2.length;
    return {
      A1: this.matrix(A1.length, hidden, low, high),
      a1: this.vector(hidden, low, high),
      A2: this.matrix(hidden, hidden, low, high),
      a2: this.vector(hidden, low, high),
      A3: this.matrix(A3.length, gamma.length ** 2, low, high),
      a3: this.vector(gamma.length ** 2, low, high),
      gamma: this.vector(gamma.length, low, high),
    };
  }
}
