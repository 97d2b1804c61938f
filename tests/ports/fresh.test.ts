import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { freshChecks } from "../../src/port/fresh.ts";
import { PortProcess } from "../../src/port/process.ts";
import { propertyChecks } from "../../src/port/properties.ts";
import { vectorChecks } from "../../src/port/vector-checks.ts";
import { loadVectors } from "../../src/port/vectors.ts";
import { isFailure } from "../../src/port/verdict.ts";
import { numpy, patient, python, requireNumpy } from "./commands.ts";

// P10: what the vectors cannot catch.

const fresh = { seed: 7, runs: 20, folder: mkdtempSync(join(tmpdir(), "sic-fresh-")) };

test("P10 a port that knows the vectors by heart passes them and fails the fresh cases of every operation", async () => {
  // Mutant: a port that looks its answers up (nasty/parrot.py).
  const files = loadVectors().filter(({ operation }) => operation !== "train");
  const port = new PortProcess(python("nasty/parrot.py"), patient);
  for (const { title, run } of vectorChecks(files)) expect(await run(port), title).toMatchObject({ kind: "pass" });
  for (const { title, run } of freshChecks(files, fresh)) {
    const finding = await run(port);
    expect(isFailure(finding), title).toBe(true);
  }
  await port.stop();
});

describe("P10 with mutants of the NumPy port", () => {
  beforeAll(requireNumpy);

  test("P10 a counter-example is shrunk, named, and saved as a vector file that fails again", async () => {
    // Mutant: far pairs taken with >= (numpy/mutants.py).
    const files = loadVectors().filter(({ operation }) => operation === "separation");
    const port = new PortProcess(numpy("numpy/mutants.py", "far-includes-edge"), patient);
    const folder = mkdtempSync(join(tmpdir(), "sic-shrunk-"));
    const finding = await freshChecks(files, { ...fresh, runs: 200, folder })[0]!.run(port);
    expect(finding).toMatchObject({ kind: "off", saved: join(folder, "separation-7.json") });
    expect(finding.looksLike?.join()).toMatch(/pairs at exactly sigmaX count as far/);

    const saved = loadVectors(folder);
    expect(saved[0]!.cases[0]!.input["states"]).toHaveLength(2);
    const again = await vectorChecks(saved)[0]!.run(port);
    await port.stop();
    expect(again.kind).toBe("off");
  });

  test("P10 the same seed draws the same cases, another seed others", async () => {
    // Mutant: the seed is printed but not used. The honest port's largest rounding error tells which cases were drawn.
    const files = loadVectors().filter(({ operation }) => operation === "capacity");
    const port = new PortProcess(numpy("numpy/sic_numpy_port.py"), patient);
    const errors = [];
    for (const seed of [7, 7, 8]) {
      const { errorShare } = await freshChecks(files, { ...fresh, seed })[0]!.run(port);
      errors.push(errorShare);
    }
    await port.stop();
    expect(errors[0]).toBeGreaterThan(0);
    expect(errors[1]).toBe(errors[0]);
    expect(errors[2]).not.toBe(errors[0]);
  });

  test.each([
    ["N4", "unit norm", "step-not-normalised"],
    ["N4", "unit norm", "norm-l1"],
    ["N4", "non-negativity", "step-without-relu"],
    ["N3", "path invariance on loops", "velocity-multiplied"],
    ["N3", "path invariance on loops", "transition-residual"],
    ["N3", "path invariance under commuting weights", "step-softmax"],
    ["L4", "conformal isometry scaling", "conformal-standard-deviation"],
    ["L4", "conformal isometry of a proportional map", "conformal-not-divided"],
  ])("%s the property %s catches the mutant %s without the oracle", async (requirement, property, mutant) => {
    const port = new PortProcess(numpy("numpy/mutants.py", mutant), patient);
    const check = propertyChecks(fresh).find(({ title }) => title.startsWith(property))!;
    const finding = await check.run(port);
    await port.stop();
    expect(check.requirement).toBe(requirement);
    expect(finding.kind).toBe("off");
    expect(JSON.parse(readFileSync(finding.saved!, "utf8"))).toHaveProperty("input");
  });
});
