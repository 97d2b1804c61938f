import type { Trial } from "./diagnosis.ts";
import type { OperationName } from "./operations.ts";
import type { PortProcess } from "./process.ts";
import type { Verdict } from "./verdict.ts";

/**
 * The outcome of a check: the verdict, the share of the tolerance that was used (1 = all of it), and what a wrong port
 * seems to do.
 */
export interface Finding extends Verdict {
  errorShare?: number;
  /** A sentence for each known misreading that gives the port's numbers. */
  looksLike?: string[];
  /** The questions with the port's answers, which are the evidence for a diagnosis. */
  trials?: Trial[];
  /** Where the failing case was saved. */
  saved?: string;
}

/** One thing that a port is held to. `run` never throws, whatever the port does. */
export interface Check {
  /** The requirement that it is reported under. */
  requirement: string;
  title: string;
  /** The operation that it asks, and the vector, if the check belongs to one. */
  operation?: OperationName;
  id?: string;
  run: (port: PortProcess) => Promise<Finding>;
}

/** A finding with the verdict `pass`. */
export function passed(message: string, errorShare?: number): Finding {
  return errorShare === undefined ? { kind: "pass", message } : { kind: "pass", message, errorShare };
}

/**
 * P10: the finding for an operation that the port does not claim, or the fault if `hello` failed. It is undefined if
 * the port claims the operation.
 * @spec P10
 */
export async function uncovered(port: PortProcess, operation: string): Promise<Finding | undefined> {
  const greeting = await port.hello();
  if ("fault" in greeting) return greeting.fault;
  if (greeting.hello.operations.includes(operation)) return undefined;
  return { kind: "not-covered", message: `the port does not have the operation ${operation}` };
}
