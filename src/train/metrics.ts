import { z } from "zod";
import { InputError } from "../io/error.ts";
import { parsedAs } from "../io/expectation.ts";
import { parseJson } from "../io/json.ts";
import { TERMS, type Terms } from "./acceptance-criteria.ts";
import { mean } from "../statistics/statistics.ts";

/** Share of an attempt's steps, at its end, over which its closing losses are averaged. */
const CLOSING_SHARE = 0.1;

/** What one step of training reports, in the order of a line; losses are means over the accumulated batches. */
const METRICS = [
  "timesteps",
  "learningRate",
  "conCount",
  ...TERMS,
  "farCount",
  "nearCount",
  "deadStates",
  "gradientNorm",
] as const;
export type StepMetrics = Record<(typeof METRICS)[number], number>;

const lineSchema = z.strictObject({
  step: z.int().min(1),
  ...(Object.fromEntries(METRICS.map((key) => [key, z.number()])) as Record<keyof StepMetrics, z.ZodNumber>),
});

/** A line of metrics.jsonl: means over the steps since the line before, up to and including `step`. */
export type MetricsLine = z.infer<typeof lineSchema>;

/**
 * The lines of a text of metrics, in the order of their steps.
 * @param from what a message calls the text, as in the name of its file
 * @param cutShort whether the last line may be cut short, as a crash leaves it; it is then left out
 * @throws InputError that names the text and the first line that is not one of metrics
 */
export function parseMetrics(text: string, from: string, { cutShort = false } = {}): MetricsLine[] {
  const lines = text.split("\n");
  const last = lines.pop()!; // empty in a whole file
  if (last !== "" && !cutShort)
    throw new InputError(`${from}:${lines.length + 1} is cut short; expected a whole line of metrics`);
  let before = 0;
  return lines.map((line, i) => {
    const place = `${from}:${i + 1}`;
    const read = parsedAs(lineSchema, parseJson(line, place), place, "a line of metrics");
    if (read.step <= before)
      throw new InputError(`${place}: step is ${read.step}; expected one above ${before}, the step of the line before`);
    before = read.step;
    return read;
  });
}

/**
 * The steps after which a run has written a line: every `logEvery` steps of an attempt, and at its end.
 * @param lengths how many steps each attempt has taken; the last one may be under way
 */
export function stepsOfLines(
  lengths: readonly number[],
  { logEvery, steps }: { logEvery: number; steps: number },
): number[] {
  let before = 0;
  return lengths.flatMap((length, k) => {
    const lines = Array.from({ length: Math.floor(length / logEvery) }, (_, i) => before + (i + 1) * logEvery);
    const ended = k < lengths.length - 1 || length === steps;
    before += length;
    return ended && length % logEvery !== 0 ? [...lines, before] : lines;
  });
}

/** The losses of an attempt of `steps` steps, averaged over the lines of metrics of the last tenth of them. */
export function closingLosses(lines: readonly (Terms & { step: number })[], steps: number): Terms {
  const closing = lines.filter(({ step }) => step > steps - Math.max(1, Math.floor(CLOSING_SHARE * steps)));
  return Object.fromEntries(TERMS.map((term) => [term, mean(closing.map((line) => line[term]))])) as Terms;
}
