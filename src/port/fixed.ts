import type { Json, JsonObject } from "./compare.ts";
import { operations } from "./operations.ts";

/** The settings that a port cannot change, by name: a number or a word, or the name of the setting whose value it takes. */
export type Fixed = Readonly<Record<string, number | string>>;

const trainSettings = operations.train.input.shape.settings.shape;

/** The words that a setting may be fixed at. The last two stand for fields that may be left out of an input. */
const WORDS: Record<string, readonly string[]> = {
  reduction: trainSettings.reduction.options,
  schedule: trainSettings.schedule.options,
  pairs: ["all"],
  curriculum: ["none"],
};

/** The settings that are numbers. The length of a run is none, since it is the run's own. */
const NUMBERS = Object.keys(trainSettings).filter((name) => !(name in WORDS) && name !== "steps");

/** Numbers that divide, or a width of nothing. */
const ABOVE_ZERO = ["sigmaX", "sigmaG", "sigmaC", "velocityScale", "learningRate"];

const BELOW_ONE = ["beta1", "beta2"];

const WHOLE = ["warmup", "plateauPatience"];

/** P3: what is wrong with the fixed settings of `hello`, a line for each that is unknown or impossible. */
export function problemsOf(fixed: Fixed): string[] {
  return Object.entries(fixed).flatMap(([name, value]) => {
    const expected = expectedOf(fixed, name, value);
    if (expected === undefined) return [];
    return expected === ""
      ? [`hello fixes ${name}, which is no setting; expected some of ${[...NUMBERS, ...Object.keys(WORDS)].join(", ")}`]
      : [`hello fixes ${name} at ${JSON.stringify(value)}; expected ${expected}`];
  });
}

/** What a fixed setting should be, "" where there is no such setting, and undefined where it is good. */
function expectedOf(fixed: Fixed, name: string, value: number | string): string | undefined {
  const words = Object.hasOwn(WORDS, name) ? WORDS[name]! : undefined;
  if (words) return words.includes(String(value)) ? undefined : words.map((word) => JSON.stringify(word)).join(" or ");
  if (!NUMBERS.includes(name)) return "";
  if (typeof value === "string") {
    const isAnother = NUMBERS.includes(value) && value !== name && typeof fixed[value] !== "string";
    return isAnother
      ? undefined
      : "a number, or the name of another setting that is a number and that has its own value";
  }
  if (WHOLE.includes(name)) return Number.isInteger(value) && value >= 0 ? undefined : "a whole number of at least 0";
  if (ABOVE_ZERO.includes(name)) return value > 0 ? undefined : "a number above 0";
  if (BELOW_ONE.includes(name)) return value >= 0 && value < 1 ? undefined : "a number of at least 0 and below 1";
  return value >= 0 ? undefined : "a number of at least 0";
}

/** The fixed settings that are good. */
export function goodOnes(fixed: Fixed = {}): Fixed {
  return Object.fromEntries(
    Object.entries(fixed).filter(([name, value]) => expectedOf(fixed, name, value) === undefined),
  );
}

/**
 * P10: the first fixed setting of a port that an input has otherwise, or undefined if the input fits the port.
 * @spec P10
 */
export function misfit(fixed: Fixed, input: JsonObject): string | undefined {
  return Object.keys(fixed).find((name) => JSON.stringify(placed(fixed, [name], input)) !== JSON.stringify(input));
}

/** An input with the fixed settings of a port in place of its own. */
export function fitted<Input>(fixed: Fixed, input: Input): Input {
  return placed(fixed, Object.keys(fixed), input as JsonObject) as Input;
}

/** Settings stand in the input itself, in its `settings`, in the knots of its curriculum, and in its batches. */
function placed(fixed: Fixed, names: string[], place: JsonObject): JsonObject {
  const values: Record<string, Json | undefined> = {};
  for (const name of names) {
    const value = fixed[name]!;
    values[name] = typeof value === "string" && NUMBERS.includes(value) ? (fixed[value] ?? place[value]) : value;
  }
  const inside = (inner: Json): Json => placed(fixed, names, inner as JsonObject);
  const changed = (field: string, before: Json): Json => {
    if (field === "settings") return inside(before);
    if (field === "batches") return (before as Json[][]).map((batches) => batches.map(inside));
    if (field !== "curriculum") return values[field] ?? before;
    return "curriculum" in values
      ? []
      : (before as JsonObject[]).map((knot) => mapped(knot, (name, given) => values[name] ?? given));
  };
  const kept = Object.entries(place).filter(([field]) => !(field === "pairs" && "pairs" in values));
  return mapped(Object.fromEntries(kept), changed);
}

function mapped(object: JsonObject, f: (field: string, value: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([field, value]) => [field, f(field, value)]));
}
