import { xoroshiro128plus } from "pure-rand/generator/XoroShiro";
import { Study, type Effort, type TrainedModel } from "../../src/claims/study.ts";
import type { Agent } from "../../src/measure/agent.ts";
import { normal, uniform } from "../../src/measure/random.ts";
import { cross, dot, type Vector } from "../../src/measure/vector.ts";
import { PRESETS, type Config } from "../../src/train/config.ts";
import type { MetricsLine } from "../../src/train/metrics.ts";
import { polar } from "../../src/synthetic/maps.ts";

/** Agents of known make: populations whose states are a function of the place, or not even that. Lengths in metres. */

/** The activity of one unit at a place. */
export type Rate = (x: number, y: number) => number;

export interface PlaceOptions {
  /** Standard deviation of the error of each step, metres along each axis. */
  drift?: number;
  /** What it takes a velocity for; the velocity itself if left out. */
  believes?: (v: Vector) => Vector;
}

/** An agent that knows its place, but for what it gets wrong, and whose units fire by it; states have length one. */
export function placeAgent(rates: readonly Rate[], { drift = 0, believes = (v) => v }: PlaceOptions = {}): Agent {
  const units = rates.length;
  return {
    units,
    start(walkers) {
      const generator = xoroshiro128plus(1);
      const places = new Float64Array(2 * walkers);
      const seen = (): Float32Array => {
        const states = new Float32Array(walkers * units);
        for (let m = 0; m < walkers; m++) {
          const values = rates.map((rate) => rate(places[2 * m]!, places[2 * m + 1]!));
          const size = Math.hypot(...values) || 1;
          values.forEach((value, unit) => {
            states[m * units + unit] = value / size;
          });
        }
        return states;
      };
      let states = seen();
      return {
        get states() {
          return states;
        },
        step(velocities) {
          for (let m = 0; m < walkers; m++) {
            const taken = believes([velocities[2 * m]!, velocities[2 * m + 1]!]);
            places[2 * m]! += taken[0] + (drift === 0 ? 0 : drift * normal(generator));
            places[2 * m + 1]! += taken[1] + (drift === 0 ? 0 : drift * normal(generator));
          }
          states = seen();
          return states;
        },
        end: () => undefined,
      };
    },
  };
}

/** An agent whose states have nothing to do with where it is: independent noise, as a network that has learnt nothing. */
export function lostAgent(units: number, seed = 1): Agent {
  return {
    units,
    start(walkers) {
      const generator = xoroshiro128plus(seed);
      const draw = (): Float32Array => {
        const states = Float32Array.from({ length: walkers * units }, () => uniform(generator));
        for (let m = 0; m < walkers; m++) {
          const row = states.subarray(m * units, (m + 1) * units);
          const size = Math.hypot(...row);
          row.forEach((value, unit) => {
            row[unit] = value / size;
          });
        }
        return states;
      };
      let states = draw();
      return {
        get states() {
          return states;
        },
        step() {
          states = draw();
          return states;
        },
        end: () => undefined,
      };
    },
  };
}

export interface ModuleOptions {
  count: number;
  spacing: number;
  /** Direction of the lattice's first vector, degrees. */
  turn: number;
  /** Between the two vectors, degrees; 60 if left out. */
  angle?: number;
  /** Phases of the units, in units of the cell; evenly spread ones if left out. */
  phase?: (unit: number) => Vector;
}

/** Evenly spread places in the unit square (Roberts' sequence): each next one falls into a gap. */
export function evenly(unit: number): Vector {
  return [(0.5 + 0.7548776662466927 * unit) % 1, (0.5 + 0.5698402909980532 * unit) % 1];
}

/** Units of a module: smooth fields on the points of a lattice, each unit with a phase of its own. */
export function moduleRates({ count, spacing, turn, angle = 60, phase = evenly }: ModuleOptions): Rate[] {
  const [a, b] = [polar(spacing, turn), polar(spacing, turn + angle)];
  const area = cross(a, b);
  const [p, q]: Vector[] = [
    [b[1] / area, -b[0] / area],
    [-a[1] / area, a[0] / area],
  ];
  return Array.from({ length: count }, (_, unit): Rate => {
    const [m, n] = phase(unit);
    return (x, y) => {
      const u = 2 * Math.PI * (dot(p!, [x, y]) - m);
      const v = 2 * Math.PI * (dot(q!, [x, y]) - n);
      const sum = angle === 60 ? Math.cos(u) + Math.cos(v) + Math.cos(u + v) : 1.5 * (Math.cos(u) + Math.cos(v));
      return Math.exp(1.2 * (sum - 3));
    };
  });
}

/** Units with one field each. */
export function placeRates(count: number, range: number, width: number): Rate[] {
  return Array.from({ length: count }, (_, unit): Rate => {
    const [u, v] = evenly(unit);
    const [cx, cy] = [(u - 0.5) * range, (v - 0.5) * range];
    return (x, y) => Math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * width ** 2));
  });
}

/** Three hexagonal modules with periods 0.9, 1.26 and 1.76 m at turns of their own. */
export const THREE_MODULES: Rate[] = [
  ...moduleRates({ count: 16, spacing: 0.9, turn: 10 }),
  ...moduleRates({ count: 14, spacing: 1.26, turn: 31 }),
  ...moduleRates({ count: 12, spacing: 1.76, turn: 52 }),
];

/** Enough to decide on clean data, and no more. */
export const SMALL: Effort = {
  walkers: 100,
  steps: 150,
  testSteps: 150,
  kept: 8,
  bin: 0.1,
  bins: 100,
  shuffles: 10,
  first: 1,
};

/** A line of metrics with the given losses. */
function metricsLine(step: number, inv: number): MetricsLine {
  const rest = {
    timesteps: 60,
    learningRate: 0,
    gradientNorm: 0,
    farCount: 1,
    nearCount: 1,
    conCount: 1,
    deadStates: 0,
  };
  return { step, total: 0, sep: 0, cap: 0, con: 0, inv, ...rest };
}

export interface Made {
  name?: string;
  agent: Agent;
  untrained?: Agent;
  leaky?: Agent;
  config?: Partial<Config>;
}

/** A model of a study. Before its training, and with a leak, it is lost unless something else is given. */
export function model({ name = "seed-0", agent, untrained, leaky, config = {} }: Made): TrainedModel {
  const lost = lostAgent(agent.units);
  return {
    name,
    config: { ...PRESETS.fast, ...config },
    metrics: [metricsLine(100, 1), metricsLine(200, 0.1)],
    agent,
    untrained: untrained ?? lost,
    leaky: leaky ?? lost,
  };
}

/** A study of one baseline, with ablations. */
export function studyOf(made: Made, ablations: readonly Made[] = []): Study {
  return new Study([model(made)], ablations.map(model), SMALL);
}
