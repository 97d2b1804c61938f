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

/** An input, what a port answered to it (in the right shape, all numbers finite), and how closely it is to be reproduced. */
export interface Trial {
  input: JsonObject;
  output: JsonObject;
  tolerance: Tolerance;
  /** The tolerance of float32, whatever the port says of its precision. */
  coarse: Tolerance;
  exact: string[];
}

/**
 * P10: what the author of a port is told about one operation, from all its replies to it: each known misreading that gives them all, with
 * the requirement that is misread.
 * @spec P10
 */
export function explain(operation: OperationName, trials: Trial[]): string[] {
  const names = diagnose(operation, trials).map(({ says, requirement }) => `${says} (${requirement})`);
  if (names.length > 0) return names;
  const isCoarse = trials.every((trial) => !isOff(operation, { ...trial, tolerance: trial.coarse }));
  return isCoarse ? ["the numbers are those of float32 arithmetic, though hello says float64 (P3)"] : [];
}

/** Central differences are good to about nine digits: no gradient made of them is compared more closely than this. */
const differencesTolerance: Tolerance = { relative: 1e-6, absolute: 1e-7 };

/** When more misreadings than this give the same numbers, the case tells nothing about which it is. */
const mostNamed = 4;

/** Gradients and training runs are slow to imitate: of their trials only these many are, the failing ones first. */
const mostSlowTrials: Partial<Record<OperationName, number>> = { gradients: 6, train: 2 };

/**
 * The known misreadings that give a port's numbers for all its replies to one operation, the right ones among them too.
 * Empty when none does, or when the replies fit too many to tell.
 * @spec P10
 */
export function diagnose(operation: OperationName, trials: Trial[]): Misreading[] {
  const failing = trials.filter((trial) => isOff(operation, trial));
  const chosen = [...failing, ...trials.filter((trial) => !failing.includes(trial))].slice(
    0,
    mostSlowTrials[operation],
  );
  const evidence = chosen.map((trial) => (operation === "gradients" ? new GradientEvidence(trial) : trial));
  const fitting = misreadings.filter((misreading) => evidence.every((each) => reproduces(misreading, operation, each)));
  return fitting.length > mostNamed ? [] : fitting;
}

function isOff(operation: OperationName, { input, output, tolerance, exact }: Trial): boolean {
  return compare(evaluate(rightReading, operation, input), output, tolerance, exact).kind !== "pass";
}

function reproduces(misreading: Misreading, operation: OperationName, trial: Trial | GradientEvidence): boolean {
  const reading = readingOf(misreading);
  if (trial instanceof GradientEvidence && reading.gradients === undefined) return trial.fits(reading);
  const { input, output, tolerance, exact } = trial instanceof GradientEvidence ? trial.trial : trial;
  if (operation === "train" && reading.slopeOf) return false; // Named by `gradients`; here it would take minutes.
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
 * A port's gradient, to be compared with slopes one parameter after the other, those first that are furthest from the right ones: most
 * misreadings fall at the first. On an edge (a ReLU at exactly 0, a dead state) a central difference is no derivative; a
 * parameter whose right derivative it misses tells nothing and is passed over.
 */
class GradientEvidence {
  readonly trial: Trial;
  private readonly input: BatchInput;
  private readonly actual: number[];
  private readonly right: number[];
  private readonly allowed: number[];
  private readonly places: number[];
  private readonly isSmooth = new Map<number, boolean>();
  private readonly rightSlopes: CentralDifferences;

  constructor(trial: Trial) {
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

  /** Whether the slopes of a reading's total are the port's gradient. */
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

/** The first total of a training run needs no gradient, and tells most misreadings apart. */
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
