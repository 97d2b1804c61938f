import { beforeAll, describe, expect, test } from "vitest";
import { misreadings } from "../../src/port/misreadings.ts";
import type { Misreading } from "../../src/port/misreadings/misreading.ts";
import type { OperationName } from "../../src/port/operations.ts";
import { PortProcess } from "../../src/port/process.ts";
import type { Reading } from "../../src/port/reading.ts";
import { tryOperation } from "../../src/port/vector-checks.ts";
import { loadVectors } from "../../src/port/vectors.ts";
import { isFailure } from "../../src/port/verdict.ts";
import { numpy, patient, requireNumpy } from "./commands.ts";

// P8, P10: each known misreading, put into the NumPy port (numpy/mutants.py), is caught by the vectors and named by the diagnosis. The mutant that a
// test kills is its title.

/** The operation that shows most directly how a function of the reading was read. */
const operationOf: Record<keyof Reading, OperationName> = {
  path: "positions",
  positions: "positions",
  transition: "transition",
  initialState: "initialState",
  step: "step",
  separation: "separation",
  invariance: "invariance",
  invarianceStates: "losses",
  capacity: "capacity",
  conformalIsometry: "conformalIsometry",
  total: "losses",
  gradients: "gradients",
  slopeOf: "gradients",
  adamw: "adamw",
  clipByGlobalNorm: "clip",
  accumulate: "accumulate",
  warmupCosine: "schedule",
  reduceOnPlateau: "plateau",
  settingsAt: "curriculum",
  lossSettingsAt: "train",
  settings: "losses",
  capacityStates: "losses",
  deadStates: "rollout",
  warmupOf: "train",
  lossOfStep: "train",
  rateMap: "rateMap",
  autocorrelogram: "autocorrelogram",
  gridness: "gridness",
  lattice: "lattice",
  modules: "modules",
};

const files = loadVectors();

function operationsOf({ change }: Misreading): OperationName[] {
  return [...new Set(Object.keys(change).map((piece) => operationOf[piece as keyof Reading]))];
}

describe.concurrent("mutants of the NumPy port", () => {
  beforeAll(requireNumpy);

  for (const misreading of misreadings) {
    const { requirement, name, says } = misreading;
    test(`${requirement} ${name}: ${says}`, async () => {
      const port = new PortProcess(numpy("numpy/mutants.py", name), patient);
      const findings = [];
      for (const operation of operationsOf(misreading)) {
        const { cases } = files.find((file) => file.operation === operation)!;
        findings.push(...(await tryOperation(port, operation, cases)).values());
      }
      await port.stop();
      const failed = findings.filter(isFailure);
      expect(failed.map(({ kind }) => kind)).toContain("off");
      for (const { looksLike } of failed) expect(looksLike).toEqual([`${says} (${requirement})`]);
    });
  }

  test.each([
    ["M4", "gridness-undefined-annulus-decides", "gridness"],
    ["N3", "dead-state-replaced", "step"],
    ["L1", "dead-states-at-two", "separation"],
    ["L3", "capacity-of-the-living", "capacity"],
    ["L5", "separation-over-all", "losses"],
    ["T3", "clip-before-mean", "train"],
    ["T4", "cosine-ends-with-the-run", "schedule"],
    ["T5", "plateau-best-forgotten", "plateau"],
    ["T6", "curriculum-begins-with-the-config", "curriculum"],
    ["M6", "lattice-kernel-cut-short", "lattice"],
    ["M6", "lattice-offset-not-cut", "lattice"],
    ["M6", "lattice-offset-dropped", "lattice"],
    ["M6", "lattice-limit-kept", "lattice"],
  ] as const)("%s %s, which no known misreading imitates, is caught and gets no name", async (_, mutant, operation) => {
    const port = new PortProcess(numpy("numpy/mutants.py", mutant), patient);
    const { cases } = files.find((file) => file.operation === operation)!;
    const failed = [...(await tryOperation(port, operation, cases)).values()].filter(isFailure);
    await port.stop();
    expect(failed.length).toBeGreaterThan(0);
    for (const { looksLike = [] } of failed) expect(looksLike).toEqual([]);
  });
});
