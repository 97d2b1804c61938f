import { answer } from "./answers.ts";
import { batchCases } from "./batch-cases.ts";
import type { Case } from "./case.ts";
import { dataCases } from "./data-cases.ts";
import { format } from "./format.ts";
import { guard } from "./guard.ts";
import { lossCases } from "./loss-cases.ts";
import { networkCases } from "./network-cases.ts";
import { measureCases } from "./measure-cases.ts";
import { measuredError } from "./rounding.ts";
import type { Precision } from "./rounding.ts";
import { jsonSchema } from "./schema.ts";
import type { VectorCase } from "./schema.ts";
import { absoluteTolerance, SAFETY, toleranceOf } from "./tolerance.ts";
import { trainingCases } from "./training-cases.ts";

/** Outputs that are counts. */
const COUNTS = new Set(["count", "deadStates", "nearCount", "farCount", "conCount", "timesteps", "modules"]);

/** Every case there is, not yet answered. */
export function allCases(): Case[] {
  return [...dataCases(), ...networkCases(), ...lossCases(), ...batchCases(), ...trainingCases(), ...measureCases()];
}

/** Answers a case by the oracle and measures its tolerances. */
function answered(given: Case): VectorCase {
  guard(given);
  const { operation, name, requirements, about, input } = given;
  const expected = answer(operation, input);
  const measure = (precision: Precision): number => {
    const negligible = absoluteTolerance(operation, precision) / SAFETY;
    return Number(measuredError(given, expected, precision, negligible).toPrecision(2));
  };
  const measured = { float32: measure("float32"), float64: measure("float64") };
  return {
    id: `${operation}/${name}`,
    requirements,
    about,
    input: input as unknown as VectorCase["input"],
    expected: expected as VectorCase["expected"],
    exact: Object.keys(expected).filter((field) => COUNTS.has(field)),
    measured,
    tolerance: {
      float32: toleranceOf(operation, measured.float32, "float32"),
      float64: toleranceOf(operation, measured.float64, "float64"),
    },
  };
}

/** All files of golden/vectors that a program writes: names and contents. */
export function vectorFiles(): Map<string, string> {
  const files = new Map([["schema.json", `${format(jsonSchema())}\n`]]);
  const cases = allCases();
  for (const operation of new Set(cases.map((given) => given.operation))) {
    const content = {
      $schema: "./schema.json",
      operation,
      cases: cases.filter((given) => given.operation === operation).map(answered),
    };
    files.set(`${operation}.json`, `${format(content)}\n`);
  }
  return files;
}
