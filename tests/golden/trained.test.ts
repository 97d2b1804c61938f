import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { openEngine } from "../../src/backend/engines.ts";
import { networkAgent } from "../../src/measure/network-agent.ts";
import { loadModel, modelNames } from "../../src/golden/models.ts";
import type { Agent } from "../../src/measure/agent.ts";
import { initialise } from "../../src/train/initialise.ts";
import { Random } from "../../src/train/random-source.ts";

const baselines = modelNames().filter((name) => name.startsWith("seed-"));

/** Walkers at once, and how often fast-check draws anew. */
const WALKERS = 32;
const RUNS = { numRuns: 4 };

/** A step as speed and direction: the share u of the disc's area within the speed, and the angle. */
type Step = [number, number];
type Velocity = [number, number];

/** Even over [0, 1], which fc.double is not. */
const share = fc.integer({ min: 0, max: 2 ** 20 }).map((k) => k / 2 ** 20);
const step: fc.Arbitrary<Step> = fc.tuple(
  share,
  share.map((turn) => 2 * Math.PI * turn),
);
/** A list of steps for each of WALKERS walkers, all of the same length, and a way to reorder them. */
const walks = (length: number): fc.Arbitrary<{ lists: Step[][]; seed: number }> =>
  fc.record({
    lists: fc.array(fc.array(step, { minLength: length, maxLength: length }), {
      minLength: WALKERS,
      maxLength: WALKERS,
    }),
    seed: fc.nat({ max: 2 ** 31 - 1 }),
  });

const distance = (p: Float32Array, q: Float32Array): number => Math.hypot(...p.map((value, i) => value - q[i]!));
const mean = (list: number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;

/** Mean distance of the states of walker i and of walker i + `shift`. */
function apart(p: Float32Array[], q: Float32Array[], shift = 0): number {
  return mean(p.map((state, i) => distance(state, q[(i + shift) % q.length]!)));
}

/** Every state of every walker, [steps][walkers], for lists of velocities that are equally long. */
function journey(agent: Agent, lists: Velocity[][]): Float32Array[][] {
  const walkers = agent.start(lists.length);
  const states = lists[0]!.map((_, t) => {
    const now = walkers.step(Float32Array.from(lists.flatMap((list) => list[t]!)));
    return lists.map((_, walker) => now.slice(walker * agent.units, (walker + 1) * agent.units));
  });
  walkers.end();
  return states;
}

const shuffled = (list: Velocity[], random: Random): Velocity[] =>
  Array.from(random.sample(list.length, list.length), (i) => list[i]!);
const back = (list: Velocity[]): Velocity[] => list.map(([x, y]) => [-x, -y]);

// Bounds: at least one and a half times what the golden models show on average, and what an untrained network misses by far.
describe.each(baselines)("the trained network %s", (name) => {
  const { config, parameters } = loadModel(name);
  const trained = networkAgent(parameters, config);
  const untrained = networkAgent(initialise(config, Random.fromSeed(config.seed)), config);
  const velocities = (lists: Step[][]): Velocity[][] =>
    lists.map((list) =>
      list.map(([u, angle]): Velocity => {
        const speed = config.velocityMax * Math.sqrt(u);
        return [speed * Math.cos(angle), speed * Math.sin(angle)];
      }),
    );
  beforeAll(async () => {
    await openEngine(undefined);
  });

  /** How far apart one list of velocities in two orders ends, as a share of how far apart other lists end. */
  function reordering(agent: Agent, lists: Step[][], seed: number): number {
    const random = Random.fromSeed(seed);
    const first = velocities(lists);
    const ends = journey(agent, first).at(-1)!;
    const other = journey(
      agent,
      first.map((list) => shuffled(list, random)),
    ).at(-1)!;
    return apart(ends, other) / apart(ends, ends, 1);
  }

  /** How far apart two closed loops end, as a share of how far apart their turning points are. */
  function loops(agent: Agent, lists: Step[][], seed: number): number {
    const random = Random.fromSeed(seed);
    const closed = velocities(lists).map((list) => [...list, ...shuffled(back(list), random)]);
    const states = journey(agent, closed);
    const [turns, ends] = [states[lists[0]!.length - 1]!, states.at(-1)!];
    return apart(ends, ends, 1) / apart(turns, turns, 1);
  }

  // Kills: weights that were mixed up, a network whose state depends on the order of its steps.
  it.each([
    [20, 0.25],
    [100, 0.35],
  ])("N3 path invariance: %i velocities in another order end in the same state", (length, bound) => {
    fc.assert(
      fc.property(walks(length), ({ lists, seed }) => {
        expect(reordering(trained, lists, seed)).toBeLessThan(bound);
        expect(reordering(untrained, lists, seed)).toBeGreaterThan(bound);
      }),
      RUNS,
    );
  });

  // Kills: a network that drifts on its way home.
  it.each([
    [20, 0.3],
    [60, 0.4],
  ])("N3 path invariance: closed loops of twice %i steps come back to one state", (length, bound) => {
    fc.assert(
      fc.property(walks(length), ({ lists, seed }) => {
        expect(loops(trained, lists, seed)).toBeLessThan(bound);
        expect(loops(untrained, lists, seed)).toBeGreaterThan(bound);
      }),
      RUNS,
    );
  });

  // Kills: a state that moves further per metre in one place, direction or speed than in another.
  it("L4 conformal isometry: the state moves equally far per metre, whatever place, direction and speed above sigmaS", () => {
    /** Standard deviation over mean of ||dg|| / ||v||. */
    const variation = (agent: Agent, lists: Velocity[][]): number => {
      const states = journey(agent, lists);
      const ratios = lists.flatMap((list, walker) =>
        list.slice(1).flatMap(([x, y], t) => {
          const speed = Math.hypot(x, y);
          return speed > config.sigmaS ? [distance(states[t + 1]![walker]!, states[t]![walker]!) / speed] : [];
        }),
      );
      const centre = mean(ratios);
      return Math.sqrt(mean(ratios.map((ratio) => (ratio - centre) ** 2))) / centre;
    };
    fc.assert(
      fc.property(walks(50), ({ lists }) => {
        expect(variation(trained, velocities(lists))).toBeLessThan(0.05);
        expect(variation(untrained, velocities(lists))).toBeGreaterThan(0.2);
      }),
      RUNS,
    );
  });

  // Kills: a normalisation or a rectification that is lost where weights are large.
  it("N4 unit norm and non-negativity along random walks", () => {
    fc.assert(
      fc.property(walks(100), ({ lists }) => {
        for (const state of journey(trained, velocities(lists)).flat()) {
          expect(Math.hypot(...state)).toBeCloseTo(1, 5);
          expect(state.every((rate) => rate >= 0)).toBe(true);
        }
      }),
      RUNS,
    );
  });
});
