import type { Check, Finding } from "./check.ts";
import { explain } from "./diagnosis.ts";
import { freshChecks } from "./fresh.ts";
import type { FreshOptions } from "./fresh.ts";
import type { Hello } from "./hello.ts";
import { operationNames } from "./operations.ts";
import type { OperationName } from "./operations.ts";
import { brief } from "./plain.ts";
import { PortProcess, defaultLimits } from "./process.ts";
import type { Limits, PortCommand } from "./process.ts";
import { propertyChecks } from "./properties.ts";
import { protocolChecks } from "./protocol-checks.ts";
import { byNumber } from "./requirements.ts";
import { vectorChecks } from "./vector-checks.ts";
import type { VectorFile } from "./vectors.ts";
import { isFailure } from "./verdict.ts";

/** A check with its outcome. */
export interface Result extends Finding {
  requirement: string;
  title: string;
  operation?: OperationName;
}

/** The whole examination of one port. */
export interface Report {
  hello: Hello | undefined;
  seed: number;
  results: Result[];
  /** The last lines that the port wrote on standard error. */
  notes: string;
  passed: boolean;
}

/** All checks of a port, in the order of the requirements. */
export function allChecks(files: VectorFile[], fresh: FreshOptions): Check[] {
  const checks = [
    ...protocolChecks(files),
    ...vectorChecks(files),
    ...propertyChecks(fresh),
    ...freshChecks(files, fresh),
  ];
  return checks.sort((a, b) => byNumber(a.requirement, b.requirement));
}

/**
 * P10: runs checks on a port and gathers their outcomes.
 * @param progress called before each check with its place, the number of checks, and its title
 * @spec P10
 */
export async function conform(
  command: PortCommand,
  checks: Check[],
  seed: number,
  limits: Limits = defaultLimits,
  progress?: (done: number, all: number, title: string) => void,
): Promise<Report> {
  const port = new PortProcess(command, limits);
  const results: Result[] = [];
  for (const { requirement, title, operation, run } of checks) {
    progress?.(results.length, checks.length, title);
    results.push({ requirement, title, ...(operation && { operation }), ...(await guarded(run, port)) });
  }
  diagnoseTogether(results);
  const greeting = await port.hello();
  await port.stop();
  return {
    hello: "hello" in greeting ? greeting.hello : undefined,
    seed,
    results,
    notes: port.lastNotes(),
    passed: doesConform(results),
  };
}

/**
 * P10: whether findings make a port conform. No finding may be a failure, and at least one check must have passed that is not only
 * about the protocol or an exception. A port that covers nothing, or in which everything fails as expected, does not conform.
 * @spec P10
 */
export function doesConform(results: Pick<Result, "kind" | "requirement">[]): boolean {
  return (
    !results.some(isFailure) && results.some(({ kind, requirement }) => kind === "pass" && !requirement.startsWith("P"))
  );
}

/** Runs a check. An error of the runner itself is a finding too, so that the other checks are still reported. */
async function guarded(run: Check["run"], port: PortProcess): Promise<Finding> {
  try {
    return await run(port);
  } catch (error) {
    return { kind: "runner-fault", message: brief(error instanceof Error ? error.stack : error, 500) };
  }
}

/**
 * P10: one diagnosis for each operation, from all its replies. Replies to vectors and to fresh cases count together.
 */
function diagnoseTogether(results: Result[]): void {
  for (const operation of operationNames) {
    const off = results.filter((result) => result.operation === operation && result.trials);
    const trials = [...new Set(off.flatMap((result) => result.trials!))];
    const looksLike = off.length > 1 ? explain(operation, trials) : off[0]?.looksLike;
    for (const result of off) {
      if (looksLike) result.looksLike = looksLike;
      delete result.trials;
    }
  }
}
