import { askAndMark, mayBeMisread } from "./ask.ts";
import type { Marked } from "./ask.ts";
import { uncovered } from "./check.ts";
import type { Check, Finding } from "./check.ts";
import { explain } from "./diagnosis.ts";
import type { Trial } from "./diagnosis.ts";
import type { Answering, PortProcess } from "./process.ts";
import { requirementOf } from "./operations.ts";
import type { OperationName } from "./operations.ts";
import type { Vector, VectorFile } from "./vectors.ts";

/**
 * P8, P10: one check for each vector. All vectors of an operation are asked when the first of these checks is run,
 * because only all answers together show which misreading fits.
 */
export function vectorChecks(files: VectorFile[]): Check[] {
  return files.flatMap(({ operation, cases }) => {
    const trial = once((port: PortProcess) => tryOperation(port, operation, cases));
    return cases.map((vector): Check => ({
      requirement: requirementOf(operation),
      title: `${vector.id} (${vector.about})`,
      operation,
      id: vector.id,
      run: async (port) => (await uncovered(port, operation)) ?? (await trial(port)).get(vector.id)!,
    }));
  });
}

/**
 * The findings for all vectors of one operation, by id. A wrong answer comes with the misreadings that it looks like.
 */
export async function tryOperation(
  port: Answering,
  operation: OperationName,
  cases: Vector[],
): Promise<Map<string, Finding>> {
  const marked: { vector: Vector; answer: Marked }[] = [];
  for (const vector of cases) marked.push({ vector, answer: await askAndMark(port, { operation, ...vector }) });
  const trials = marked.flatMap(({ vector, answer }): Trial[] =>
    answer.kind === "pass" || mayBeMisread(answer)
      ? [{ ...vector, tolerance: answer.tolerance, coarse: vector.tolerance.float32, output: answer.output }]
      : [],
  );
  const looksLike = marked.some(({ answer }) => mayBeMisread(answer)) ? explain(operation, trials) : [];
  return new Map(
    marked.map(({ vector, answer }): [string, Finding] => {
      const { kind, message, errorShare } = answer;
      const finding: Finding = { kind, message, errorShare };
      return [vector.id, mayBeMisread(answer) ? { ...finding, looksLike, trials } : finding];
    }),
  );
}

/** A function that does something only at its first call for a port. */
function once<T>(f: (port: PortProcess) => Promise<T>): (port: PortProcess) => Promise<T> {
  const results = new WeakMap<PortProcess, Promise<T>>();
  return (port) => {
    const result = results.get(port) ?? f(port);
    results.set(port, result);
    return result;
  };
}
