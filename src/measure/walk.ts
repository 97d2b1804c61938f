import { xoroshiro128plus } from "pure-rand/generator/XoroShiro";
import { requireCount, requirePositive, requireThat } from "../io/require.ts";
import { normal, uniform } from "./random.ts";

export interface WalkOptions {
  seed: number;
  /** M, how many animals walk at once. */
  walkers: number;
  /** L, how many steps each of them takes. */
  steps: number;
  /** Side of the square box centred on the origin, in metres. */
  box: number;
  /** Largest speed, in metres a step. */
  vMax: number;
  /** Standard deviation of the change of heading from one step to the next, in radians. */
  turn?: number;
}

/** One step of all walkers, [M, 2] each, row-major: the velocity taken and the position that it led to. */
export interface WalkStep {
  velocities: Float32Array;
  positions: Float32Array;
}

/**
 * M1. Random walks from the origin that never leave a square box.
 *
 * The heading changes by a normal deviate each step, the speed is vMax sqrt(u) with u uniform in [0, 1), which is the
 * distribution of speeds of D1's disc. A step that would leave the box is drawn anew with a heading uniform in all
 * directions. The same options give the same walks on every machine.
 *
 * @yields `steps` times the velocities and positions of all walkers, in fresh arrays (metres)
 * @throws InputError for a count below 1, or a length that is not positive, or vMax above half the box
 * @spec M1
 */
export function* walk(options: WalkOptions): Generator<WalkStep, void, void> {
  const { seed, walkers, steps, box, vMax, turn = 0.5 } = options;
  requireThat(Number.isSafeInteger(seed), "seed", seed, "a whole number");
  requireCount("walkers", walkers, 1);
  requireCount("steps", steps, 1);
  requirePositive("box", box, "metres");
  requirePositive("vMax", vMax, "metres a step");
  requireThat(vMax <= box / 2, "vMax", vMax, `at most half the box of ${box} m`);
  requireThat(turn >= 0, "turn", turn, "a number of radians of at least 0");

  const generator = xoroshiro128plus(seed);
  const half = box / 2;
  const inside = (coordinate: number): boolean => Math.abs(Math.fround(coordinate)) <= half;
  const headings = Float64Array.from({ length: walkers }, () => 2 * Math.PI * uniform(generator));
  const places = new Float64Array(2 * walkers);

  for (let step = 0; step < steps; step++) {
    const velocities = new Float32Array(2 * walkers);
    for (let m = 0; m < walkers; m++) {
      headings[m]! += turn * normal(generator);
      for (;;) {
        const speed = vMax * Math.sqrt(uniform(generator));
        const dx = Math.fround(speed * Math.cos(headings[m]!));
        const dy = Math.fround(speed * Math.sin(headings[m]!));
        if (inside(places[2 * m]! + dx) && inside(places[2 * m + 1]! + dy)) {
          places[2 * m]! += dx;
          places[2 * m + 1]! += dy;
          velocities[2 * m] = dx;
          velocities[2 * m + 1] = dy;
          break;
        }
        headings[m] = 2 * Math.PI * uniform(generator);
      }
    }
    yield { velocities, positions: Float32Array.from(places) };
  }
}
