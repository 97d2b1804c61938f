import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openEngine } from "../../src/backend/engines.ts";
import { loadModel, loadNetwork, modelNames, storeModel } from "../../src/golden/models.ts";
import { PRESETS, type Config } from "../../src/train/config.ts";
import { Run } from "../../src/train/run.ts";

const tiny: Config = {
  ...PRESETS.glimpse,
  steps: 3,
  trajectories: 2,
  timesteps: 3,
  units: 4,
  hidden: 3,
  pairStates: 0,
  warmup: 1,
  logEvery: 1,
};

let folder = "";
let root = "";
beforeAll(async () => {
  await openEngine("wasm");
  folder = mkdtempSync(join(tmpdir(), "sic-store-"));
  root = join(folder, "models");
  const run = await Run.start(join(folder, "run"), tiny);
  await run.go();
  run.close();
  storeModel("seed-0", join(folder, "run"), root);
  storeModel("seed-0", join(folder, "run"), root);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The store as it was, changed. */
function changed(change: (root: string) => void): string {
  const copy = join(mkdtempSync(join(folder, "copy-")), "models");
  cpSync(root, copy, { recursive: true });
  change(copy);
  return copy;
}

describe("a folder of models", () => {
  // Kills: a bit of a model that was changed after training and is measured all the same.
  test.each(["config.json", "weights.safetensors", "metrics.jsonl", "rejected-attempts.json"])(
    "a model is held against its manifest wherever it is read: %s",
    (name) => {
      const copy = changed((models) => {
        const file = join(models, "seed-0", name);
        const bytes = readFileSync(file);
        bytes[bytes.length - 1]! ^= 1;
        writeFileSync(file, bytes);
      });
      const says = `${join(copy, "seed-0", name)} has SHA-256 `;
      expect(() => loadModel("seed-0", copy)).toThrow(says);
      expect(() => loadNetwork(join(copy, "seed-0"))).toThrow(says);
      expect(() => loadNetwork(`${join(copy, "seed-0")}/.`)).toThrow(says);
      rmSync(join(copy, "seed-0", name));
      expect(() => loadNetwork(join(copy, "seed-0"))).toThrow();
    },
  );

  // Kills: a model that the manifest does not know; a network without a manifest that is refused.
  test("a model that was put there by hand is refused, and without a manifest nothing is compared", () => {
    const added = changed((models) => {
      cpSync(join(models, "seed-0"), join(models, "seed-1"), { recursive: true });
    });
    expect(() => loadModel("seed-1", added)).toThrow("seed-1 is not in ");
    const alone = changed((models) => {
      rmSync(join(models, "manifest.json"));
    });
    expect(loadNetwork(join(alone, "seed-0")).config).toEqual(tiny);
  });

  // Kills: a name that is a path; what a crash has left that is taken for a network.
  test("a name is no path, and what was being written is no model", () => {
    const copy = changed((models) => {
      cpSync(join(models, "seed-0"), join(models, "seed-0.partial"), { recursive: true });
      renameSync(join(models, "seed-0"), join(models, "seed-0.old.partial"));
      cpSync(join(models, "seed-0.partial"), join(models, "seed-0"), { recursive: true });
      mkdirSync(join(models, "empty"));
    });
    expect(modelNames(copy)).toEqual(["seed-0"]);
    for (const name of ["../models/seed-0", "seed-0/", "./seed-0", "", ".", "empty", "seed-0.partial", "__proto__"])
      expect(() => loadModel(name, copy)).toThrow(`there is no golden model "${name}"; expected one of seed-0`);
  });

  // Kills: a training that is kept although it has steps to go.
  test("a run that has steps to go is not kept", async () => {
    const run = await Run.start(join(folder, "begun"), tiny);
    run.close();
    expect(() => {
      storeModel("seed-2", join(folder, "begun"), root);
    }).toThrow("is at step 0 of 3; expected a finished run");
    expect(modelNames(root)).toEqual(["seed-0"]);
  });
});
