import { flatten, parameterNames } from "../../spec/oracle.ts";
import type { Parameters } from "../../spec/oracle.ts";
import { compare, largestMagnitude } from "./compare.ts";
import type { Json, JsonObject } from "./compare.ts";
import { differences, evaluate, trainingSteps } from "./evaluate.ts";
import { misreadings } from "./misreadings.ts";
import { readingOf } from "./misreadings/misreading.ts";
import type { CentralDifferences } from "./differences.ts";
import type { Misreading } from "./misreadings/misreading.ts";
import type { BatchInput, OperationName, Operations } from "./operations.ts";
import { rightReading } from "./reading.ts";
import type { Reading } from "./reading.ts";
import type { Tolerance } from "./tolerance.ts";
import { measureAnswers } from "./wire.ts";

/** An input, the right answer and a port's answer to it, and its tolerances. */
export interface Trial {
  input: JsonObject;
  expected: JsonObject;
  /** Undefined if the port wrote NaN, which is no JSON, or an error. */
  output: JsonObject | undefined;
  tolerance: Tolerance;
  /** The tolerance of float32, whatever the port says of its precision. */
  coarse: Tolerance;
  exact: string[];
}

/**
 * P10: what the author of a port is told about one operation, judged by all its replies. Each known misreading that
 * gives all of them is named with the requirement that is misread.
 * @spec P10
 */
export function explain(operation: OperationName, trials: Trial[]): string[] {
  const names = diagnose(operation, trials).map(({ says, requirement }) => `${says} (${requirement})`);
  if (names.length > 0) return names;
  const isCoarse = trials.every((trial) => !isOff({ ...trial, tolerance: trial.coarse }));
  return isCoarse ? ["the numbers are those of float32 arithmetic, though hello says float64 (P3)"] : [];
}

/**
 * Central differences are accurate to about nine digits. Gradients are not compared more closely than this with them.
 */
const differencesTolerance: Tolerance = { relative: 1e-6, absolute: 1e-7 };

/** If more misreadings than this give the same numbers, the case does not tell them apart, and none is named. */
const mostNamed = 4;

/** Imitating gradients is slow. Only this number of their trials is imitated, the failing ones first. */
const MOST_GRADIENTS = 6;

/**
 * The known misreadings that give a port's numbers in all its replies to one operation, right replies included. The
 * list is empty if no misreading does, or if too many do.
 * @spec P10
 */
export function diagnose(operation: OperationName, trials: Trial[]): Misreading[] {
  const failing = trials.filter(isOff);
  const inOrder = [...failing, ...trials.filter((trial) => !failing.includes(trial))];
  const chosen = operation === "gradients" ? inOrder.slice(0, MOST_GRADIENTS) : inOrder;
  const evidence = chosen.map((trial) =>
    operation === "gradients" && isGradient(trial) ? new GradientEvidence(trial) : trial,
  );
  const candidates = candidatesFor(operation).filter(
    (misreading) =>
      readingOf(misreading).gradients !== undefined ||
      evidence.some((each) => !(each instanceof GradientEvidence) || each.hasSmoothFault()),
  );
  const fitting = candidates.filter((misreading) => evidence.every((each) => reproduces(misreading, operation, each)));
  return fitting.length > mostNamed ? [] : fitting;
}

/** An operation of the measures is one function of a reading: only a misreading of this function gives other numbers. */
function candidatesFor(operation: OperationName): Misreading[] {
  return Object.hasOwn(measureAnswers, operation)
    ? misreadings.filter(({ change }) => Object.hasOwn(change, operation))
    : misreadings;
}

/** A trial of `gradients` whose answer has the expected shape and finite numbers. */
type GradientTrial = Trial & { output: JsonObject };

function isGradient(trial: Trial): trial is GradientTrial {
  const { expected, output, tolerance } = trial;
  return output !== undefined && ["pass", "off"].includes(compare(expected, output, tolerance).kind);
}

function isOff(trial: Trial): boolean {
  const { expected, output, tolerance, exact } = trial;
  return compare(expected, output, tolerance, exact).kind !== "pass";
}

function reproduces(misreading: Misreading, operation: OperationName, trial: Trial | GradientEvidence): boolean {
  const reading = readingOf(misreading);
  if (trial instanceof GradientEvidence && reading.gradients === undefined) return trial.fits(reading);
  const { input, output, tolerance, exact } = trial instanceof GradientEvidence ? trial.trial : trial;
  if (operation === "train") {
    // `losses` and `gradients` name these. Imitating them in whole trainings would take minutes.
    if (reading.slopeOf || (output === undefined && reading.gradients === undefined)) return false;
    if (output !== undefined) return reproducesTraining(reading, input, output, tolerance);
  }
  const imitation = imitate(reading, operation, input);
  const allowed = operation === "gradients" && reading.gradients === undefined ? widened(tolerance) : tolerance;
  return output === undefined
    ? !allFinite(imitation)
    : compare(inJson(imitation), output, allowed, exact).kind === "pass";
}

