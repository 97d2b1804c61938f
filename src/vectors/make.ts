import { exactFields, operationNames, operations } from "../port/operations.ts";
import type { Precision } from "../port/tolerance.ts";
import { jsonSchemaOf } from "../port/vectors.ts";
import type { Vector } from "../port/vectors.ts";
import { specVersion } from "../port/version.ts";
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
import { absoluteTolerance, SAFETY, toleranceOf } from "./tolerance.ts";
import { trainingCases } from "./training-cases.ts";

/** All cases, without their answers. */
function allCases(): Case[] {
  return [...dataCases(), ...networkCases(), ...lossCases(), ...batchCases(), ...trainingCases(), ...measureCases()];
}

/** Answers a case by the oracle, and measures its tolerances. */
function answered(given: Case): Vector {
  guard(given);
  const { operation, name, about, input } = given;
  const expected = answer(operation, input);
  const measure = (precision: Precision): number => {
    const negligible = absoluteTolerance(operation, precision) / SAFETY;
    return Number(measuredError(given, expected, precision, negligible).toPrecision(2));
  };
  const measured = { float32: measure("float32"), float64: measure("float64") };
  return {
    id: `${operation}/${name}`,
    requirements: [...operations[operation].requirements],
    about,
    input: input,
    expected: expected as Vector["expected"],
    exact: exactFields(operation),
    measured,
    tolerance: {
      float32: toleranceOf(operation, measured.float32, "float32"),
      float64: toleranceOf(operation, measured.float64, "float64"),
    },
  };
}

/** All files of golden/vectors that are wholly generated (README.md is not): their contents by name. */
export function vectorFiles(): Map<string, string> {
  const cases = allCases();
  return new Map(
    operationNames.flatMap((operation): [string, string][] => {
      const content = {
        $schema: `./schemas/${operation}.json`,
        version: specVersion,
        operation,
        cases: cases.filter((given) => given.operation === operation).map(answered),
      };
      return [
        [`${operation}.json`, `${format(content)}\n`],
        [`schemas/${operation}.json`, `${format(jsonSchemaOf(operation))}\n`],
      ];
    }),
  );
}
