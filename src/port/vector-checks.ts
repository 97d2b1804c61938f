import { askAndMark, isProcessFault } from "./ask.ts";
import type { Marked } from "./ask.ts";
import { uncovered } from "./check.ts";
import type { Check, Finding } from "./check.ts";
import { diagnose } from "./diagnosis.ts";
import type { Trial } from "./diagnosis.ts";
import type { PortProcess } from "./process.ts";
import { requirementOf } from "./operations.ts";
import type { OperationName } from "./operations.ts";
import type { Vector, VectorFile } from "./vectors.ts";

/** Faults of the process that one operation may cost before its other vectors are left unasked. */
const faultsBeforeGivingUp = 2;

/**
 * P8, P10: one check a vector. The vectors of an operation are asked together when the first is run, because only all answers
 * together show which misreading fits.
 */
export function vectorChecks(files: VectorFile[]): Check[] {
  return files.flatMap(({ operation, cases }) => {
    const trial = once((port: PortProcess) => tryOperation(port, operation, cases));
    return cases.map((vector): Check => ({
      requirement: requirementOf(operation),
      title: `${vector.id} (${vector.about})`,
      run: async (port) => (await uncovered(port, operation)) ?? (await trial(port)).get(vector.id)!,
    }));
  });
}

/** The findings for all vectors of one operation, by id, each wrong number with what it looks like. */
export async function tryOperation(
  port: PortProcess,
  operation: OperationName,
  cases: Vector[],
): Promise<Map<string, Finding>> {
  const marked: { vector: Vector; answer: Marked | Finding }[] = [];
  let faults = 0;
  for (const vector of cases) {
    if (faults >= faultsBeforeGivingUp) {
      const message = `not asked: ${operation} had cost ${faults} processes`;
      marked.push({ vector, answer: { kind: "given-up", message } });
      continue;
    }
    const answer = await askAndMark(port, { operation, ...vector });
    if (isProcessFault(answer)) faults += 1;
    marked.push({ vector, answer });
  }
  const trials = marked.flatMap(({ vector, answer }): Trial[] =>
    "output" in answer && answer.output ? [{ ...vector, tolerance: answer.tolerance, output: answer.output }] : [],
  );
  const isOff = marked.some(({ answer }) => answer.kind === "off");
  const looksLike = isOff ? diagnose(operation, trials) : [];
  return new Map(
    marked.map(({ vector, answer: { kind, message, errorShare } }): [string, Finding] => {
      const finding: Finding = errorShare === undefined ? { kind, message } : { kind, message, errorShare };
      return [vector.id, kind === "off" ? { ...finding, looksLike: looksLike.map(({ says }) => says) } : finding];
    }),
  );
}

/** A function whose first call for a port is the only one that does anything. */
function once<T>(f: (port: PortProcess) => Promise<T>): (port: PortProcess) => Promise<T> {
  const results = new WeakMap<PortProcess, Promise<T>>();
  return (port) => {
    const result = results.get(port) ?? f(port);
    results.set(port, result);
    return result;
  };
}
