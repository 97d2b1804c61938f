import { xoroshiro128plus } from "pure-rand/generator/XoroShiro";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { normal, uniform } from "./random.ts";
import { walk } from "./walk.ts";
import type { WalkOptions, WalkStep } from "./walk.ts";

/** How an agent moves: the names of the velocity statistics that C7 tries. */
export type VelocityStatistics = "trained" | "rat" | "slow" | "fast" | "gaussian";

/** Largest speeds of slow and fast velocities, in units of the largest speed trained on. */
export const SLOW = 0.2;
export const FAST = 1.5;

/** Standard deviation of a change of heading of slow velocities, radians: nearly straight, or it would not fill a box. */
const SLOW_TURN = 0.1;

/** Time over which a rat's speed and turning are correlated, in steps. */
const RAT_MEMORY = 10;

/** A rat's speed is Rayleigh distributed; its mode in units of the largest speed trained on. */
const RAT_SPEED = 0.3;

/** Standard deviation of a rat's change of heading in one step, in radians. */
const RAT_TURN = 0.15;

/** Standard deviation of each component of a Gaussian velocity, in units of the largest speed trained on. */
const GAUSSIAN_SPEED = 0.5;

/** A source of one walker's velocities: `next` after a step that was taken, `turn` after one that would have left the box. */
interface Mover {
  next(): [number, number];
  turn(): [number, number];
}

/**
 * Two slow Ornstein-Uhlenbeck processes make the speed, so that it is Rayleigh distributed and changes smoothly; a third one
 * makes the turning. At a wall the rat keeps its speed and takes a heading uniform in all directions.
 */
function rat(generator: RandomGenerator, vMax: number): Mover {
  const keep = Math.exp(-1 / RAT_MEMORY);
  const kick = Math.sqrt(1 - keep * keep);
  const moved = (x: number): number => keep * x + kick * normal(generator);
  let [p, q, spin] = [normal(generator), normal(generator), normal(generator)];
  let heading = 2 * Math.PI * uniform(generator);
  const velocity = (): [number, number] => {
    const speed = RAT_SPEED * vMax * Math.hypot(p, q);
    return [speed * Math.cos(heading), speed * Math.sin(heading)];
  };
  return {
    next: () => {
      [p, q, spin] = [moved(p), moved(q), moved(spin)];
      heading += RAT_TURN * spin;
      return velocity();
    },
    turn: () => {
      heading = 2 * Math.PI * uniform(generator);
      return velocity();
    },
  };
}

/** Both components normal and independent from step to step; now and then faster than any speed trained on. */
function gaussian(generator: RandomGenerator, vMax: number): Mover {
  const draw = (): [number, number] => [
    GAUSSIAN_SPEED * vMax * normal(generator),
    GAUSSIAN_SPEED * vMax * normal(generator),
  ];
  return { next: draw, turn: draw };
}

/**
 * C7. Walks from the origin in a square box with one of five velocity statistics, given relative to `vMax`, the largest
 * speed trained on: `trained` (M1), `slow` and `fast` (M1 with largest speeds of SLOW and FAST vMax), `rat` (smooth in speed and
 * heading) and `gaussian`.
 *
 * A step that would leave the box is drawn anew until one stays inside. The same options give the same walks on every machine.
 * @yields `steps` times the velocities and positions of all walkers, as `walk` does
 * @throws InputError for options that `walk` refuses
 * @spec C7
 */
export function* walkWith(statistics: VelocityStatistics, options: WalkOptions): Generator<WalkStep, void, void> {
  const { seed, walkers, steps, box, vMax } = options;
  if (statistics === "trained") return yield* walk(options);
  if (statistics === "slow") return yield* walk({ ...options, vMax: SLOW * vMax, turn: SLOW_TURN });
  if (statistics === "fast") return yield* walk({ ...options, vMax: FAST * vMax });
  const generator = xoroshiro128plus(seed);
  const movers = Array.from({ length: walkers }, () => (statistics === "rat" ? rat : gaussian)(generator, vMax));
  const inside = (coordinate: number): boolean => Math.abs(Math.fround(coordinate)) <= box / 2;
  const places = new Float64Array(2 * walkers);
  for (let step = 0; step < steps; step++) {
    const velocities = new Float32Array(2 * walkers);
    movers.forEach((mover, m) => {
      let [dx, dy] = mover.next().map(Math.fround) as [number, number];
      while (!inside(places[2 * m]! + dx) || !inside(places[2 * m + 1]! + dy))
        [dx, dy] = mover.turn().map(Math.fround) as [number, number];
      places[2 * m]! += dx;
      places[2 * m + 1]! += dy;
      velocities[2 * m] = dx;
      velocities[2 * m + 1] = dy;
    });
    yield { velocities, positions: Float32Array.from(places) };
  }
}
