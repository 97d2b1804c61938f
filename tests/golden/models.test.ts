import { beforeAll, describe, expect, it } from "vitest";
import { openEngine, presentEngines } from "../../src/backend/engines.ts";
import { hasEmerged } from "../../src/measure/emergence.ts";
import { expectedOf, readExpected, type Expected } from "../../src/golden/expected.ts";
import { checksums, loadModel, modelNames, readManifest } from "../../src/golden/models.ts";
import { recipe, REFERENCE } from "../../src/golden/recipes.ts";
import { goldenAnalysis } from "../../src/golden/golden-walk.ts";
import type { Terms } from "../../src/train/acceptance-criteria.ts";
import { closingLosses } from "../../src/train/metrics.ts";
import { attemptSeed } from "../../src/train/restarts.ts";

const names = modelNames();
const seeds = Array.from({ length: 10 }, (_, seed) => `seed-${seed}`);

/** Difference of two directions that agree after `turn` degrees. */
function apart(a: number, b: number, turn: number): number {
  const difference = Math.abs(a - b) % turn;
  return Math.min(difference, turn - difference);
}

/** What is left of an ablated network: its modules, and its closing losses. */
interface Rest extends Expected {
  losses: Terms;
}

function restOf(name: string, expected: Expected): Rest {
  const { metrics, config } = loadModel(name);
  return { ...expected, losses: closingLosses(metrics, config.steps) };
}

/** The structure that each ablation loses, against the baseline of the same seed. */
const LOST: [name: string, what: string, isLost: (ablated: Rest, baseline: Rest) => boolean][] = [
  ["no-separation", "all places share one state", ({ losses, modules }) => losses.sep > 0.99 && modules.length === 0],
  ["no-invariance", "no unit is in a module", ({ losses, inModules }) => losses.inv > 0.5 && inModules === 0],
  ["no-capacity", "no lattice is left", ({ lattices }, baseline) => lattices === 0 && baseline.lattices > 0],
  ["no-permutation", "few units are in a module", ({ inModules, active }) => inModules < 0.25 * active],
  [
    "no-conformal-isometry",
    "the state no longer moves equally far per metre",
    ({ losses }, baseline) => losses.con > 50 * baseline.losses.con,
  ],
  [
    "small-sigma-g",
    "no lattice is left, and the states lie closer together",
    ({ lattices, losses }, baseline) => lattices === 0 && losses.cap < baseline.losses.cap - 0.2,
  ],
];

const TURN = { hexagonal: 60, square: 90, sheared: 180, stripe: 180, none: 180 };

describe("golden/models", () => {
  it("holds the first ten seeds and every ablation", () => {
    expect(names.filter((name) => name.startsWith("seed-"))).toEqual(seeds);
    expect(names).toEqual(expect.arrayContaining(["no-separation", "no-invariance", "no-capacity"]));
    expect(names).toEqual(expect.arrayContaining(["no-conformal-isometry", "no-permutation", "small-sigma-g"]));
  });

  // Kills: a bit of the weights, the config or the metrics that was changed after training.
  it("is what the manifest says, file by file", () => {
    expect(Object.keys(readManifest())).toEqual(names);
    for (const name of names) expect(checksums(name), name).toEqual(readManifest()[name]);
  });

  // Kills: a model that was trained otherwise than its recipe says.
  it.each(names)("%s was trained by its recipe, to the last step, and its losses were finite", (name) => {
    const { config, metrics } = loadModel(name);
    expect(config).toEqual(recipe(name));
    expect(metrics.at(-1)!.step).toBe(config.steps);
    expect(metrics.every(({ total }) => Number.isFinite(total))).toBe(true);
  });

  // Kills: an attempt rejected for anything but its losses, one that is not told of, one that went on though a criterion was not met.
  it.each(names)(
    "T8: %s was rejected where a criterion was not met, and only there, until an attempt met all or was the last",
    (name) => {
      const { config, metrics, rejectedAttempts } = loadModel(name);
      expect(rejectedAttempts.length).toBeLessThan(config.attempts);
      rejectedAttempts.forEach(({ seed, steps, at, term, mean }, attempt) => {
        expect(seed).toBe(attemptSeed(config.seed, attempt));
        expect(steps).toBe(Math.round(at * config.steps));
        const criterion = config.acceptanceCriteria.find((one) => one.at === at && one.term === term)!;
        expect(mean < (criterion.least ?? -Infinity) || mean > (criterion.most ?? Infinity)).toBe(true);
      });
      if (rejectedAttempts.length === config.attempts - 1) return;
      for (const { at, term, least = -Infinity, most = Infinity } of config.acceptanceCriteria) {
        const end = Math.round(at * config.steps);
        const window = metrics.filter(({ step }) => step > end - config.steps / 50 && step <= end);
        const mean = window.reduce((sum, line) => sum + line[term], 0) / window.length;
        expect(mean).toBeGreaterThanOrEqual(least);
        expect(mean).toBeLessThanOrEqual(most);
      }
    },
  );
});

// Kills: a change of the model, of the walk or of a measure that changes what a trained network shows; an engine that is off.
describe.each(presentEngines())("golden models on %s", (engine) => {
  const seen = new Map<string, Expected>();
  beforeAll(async () => {
    await openEngine(engine);
  });

  it.each(names)("M2 M3 M4 M6 M7 M8: %s shows the modules in golden/expected, remade from its weights", (name) => {
    const expected = readExpected(name);
    const found = expectedOf(goldenAnalysis(loadModel(name)).judgement);
    seen.set(name, found);
    expect(found.modules.map(({ class: kind }) => kind)).toEqual(expected.modules.map(({ class: kind }) => kind));
    expect(Math.abs(found.active - expected.active)).toBeLessThanOrEqual(2);
    found.modules.forEach((module, i) => {
      const kept = expected.modules[i]!;
      expect(Math.abs(module.size - kept.size)).toBeLessThanOrEqual(2);
      module.spacing.forEach((spacing, k) => {
        const before = kept.spacing[k];
        if (spacing === null) expect(before).toBeNull();
        else expect(Math.abs(spacing / before! - 1)).toBeLessThan(0.02);
      });
      expect(apart(module.orientation, kept.orientation, TURN[module.class])).toBeLessThan(2);
      if (kept.gridness === null) expect(module.gridness).toBeNull();
      else expect(Math.abs(module.gridness! - kept.gridness)).toBeLessThan(0.05);
    });
  });

  // Kills: a criterion that moved, models of a recipe under which grid modules are a matter of luck.
  it("M8: two grid modules have emerged in at least nine of the ten seeds", () => {
    const emerged = seeds.filter((name) => {
      const { gridModules, inModules, active } = seen.get(name)!;
      return hasEmerged(gridModules, inModules / active);
    });
    expect(emerged.length).toBeGreaterThanOrEqual(9);
  });

  // Kills: an ablation that is none, a loss that makes no difference.
  it.each(LOST)("L1 L2 L3 L4 D4: %s: %s", (name, _, isLost) => {
    const baseline = restOf(REFERENCE, seen.get(REFERENCE)!);
    expect(isLost(restOf(name, seen.get(name)!), baseline)).toBe(true);
    expect(isLost(baseline, baseline)).toBe(false);
  });
});
