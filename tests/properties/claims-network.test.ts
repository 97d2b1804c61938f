import * as tf from "@tensorflow/tfjs-core";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { openEngine } from "../../src/backend/engines.ts";
import { CLAIMS } from "../../src/claims/all.ts";
import { goldenStudy } from "../../src/claims/study.ts";
import { storeModel } from "../../src/golden/models.ts";
import { networkAgent } from "../../src/measure/network-agent.ts";
import { RateMapAccumulator } from "../../src/measure/rate-map.ts";
import { survey } from "../../src/measure/survey.ts";
import { walk } from "../../src/measure/walk.ts";
import { initialState, step, transition } from "../../src/model/network.ts";
import { PRESETS } from "../../src/train/config.ts";
import { initialise } from "../../src/train/initialise.ts";
import { parametersFrom } from "../../src/train/parameters.ts";
import { Random } from "../../src/train/random-source.ts";
import { Run } from "../../src/train/run.ts";
import { studyOf, SMALL } from "./agents.ts";

beforeAll(async () => {
  await openEngine(undefined);
});

const config = { ...PRESETS.fast, units: 12, hidden: 8, seed: 4 };
const values = initialise(config, Random.fromSeed(config.seed));
const options = { seed: 2, walkers: 6, steps: 30, box: 3, vMax: config.velocityMax };

describe("networks as agents", () => {
  test("C1 a network that walks as an agent has the maps of M2, and leaves no tensor behind (mutants: velocities unscaled; a step lost; a leak)", () => {
    const p = parametersFrom(values, config.units, config.hidden);
    const sums = new RateMapAccumulator(config.units, 10, options.box);
    let g = tf.tile(tf.reshape<tf.Rank.R3>(initialState(p.gamma), [1, 1, config.units]), [options.walkers, 1, 1]);
    for (const { velocities, positions } of walk(options)) {
      g = step(transition(p, tf.tensor2d(velocities, [options.walkers, 2]), config.velocityScale), g).g;
      sums.add(positions, g.dataSync());
    }
    const before = tf.memory().numTensors;
    const { maps, samples } = survey(networkAgent(values, config), walk(options), {
      walkers: 6,
      box: 3,
      bins: 10,
      kept: 2,
    });
    expect(tf.memory().numTensors).toBe(before);
    // A walker's step is fused, and rounds otherwise than the functions one by one.
    const expected = sums.maps();
    expect({ ...maps, values: [] }).toEqual({ ...expected, values: [] });
    expect(maps.values).toHaveLength(expected.values.length);
    expected.values.forEach((value, i) => {
      if (Number.isNaN(value)) expect(maps.values[i]).toBeNaN();
      else expect(maps.values[i]).toBeCloseTo(value, 5);
    });
    expect(samples.positions).toHaveLength(2 * 60);
    expect(samples.states).toHaveLength(12 * 60);
    tf.dispose({ ...p });
  });

  test("C9 with a leak of 1 the state stays g(0), with one of 0 it moves (mutants: the leak ignored; the last state for the first)", () => {
    const last = (leak: number): { first: number[]; last: number[] } => {
      const journey = networkAgent(values, config, { leak }).start(1);
      const first = Array.from(journey.states);
      for (const { velocities } of walk({ ...options, walkers: 1 })) journey.step(velocities);
      const states = Array.from(journey.states);
      journey.end();
      return { first, last: states };
    };
    const held = last(1);
    held.last.forEach((value, unit) => {
      expect(value).toBeCloseTo(held.first[unit]!, 5);
    });
    const free = last(0);
    const half = last(0.5);
    expect(free.last).not.toEqual(free.first);
    const moved = ({ first, last: end }: { first: number[]; last: number[] }): number =>
      Math.hypot(...end.map((value, unit) => value - first[unit]!));
    expect(moved(half)).toBeLessThan(moved(free));
  });

  test("C1 to C9 and C16: no claim holds for an untrained network (mutant: a rule that chance meets)", () => {
    const fresh = initialise(PRESETS.fast, Random.fromSeed(1));
    const study = studyOf({ agent: networkAgent(fresh, PRESETS.fast) });
    for (const { number, decide } of CLAIMS) expect([number, decide(study).verdict]).not.toEqual([number, "holds"]);
  });

  test("the golden study: baselines by seed, all others ablations, untrained as their seed drew them (mutants: by name; another seed's start)", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sic-study-"));
    const tiny = { ...PRESETS.glimpse, steps: 1, units: 4, hidden: 3, trajectories: 2, timesteps: 3, pairStates: 4 };
    for (const [name, seed] of [
      ["seed-10", 10],
      ["seed-2", 2],
      ["no-capacity", 2],
    ] as const) {
      const run = join(folder, `run-${name}`);
      const training = await Run.start(run, {
        ...tiny,
        seed,
        logEvery: 1,
        lambdaCap: name === "no-capacity" ? 0 : 0.5,
      });
      await training.go();
      storeModel(name, run, join(folder, "models"));
    }
    const study = goldenStudy(join(folder, "models"), SMALL);
    rmSync(folder, { recursive: true });
    expect(study.baselines.map(({ name }) => name)).toEqual(["seed-2", "seed-10"]);
    expect([...study.ablations.keys()]).toEqual(["no-capacity"]);
    expect(study.first).toHaveLength(1);
    const [model] = study.baselines;
    const drawn = networkAgent(initialise(model!.config, Random.fromSeed(2)), model!.config).start(1);
    const untrained = model!.untrained.start(1);
    expect(untrained.states).toEqual(drawn.states);
    expect(model!.agent.start(1).states).not.toEqual(drawn.states);
  });
});
