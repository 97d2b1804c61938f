import type { Trial } from "./diagnosis.ts";
import type { OperationName } from "./operations.ts";
import type { PortProcess } from "./process.ts";
import type { Verdict } from "./verdict.ts";

/** What came of a check: the verdict, how much of the tolerance was used (1 = all), and what the port seems to do when it is off. */
export interface Finding extends Verdict {
  errorShare?: number;
  /** What the known misreadings say that give the port's numbers. */
  looksLike?: string[];
  /** What was asked and answered, as evidence for a diagnosis. */
  trials?: Trial[];
  /** Where the offending case was saved. */
  saved?: string;
}

/** One thing that a port is held to; `run` never throws for anything that the port does. */
export interface Check {
  /** The requirement that it is reported under. */
  requirement: string;
  title: string;
  /** The operation that it asks, and the vector, where it is of one. */
  operation?: OperationName;
  id?: string;
  run: (port: PortProcess) => Promise<Finding>;
}

/** A verdict `pass`. */
export function passed(message: string, errorShare?: number): Finding {
  return errorShare === undefined ? { kind: "pass", message } : { kind: "pass", message, errorShare };
}

/**
 * The finding for an operation that the port does not claim (P10), or undefined if it does; the fault if hello failed.
 * @spec P10
 */
export async function uncovered(port: PortProcess, operation: string): Promise<Finding | undefined> {
  const greeting = await port.hello();
  if ("fault" in greeting) return greeting.fault;
  if (greeting.hello.operations.includes(operation)) return undefined;
  return { kind: "not-covered", message: `the port does not have the operation ${operation}` };
}
