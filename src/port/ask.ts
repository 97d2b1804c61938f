import { compare } from "./compare.ts";
import type { Comparison, JsonObject } from "./compare.ts";
import { goodOnes, misfit } from "./fixed.ts";
import type { OperationName } from "./operations.ts";
import type { Answering } from "./process.ts";
import type { Precision, Tolerance } from "./tolerance.ts";

/** A question whose answer is known. */
export interface Question {
  operation: OperationName;
  input: JsonObject;
  expected: JsonObject;
  exact: string[];
  tolerance: Record<Precision, Tolerance>;
}

/** The verdict on a port's answer, with its output if that is an object. */
export interface Marked extends Comparison {
  output?: JsonObject;
  tolerance: Tolerance;
}

/**
 * P6 to P9: asks a port one question and judges the answer. A question with settings that the port does not have is not asked (P10).
 * @spec P6
 */
export async function askAndMark(port: Answering, question: Question): Promise<Marked> {
  const greeting = await port.hello();
  const { precision, fixed } = "hello" in greeting ? greeting.hello : { precision: "float32" as const };
  const tolerance = question.tolerance[precision];
  const other = misfit(goodOnes(fixed), question.input);
  if (other !== undefined) {
    const message = `the port has ${other} fixed at ${fixed![other]!}, and this case has another`;
    return { kind: "not-covered", message, errorShare: 0, tolerance };
  }
  const answer = await port.ask(question.operation, question.input);
  if ("fault" in answer) return { ...answer.fault, errorShare: Infinity, tolerance };
  if ("errorReply" in answer) {
    const message = `the port replied with an error: ${answer.errorReply}`;
    return { kind: "error-reply", message, errorShare: Infinity, tolerance };
  }
  const { output } = answer;
  const comparison = compare(question.expected, output, tolerance, question.exact);
  return { ...comparison, tolerance, ...(isObject(output) && { output }) };
}

function isObject(output: unknown): output is JsonObject {
  return typeof output === "object" && output !== null && !Array.isArray(output);
}

/**
 * Whether a known misreading may explain a wrong answer. It may give other numbers, or none: some ports then write NaN,
 * some null, and some an error.
 */
export function mayBeMisread({ kind }: Pick<Marked, "kind">): boolean {
  return ["off", "not-finite", "shape", "error-reply"].includes(kind);
}

/**
 * Whether a finding is a fault of the process. Such a fault costs a restart; after the second one an operation is not
 * asked again.
 */
export function isProcessFault({ kind }: Pick<Marked, "kind">): boolean {
  return ["garbage", "truncated", "hang", "crash", "flood", "given-up"].includes(kind);
}
