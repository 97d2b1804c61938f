import type { Agent } from "./agent.ts";
import { RateMapAccumulator } from "./rate-map.ts";
import type { RateMaps } from "./rate-map.ts";
import type { WalkStep } from "./walk.ts";

/** States at places that were visited, evenly spread over a walk's steps and walkers. */
export interface Samples {
  /** [count, 2], metres. */
  positions: Float32Array;
  /** [count, units]. */
  states: Float32Array;
}

export interface Survey {
  maps: RateMaps;
  samples: Samples;
  /** The agents' state at the origin before the first step. */
  initial: Float32Array;
}

export interface SurveyOptions {
  walkers: number;
  /** Side of the box, in metres, and bins along it. */
  box: number;
  bins: number;
  /** States that are kept of each step, of walkers taken in turn. */
  kept: number;
  /** Hears how many steps are done. */
  onStep?: (done: number) => void;
}

/** Rate maps (M2) of an agent that goes a walk in a box and knows only its velocities, and some of the states that it passed. */
export function survey(
  agent: Agent,
  steps: Iterable<WalkStep>,
  { walkers, box, bins, kept, onStep }: SurveyOptions,
): Survey {
  const sums = new RateMapAccumulator(agent.units, bins, box);
  const journey = agent.start(walkers);
  const initial = journey.states.slice(0, agent.units);
  const places: number[] = [];
  const states: Float32Array[] = [];
  let done = 0;
  for (const { velocities, positions } of steps) {
    const now = journey.step(velocities);
    sums.add(positions, now);
    for (let i = 0; i < kept; i++) {
      const walker = (done * kept + i) % walkers;
      places.push(positions[2 * walker]!, positions[2 * walker + 1]!);
      states.push(now.slice(walker * agent.units, (walker + 1) * agent.units));
    }
    onStep?.(++done);
  }
  journey.end();
  const all = new Float32Array(states.length * agent.units);
  states.forEach((state, i) => {
    all.set(state, i * agent.units);
  });
  return { maps: sums.maps(), samples: { positions: Float32Array.from(places), states: all }, initial };
}