/** What a writer of JSON makes of an answer: null where a number is not finite. */
function inJson(answer: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(answer)) as JsonObject;
}

/** The answer under a misreading. It has no number where the misreading comes to no end, as at a product of two empty lists. */
function imitate(reading: Reading, operation: OperationName, input: JsonObject): JsonObject {
  try {
    return evaluate(reading, operation, input);
  } catch (error) {
    return { none: NaN, because: String(error) };
  }
}

function widened({ absolute, relative }: Tolerance): Tolerance {
  return {
    absolute: Math.max(absolute, differencesTolerance.absolute),
    relative: Math.max(relative, differencesTolerance.relative),
  };
}

/**
 * A port's gradient, to be compared with slopes one parameter after the other. The parameters whose derivative is
 * furthest from the right one come first, because most misreadings fail there. On an edge (a ReLU at exactly 0, a dead
 * state) a central difference is no derivative. A parameter whose right derivative it misses is therefore left out. A
 * port that is wrong at such parameters alone shows nothing that a slope can explain.
 */
class GradientEvidence {
  readonly trial: GradientTrial;
  private readonly input: BatchInput;
  private readonly actual: number[];
  private readonly right: number[];
  private readonly allowed: number[];
  private readonly places: number[];
  private readonly isSmooth = new Map<number, boolean>();
  private readonly rightSlopes: CentralDifferences;

  constructor(trial: GradientTrial) {
    this.trial = trial;
    this.input = trial.input as unknown as BatchInput;
    const output = trial.output as unknown as Parameters;
    const { absolute, relative } = widened(trial.tolerance);
    this.actual = flatten(output);
    this.right = flatten(trial.expected as unknown as Parameters);
    this.allowed = parameterNames.flatMap((name) => {
      const limit = absolute + relative * largestMagnitude(output[name]);
      return output[name].flat().map(() => limit);
    });
    const deviation = this.actual.map((value, place) => Math.abs(value - this.right[place]!) / this.allowed[place]!);
    this.places = this.actual.map((_, place) => place).sort((a, b) => deviation[b]! - deviation[a]!);
    this.rightSlopes = differences(rightReading, this.input);
  }

  /** Whether the slopes of a reading's total agree with the port's gradient. */
  fits(reading: Reading): boolean {
    const slopes = differences(reading, this.input);
    return this.places.every(
      (place) => Math.abs(slopes.at(place) - this.actual[place]!) <= this.allowed[place]! || !this.smoothAt(place),
    );
  }

  /** Whether the port's gradient is wrong at a parameter whose slope is known. */
  hasSmoothFault(): boolean {
    return this.places.some(
      (place) => Math.abs(this.actual[place]! - this.right[place]!) > this.allowed[place]! && this.smoothAt(place),
    );
  }

  private smoothAt(place: number): boolean {
    const known = this.isSmooth.get(place);
    if (known !== undefined) return known;
    const smooth = Math.abs(this.rightSlopes.at(place) - this.right[place]!) <= this.allowed[place]!;
    this.isSmooth.set(place, smooth);
    return smooth;
  }
}

/** Whether a reading gives a training run. The run is imitated up to the first number that differs. */
function reproducesTraining(reading: Reading, input: JsonObject, output: JsonObject, tolerance: Tolerance): boolean {
  const { parameters, batches, settings } = input as unknown as Operations["train"]["input"];
  const given = output as Partial<Operations["train"]["output"]>;
  const { absolute, relative } = reading.gradients === undefined ? widened(tolerance) : tolerance;
  const agrees = (field: "totals" | "learningRates" | "gradientNorms", step: number, value: Json): boolean => {
    const allowed = { absolute: absolute + relative * largestMagnitude(given[field] ?? null), relative: 0 };
    return compare(inJson({ [field]: value }), { [field]: given[field]?.[step] }, allowed).kind === "pass";
  };
  const steps = trainingSteps(reading, parameters, batches, settings);
  for (let part = 0; ; part++) {
    const { done, value } = steps.next();
    if (done) return compare(inJson({ parameters: { ...value } }), given, { absolute, relative }).kind === "pass";
    const step = Math.floor(part / 2);
    if ("totals" in value && !agrees("totals", step, value.totals)) return false;
    if ("learningRate" in value && !agrees("learningRates", step, value.learningRate)) return false;
    if ("gradientNorm" in value && !agrees("gradientNorms", step, value.gradientNorm)) return false;
  }
}

function allFinite(value: Json): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  return value === null || typeof value !== "object" || Object.values(value).every(allFinite);
}
