import { xoroshiro128plus } from "pure-rand/generator/XoroShiro";
import type { Agent } from "./agent.ts";
import { uniform } from "./random.ts";
import type { WalkStep } from "./walk.ts";

/** Directions in which the metric is probed at a place: the sides of a regular polygon, so that the probe ends where it began. */
const DIRECTIONS = 8;

/** How far states are moved by one step in the plane. */
export interface StepRatio {
  /** Metres a step. */
  speed: number;
  /** ||g_t - g_(t-1)|| / ||v_t||, 1/m. */
  ratio: number;
}

/** The metric that a code lays on the plane at one place. */
export interface LocalMetric {
  /** Geometric mean of the two principal stretches, 1/m. */
  scale: number;
  /** The larger over the smaller principal stretch: 1 if the code is conformal there. */
  anisotropy: number;
}

/** Distance of two rows of [rows, units]. */
function apart(p: Float32Array, q: Float32Array, row: number, units: number): number {
  let sum = 0;
  for (let i = row * units; i < (row + 1) * units; i++) sum += (p[i]! - q[i]!) ** 2;
  return Math.sqrt(sum);
}

/**
 * C16. The ratio that L4 holds constant, for every step of a walk with a speed above 0.
 * @spec C16
 */
export function stepRatios(agent: Agent, steps: Iterable<WalkStep>, walkers: number): StepRatio[] {
  const journey = agent.start(walkers);
  let before = journey.states.slice();
  const found: StepRatio[] = [];
  for (const { velocities } of steps) {
    const now = journey.step(velocities);
    for (let m = 0; m < walkers; m++) {
      const speed = Math.hypot(velocities[2 * m]!, velocities[2 * m + 1]!);
      if (speed > 0) found.push({ speed, ratio: apart(now, before, m, agent.units) / speed });
    }
    before = now.slice();
  }
  journey.end();
  return found;
}

/**
 * C16. The metric at the places where a walk ends, one a walker. Each walker goes once around a small octagon; the squared
 * stretch along a direction u is u'Mu, whose mean over the eight directions and whose second harmonic give M's eigenvalues.
 * @param speed side of the octagon, metres
 * @spec C16
 */
export function localMetrics(
  agent: Agent,
  steps: Iterable<WalkStep>,
  walkers: number,
  speed: number,
  seed = 0,
): LocalMetric[] {
  const journey = agent.start(walkers);
  for (const { velocities } of steps) journey.step(velocities);
  const generator = xoroshiro128plus(seed);
  const starts = Float64Array.from({ length: walkers }, () => 2 * Math.PI * uniform(generator));
  const sums = new Float64Array(3 * walkers); // mean, cosine and sine of twice the direction
  let before = journey.states.slice();
  for (let side = 0; side < DIRECTIONS; side++) {
    const angles = starts.map((start) => start + (2 * Math.PI * side) / DIRECTIONS);
    const velocities = Float32Array.from({ length: 2 * walkers }, (_, i) => {
      const angle = angles[Math.floor(i / 2)]!;
      return speed * (i % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
    });
    const now = journey.step(velocities);
    angles.forEach((angle, m) => {
      const square = (apart(now, before, m, agent.units) / speed) ** 2 / DIRECTIONS;
      sums[3 * m]! += square;
      sums[3 * m + 1]! += 2 * square * Math.cos(2 * angle);
      sums[3 * m + 2]! += 2 * square * Math.sin(2 * angle);
    });
    before = now.slice();
  }
  journey.end();
  return Array.from(starts, (_, m) => {
    const [mean, cosine, sine] = [sums[3 * m]!, sums[3 * m + 1]!, sums[3 * m + 2]!];
    const swing = Math.hypot(cosine, sine);
    const smaller = Math.max(0, mean - swing);
    return {
      scale: Math.sqrt(Math.sqrt((mean + swing) * smaller)),
      anisotropy: Math.sqrt((mean + swing) / smaller),
    };
  });
}
