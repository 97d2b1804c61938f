import * as fc from "fast-check";
import { join } from "node:path";
import { askAndMark, isProcessFault, mayBeMisread } from "./ask.ts";
import type { Marked } from "./ask.ts";
import { passed, uncovered } from "./check.ts";
import type { Check, Finding } from "./check.ts";
import type { JsonObject } from "./compare.ts";
import { copiesOf } from "./copies.ts";
import { explain } from "./diagnosis.ts";
import type { Trial } from "./diagnosis.ts";
import { evaluate } from "./evaluate.ts";
import { fitted, goodOnes } from "./fixed.ts";
import { isFair } from "./fair.ts";
import { draws, isDrawn } from "./draws.ts";
import type { PortProcess } from "./process.ts";
import { rightReading } from "./reading.ts";
import { operations, requirementOf } from "./operations.ts";
import type { OperationName } from "./operations.ts";
import { saveVectors, freshTolerance } from "./vectors.ts";
import type { Vector, VectorFile } from "./vectors.ts";

/** How fresh cases are drawn, and where counter-examples are saved. */
export interface FreshOptions {
  /** The same seed draws the same cases. */
  seed: number;
  /** Number of cases for each operation. */
  runs: number;
  /** Folder for the shrunk counter-examples. */
  folder: string;
}

/**
 * P10: one check for each operation, on cases that are not among the vectors. A port that has learnt the vectors by
 * heart fails here. The expected output is the oracle's. A counter-example is shrunk and saved as a file of vectors.
 * @spec P10
 */
export function freshChecks(files: VectorFile[], options: FreshOptions): Check[] {
  return files.flatMap(({ operation, cases }): Check[] => {
    const { seed } = options;
    const check = (runs: number, what: string, inputs: fc.Arbitrary<JsonObject>): Check => ({
      requirement: requirementOf(operation),
      title: `${operation}: ${runs} ${what} (seed ${seed})`,
      operation,
      run: async (port) =>
        (await uncovered(port, operation)) ?? (await tryFresh(port, operation, inputs, cases, { ...options, runs })),
    });
    if (isDrawn(operation))
      return [
        check(options.runs, "fresh cases", draws[operation] as fc.Arbitrary<unknown> as fc.Arbitrary<JsonObject>),
      ];
    return [check(Math.min(options.runs, MOST_COPIES), "turned copies of vectors", copiesOf(operation, cases))];
  });
}

/** There are only so many copies of a vector, and each is slow to answer. */
const MOST_COPIES = 12;

/** How many right answers are kept. They are evidence against misreadings that would have given other numbers. */
const evidence = 10;

/** What went wrong in the runner itself where fast-check reports a failure and no case of the port failed. */
export function faultOf({ errorInstance, numRuns }: { errorInstance?: unknown; numRuns: number }): Error {
  return errorInstance instanceof Error ? errorInstance : new Error(`only ${numRuns} fresh cases could be drawn`);
}

async function tryFresh(
  port: PortProcess,
  operation: OperationName,
  drawn: fc.Arbitrary<JsonObject>,
  vectors: Vector[],
  { seed, runs, folder }: FreshOptions,
): Promise<Finding> {
  const greeting = await port.hello();
  const fixed = goodOnes("hello" in greeting ? greeting.hello.fixed : undefined);
  const tolerance = freshTolerance(vectors);
  const exact = vectors[0]!.exact;
  const vectorOf = (input: JsonObject): Vector => ({
    id: `${operation}/fresh-${seed}`,
    requirements: [...operations[operation].requirements],
    about: `drawn with seed ${seed} and shrunk`,
    input,
    expected: evaluate(rightReading, operation, input),
    exact,
    tolerance,
  });
  let last: { vector: Vector; marked: Marked } | undefined;
  let errorShare = 0;
  const passing: Trial[] = [];
  const inputs = drawn.map((input) => fitted(fixed, input));
  const property = fc.asyncProperty(inputs, async (input) => {
    // A fault costs a process. After the first one no other case is asked, and the case is not shrunk.
    if (last && isProcessFault(last.marked)) return true;
    const vector = vectorOf(input);
    fc.pre(isFair(operation, vector.input, vector.expected, tolerance.float32));
    const marked = await askAndMark(port, { operation, ...vector });
    if (marked.kind !== "pass") last = { vector, marked };
    else {
      errorShare = Math.max(errorShare, marked.errorShare);
      const { tolerance: held, output } = marked;
      if (passing.length < evidence && output)
        passing.push({ ...vector, tolerance: held, coarse: tolerance.float32, output });
    }
    return marked.kind === "pass";
  });
  const check = await fc.check(property, { seed, numRuns: runs });
  if (!last && check.failed) throw faultOf(check);
  if (!last) return passed(`${runs} fresh cases agree`, errorShare);

  const { vector, marked } = last;
  const saved = join(folder, `${operation}-${seed}.json`);
  saveVectors(saved, operation, [vector]);
  const message = `${marked.message}; the shrunk case is in ${saved}`;
  if (!mayBeMisread(marked)) return { kind: marked.kind, message, errorShare: Infinity, saved };
  const failing = { ...vector, tolerance: marked.tolerance, coarse: tolerance.float32, output: marked.output };
  const trials = [failing, ...passing];
  return {
    kind: marked.kind,
    message,
    errorShare: marked.errorShare,
    looksLike: explain(operation, trials),
    trials,
    saved,
  };
}
