import * as fc from "fast-check";
import { expect, test } from "vitest";
import { gradients } from "../../spec/oracle-gradients.ts";
import { train } from "../../spec/oracle-training-step.ts";
import { combine, flatten, losses } from "../../spec/oracle.ts";
import type { Parameters } from "../../spec/oracle.ts";
import { compare } from "../../src/port/compare.ts";
import type { JsonObject } from "../../src/port/compare.ts";
import { diagnose } from "../../src/port/diagnosis.ts";
import { draws, isClearRollout } from "../../src/port/draws.ts";
import { differences, evaluate, evaluation } from "../../src/port/evaluate.ts";
import { misreadings } from "../../src/port/misreadings.ts";
import { readingOf } from "../../src/port/misreadings/misreading.ts";
import { rightReading } from "../../src/port/reading.ts";
import { loadVectors } from "../../src/port/vectors.ts";

// P10: the catalogue of misreadings, and the right reading that they are made from.

const right = evaluation(rightReading);

test("P10 the right reading is the oracle: losses and gradients of fresh batches", () => {
  // Mutant: a piece of the rollout or of the losses put together in another way than the oracle's.
  fc.assert(
    fc.property(draws.losses, (input) => {
      const { parameters, velocityScale, settings, ...batch } = input;
      expect(right.losses(input)).toEqual(losses(parameters, batch, velocityScale, settings));
      expect(right.gradients(input)).toEqual(gradients(parameters, batch, velocityScale, settings));
    }),
    { numRuns: 50 },
  );
});

test("P10 the right reading is the oracle: whole training steps", () => {
  // Mutants: the schedule's step counted from 1; the plateau told the first batch's loss instead of the mean.
  fc.assert(
    fc.property(draws.train, (input) => {
      const { parameters, reports } = train(input.parameters, input.batches, input.settings);
      const out = right.train(input);
      expect(out.parameters).toEqual(parameters);
      expect(out.learningRates).toEqual(reports.map(({ learningRate }) => learningRate));
      expect(out.gradientNorms).toEqual(reports.map(({ gradientNorm }) => gradientNorm));
    }),
    { numRuns: 20 },
  );
});

test("P10 the right reading is the oracle: it gives every golden vector", () => {
  // Mutant: an operation whose input or output is wired to the wrong field.
  for (const { operation, cases } of loadVectors()) {
    if (!(operation in right)) continue;
    for (const { id, input, expected, exact, tolerance } of cases) {
      const output = evaluate(rightReading, operation, input);
      expect(compare(expected, output, tolerance.float64, exact), id).toMatchObject({ kind: "pass" });
    }
  }
});

test("P10 central differences of the total are its gradient, away from edges", () => {
  // Mutants: a one-sided difference; the step left out of the quotient; parameters taken in another order than flatten's.
  const smooth = draws.gradients
    .map((input) => ({ ...input, parameters: offEdges(input.parameters) }))
    .filter((i) => isClearRollout(i.parameters, i, i.velocityScale));
  fc.assert(
    fc.property(smooth, (input) => {
      const slopes = flatten(differences(rightReading, input).all());
      const exact = flatten(right.gradients(input));
      const scale = Math.max(1, ...exact.map(Math.abs));
      slopes.forEach((slope, place) => {
        expect(Math.abs(slope - exact[place]!)).toBeLessThan(1e-5 * scale);
      });
    }),
    { numRuns: 15 },
  );
});

/** Moves every parameter by an amount of its own, so that no ReLU's input is exactly 0. */
function offEdges(p: Parameters): Parameters {
  let place = 0;
  return combine((entry) => entry + 0.05 * Math.sin(1.7 * place++ + 0.3), p);
}

test("P10 the catalogue has each name and each sentence once, and gives a requirement that it misreads", () => {
  expect(misreadings.length).toBeGreaterThan(20);
  expect(new Set(misreadings.map(({ name }) => name)).size).toBe(misreadings.length);
  expect(new Set(misreadings.map(({ says }) => says)).size).toBe(misreadings.length);
  for (const { requirement } of misreadings) expect(requirement).toMatch(/^[DNLTM]\d$/);
});

test.each([
  // Mutant: only the operation that a misreading belongs to is imitated. From further on, W written down transposed and W applied
  // transposed are the same mistake.
  ["losses", "variance-n-minus-1", []],
  ["losses", "always-mean", []],
  ["losses", "velocity-not-scaled", []],
  ["gradients", "gaussian-without-2", []],
  ["gradients", "step-transposed", ["transition-column-major"]],
  ["train", "adamw-decay-coupled", []],
  ["train", "clip-per-tensor", []],
  ["rollout", "order-inverted", []],
] as const)("P10 a mistake is named from the far end too: by %s alone, %s", (operation, name, equals) => {
  const { cases } = loadVectors().find((file) => file.operation === operation)!;
  const misreading = misreadings.find((one) => one.name === name)!;
  const trials = cases.slice(0, 6).map(({ input, expected, exact, tolerance }) => ({
    input,
    expected,
    output: evaluate(readingOf(misreading), operation, input),
    exact,
    tolerance: tolerance.float32,
    coarse: tolerance.float32,
  }));
  expect(diagnose(operation, trials).map((found) => found.name)).toEqual([...equals, name]);
});

test("P10 a number that no misreading gives gets no diagnosis, and neither does one that too many give", () => {
  // Mutants: the nearest misreading is named although it is off; a list of guesses for a case that tells nothing.
  const input: JsonObject = {
    states: [
      [0.5, 0.25],
      [0, 1],
    ],
  };
  const tolerance = { absolute: 1e-9, relative: 1e-9 };
  const expected = evaluate(rightReading, "capacity", input);
  const trial = { input, expected, exact: [], tolerance, coarse: tolerance };
  expect(diagnose("capacity", [{ ...trial, output: { value: 0.123 } }])).toEqual([]);
  expect(diagnose("capacity", [{ ...trial, output: expected }])).toEqual([]);
});
