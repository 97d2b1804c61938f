import { flatten, parameterNames } from "../../spec/oracle.ts";
import type { Parameters } from "../../spec/oracle.ts";
import { compare, largestMagnitude } from "./compare.ts";
import type { Json, JsonObject } from "./compare.ts";
import { differences, evaluate, evaluation } from "./evaluate.ts";
import { misreadings } from "./misreadings.ts";
import { changesLosses, readingOf } from "./misreadings/misreading.ts";
import type { CentralDifferences } from "./differences.ts";
import type { Misreading } from "./misreadings/misreading.ts";
import type { BatchInput, OperationName, Operations } from "./operations.ts";
import { rightReading } from "./reading.ts";
import type { Reading } from "./reading.ts";
import type { Tolerance } from "./tolerance.ts";
import { measureAnswers } from "./wire.ts";

/** An input, a port's answer to it, and its tolerances. */
export interface Trial {
  input: JsonObject;
  /** Of the right shape, with finite numbers; undefined if the answer had a number that is not finite. */
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
  const isCoarse = trials.every((trial) => !isOff(operation, { ...trial, tolerance: trial.coarse }));
  return isCoarse ? ["the numbers are those of float32 arithmetic, though hello says float64 (P3)"] : [];
}

/**
 * Central differences are accurate to about nine digits. Gradients are not compared more closely than this with them.
 */
const differencesTolerance: Tolerance = { relative: 1e-6, absolute: 1e-7 };

/** If more misreadings than this give the same numbers, the case does not tell them apart, and none is named. */
const mostNamed = 4;

/**
 * Imitating gradients and training runs is slow. Only this number of their trials is imitated, the failing ones first.
 */
const mostSlowTrials: Partial<Record<OperationName, number>> = { gradients: 6, train: 2 };

/**
 * The known misreadings that give a port's numbers in all its replies to one operation, right replies included. The
 * list is empty if no misreading does, or if too many do.
 * @spec P10
 */
export function diagnose(operation: OperationName, trials: Trial[]): Misreading[] {
  const failing = trials.filter((trial) => isOff(operation, trial));
  const chosen = [...failing, ...trials.filter((trial) => !failing.includes(trial))].slice(
    0,
    mostSlowTrials[operation],
  );
  const evidence = chosen.map((trial) =>
    operation === "gradients" && hasNumbers(trial) ? new GradientEvidence(trial) : trial,
  );
  const fitting = candidatesFor(operation).filter((misreading) =>
    evidence.every((each) => reproduces(misreading, operation, each)),
  );
  return fitting.length > mostNamed ? [] : fitting;
}

/** An operation of the measures is one function of a reading: only a misreading of this function gives other numbers. */
function candidatesFor(operation: OperationName): Misreading[] {
  return Object.hasOwn(measureAnswers, operation)
    ? misreadings.filter(({ change }) => Object.hasOwn(change, operation))
    : misreadings;
}

/** A trial whose answer has finite numbers alone. */
type FiniteTrial = Trial & { output: JsonObject };

function hasNumbers(trial: Trial): trial is FiniteTrial {
  return trial.output !== undefined;
}

function isOff(operation: OperationName, trial: Trial): boolean {
  if (!hasNumbers(trial)) return true;
  const { input, output, tolerance, exact } = trial;
  return compare(evaluate(rightReading, operation, input), output, tolerance, exact).kind !== "pass";
}

function reproduces(misreading: Misreading, operation: OperationName, trial: Trial | GradientEvidence): boolean {
  const reading = readingOf(misreading);
  if (trial instanceof GradientEvidence && reading.gradients === undefined) return trial.fits(reading);
  const asked = trial instanceof GradientEvidence ? trial.trial : trial;
  const { input, tolerance, exact } = asked;
  if (operation === "train" && reading.slopeOf) return false; // `gradients` names these. Imitating them in a training would take minutes.
  if (!hasNumbers(asked)) return !allFinite(evaluate(reading, operation, input));
  const { output } = asked;
  if (operation === "train" && changesLosses(misreading) && !reproducesFirstTotal(reading, input, output, tolerance)) {
    return false;
  }
  const allowed = operation === "train" && reading.gradients === undefined ? widened(tolerance) : tolerance;
  const imitation = evaluate(reading, operation, input);
  return allFinite(imitation) && compare(imitation, output, allowed, exact).kind === "pass";
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
 * state) a central difference is no derivative. A parameter whose right derivative it misses is therefore left out.
 */
class GradientEvidence {
  readonly trial: FiniteTrial;
  private readonly input: BatchInput;
  private readonly actual: number[];
  private readonly right: number[];
  private readonly allowed: number[];
  private readonly places: number[];
  private readonly isSmooth = new Map<number, boolean>();
  private readonly rightSlopes: CentralDifferences;

  constructor(trial: FiniteTrial) {
    this.trial = trial;
    this.input = trial.input as unknown as BatchInput;
    const output = trial.output as unknown as Parameters;
    const { absolute, relative } = widened(trial.tolerance);
    this.actual = flatten(output);
    this.right = flatten(evaluate(rightReading, "gradients", trial.input) as unknown as Parameters);
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

  private smoothAt(place: number): boolean {
    const known = this.isSmooth.get(place);
    if (known !== undefined) return known;
    const smooth = Math.abs(this.rightSlopes.at(place) - this.right[place]!) <= this.allowed[place]!;
    this.isSmooth.set(place, smooth);
    return smooth;
  }
}

/**
 * Whether a reading gives the first total of a training run. This needs no gradient, and tells most misreadings apart.
 */
function reproducesFirstTotal(reading: Reading, input: JsonObject, output: JsonObject, tolerance: Tolerance): boolean {
  const { parameters, batches, settings } = input as unknown as Operations["train"]["input"];
  const { totals } = output as unknown as Operations["train"]["output"];
  const { velocityScale } = settings;
  const first = evaluation(reading).losses({ parameters, ...batches[0]![0]!, velocityScale, settings });
  return compare({ total: first.total }, { total: totals[0]![0] }, tolerance).kind === "pass";
}

function allFinite(value: Json): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  return value === null || typeof value !== "object" || Object.values(value).every(allFinite);
}
