/** Something that finds its way by its velocities alone: a network, or in tests a population whose states are known. */
export interface Agent {
  units: number;
  /** `walkers` of its kind, all at the origin and in its initial state. */
  start(walkers: number): Journey;
}

/** Agents on their way. */
export interface Journey {
  /** [walkers, units]. */
  readonly states: Float32Array;
  /** Takes one step with velocities [walkers, 2] (metres a step); returns the new states. */
  step(velocities: Float32Array): Float32Array;
  /** Frees what the journey holds. */
  end(): void;
}
