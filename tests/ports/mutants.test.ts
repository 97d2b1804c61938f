import { expect, test } from "vitest";
import { misreadings } from "../../src/port/misreadings.ts";
import type { Misreading } from "../../src/port/misreadings/misreading.ts";
import { askAndMark, mayBeMisread } from "../../src/port/ask.ts";
import { operationNames } from "../../src/port/operations.ts";
import type { OperationName } from "../../src/port/operations.ts";
import type { Reading } from "../../src/port/reading.ts";
import { tryOperation } from "../../src/port/vector-checks.ts";
import { loadVectors } from "../../src/port/vectors.ts";
import type { Vector } from "../../src/port/vectors.ts";
import { isFailure } from "../../src/port/verdict.ts";
import { everyMutant } from "./every-mutant.ts";
import { rules, standsOn } from "./rules.ts";

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
  separationStates: "losses",
  invariance: "invariance",
  invarianceStates: "losses",
  capacity: "capacity",
  conformalIsometry: "conformalIsometry",
  capacityTerm: "losses",
  conformalTerm: "losses",
  total: "losses",
  gradients: "gradients",
  slopeOf: "gradients",
  adamwStart: "train",
  adamw: "adamw",
  clipByGlobalNorm: "clip",
  accumulate: "accumulate",
  clippedMean: "train",
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
const mutants = everyMutant(files);

function operationsOf({ change }: Misreading): OperationName[] {
  return [...new Set(Object.keys(change).map((piece) => operationOf[piece as keyof Reading]))];
}

test.each(misreadings)("$requirement $name: $says", async (misreading) => {
  const { requirement, name, says } = misreading;
  const findings = [];
  for (const operation of operationsOf(misreading)) {
    const { cases } = files.find((file) => file.operation === operation)!;
    findings.push(...(await tryOperation(mutants.port(name), operation, cases)).values());
  }
  const failed = findings.filter(isFailure);
  expect(failed.filter(mayBeMisread)).not.toEqual([]);
  for (const { looksLike } of failed) expect(looksLike).toEqual([`${says} (${requirement})`]);
});

const known = new Set(misreadings.map(({ name }) => name));
const unnamed = mutants.names.filter((name) => !known.has(name));

test.each(unnamed)("%s, which no known misreading imitates, is caught and gets no name", async (name) => {
  const failing = await failingOperations(name);
  expect(failing).not.toEqual([]);
  // `train` fails with the others and is slow to imitate. It is asked where nothing else fails.
  const [operation] = [...failing.filter((one) => one !== "train"), "train" as const];
  const { cases } = files.find((file) => file.operation === operation)!;
  // Most are told apart by the replies that fail. The right ones are slow to imitate, and are asked where these do not suffice.
  const failed = cases.filter(({ id }) => mutants.changed(name).has(id));
  const some = await namesGiven(name, operation, failed);
  expect(some.length === 0 ? some : await namesGiven(name, operation, cases)).toEqual([]);
});

/** What the diagnosis says about a mutant's replies to some vectors. */
async function namesGiven(name: string, operation: OperationName, cases: Vector[]): Promise<string[]> {
  const findings = await tryOperation(mutants.port(name), operation, cases);
  return [...findings.values()].flatMap(({ looksLike = [] }) => looksLike);
}

const failingBefore = new Map<string, ReadonlySet<OperationName>>();

/** The operations in which a mutant fails a vector. */
async function failingOperations(name: string): Promise<OperationName[]> {
  const failing = failingBefore.get(name) ?? (await operationsFailedBy(name));
  failingBefore.set(name, failing);
  return [...failing];
}

async function operationsFailedBy(name: string): Promise<ReadonlySet<OperationName>> {
  const failing = new Set<OperationName>();
  const changed = mutants.changed(name);
  for (const { operation, cases } of files) {
    for (const vector of cases.filter(({ id }) => changed.has(id))) {
      if (isFailure(await askAndMark(mutants.port(name), { operation, ...vector }))) failing.add(operation);
    }
  }
  return failing;
}

const requirementOf = (name: string): string => rules.find((rule) => rule.mutants.includes(name))!.requirement;

test.each(mutants.names)("%s fails where its own rule is asked about, and nowhere else", async (name) => {
  // Mutant: one that breaks a second rule, too, so that the vectors of its own rule might not catch it.
  const requirement = requirementOf(name);
  const strangers = (await failingOperations(name)).filter((operation) => !standsOn[operation].includes(requirement));
  expect(strangers).toEqual([]);
});

test("an operation stands on no rule in vain: a mutant of each makes it fail", async () => {
  // Mutant: a table that lets every operation stand on every rule, so that the test above cannot fail.
  const reached = new Set<string>();
  for (const name of mutants.names)
    for (const operation of await failingOperations(name)) reached.add(`${operation} by ${requirementOf(name)}`);
  const declared = operationNames.flatMap((operation) => standsOn[operation].map((rule) => `${operation} by ${rule}`));
  expect(declared.filter((one) => !reached.has(one))).toEqual([]);
});

test("the vectors tell any two mutants apart (mutant: two names for one mistake, or a vector that is missing)", () => {
  const written = mutants.names.map((name) => JSON.stringify([...mutants.changed(name)]));
  expect(mutants.names.filter((_, k) => written.indexOf(written[k]!) !== k)).toEqual([]);
});
