import { InputError } from "../io/error.ts";
import type { Check, Finding } from "./check.ts";
import { isFailure } from "./verdict.ts";

/**
 * What the author of a port declares about some checks beforehand, with the reason. The target is a requirement, an
 * operation or a single vector.
 */
export interface Exception {
  target: string;
  reason: string;
}

/**
 * Parses an exception such as `L4=the port has no sigma_s`.
 * @throws an InputError if the target or the reason is missing
 */
export function parseException(text: string, option: string): Exception {
  const [, target, reason] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (!target || !reason?.trim())
    throw new InputError(
      `${option} is ${text}; expected a requirement, an operation or a vector, then = and the reason`,
    );
  return { target: target.trim(), reason: reason.trim() };
}

/**
 * P10: the checks with exceptions applied. A skipped check is not run. An expected failure does not count as a failure.
 * If no check of an expected failure fails, this is a failure of P10, so that the list stays true.
 * @throws an InputError naming an exception that fits no check
 */
export function withExceptions(checks: Check[], skip: Exception[], expectFail: Exception[]): Check[] {
  const all = [
    ...skip.map((one) => ["--skip", one] as const),
    ...expectFail.map((one) => ["--expect-fail", one] as const),
  ];
  for (const [option, { target }] of all) {
    if (!checks.some((check) => concerns(target, check)))
      throw new InputError(
        `${option} names ${target}; expected a requirement, an operation or a vector that is checked`,
      );
  }
  const failed = new Set<Exception>();
  const changed = checks.map((check): Check => {
    const skipped = skip.find(({ target }) => concerns(target, check));
    if (skipped) return { ...check, run: () => Promise.resolve({ kind: "skipped", message: skipped.reason }) };
    const expected = expectFail.find(({ target }) => concerns(target, check));
    if (!expected) return check;
    const run = async (...port: Parameters<Check["run"]>): Promise<Finding> => {
      const finding = await check.run(...port);
      if (!isFailure(finding) || finding.kind === "runner-fault") return finding;
      failed.add(expected);
      return { ...finding, kind: "expected", message: `${expected.reason} (${finding.kind}: ${finding.message})` };
    };
    return { ...check, run };
  });
  const kept = expectFail.map((exception): Check => {
    const { target, reason } = exception;
    return {
      requirement: "P10",
      title: `the expected failure of ${target} is still there`,
      run: () =>
        Promise.resolve(
          failed.has(exception)
            ? { kind: "pass", message: reason }
            : { kind: "off", message: `no check of ${target} fails any more; remove the exception` },
        ),
    };
  });
  return [...changed, ...kept];
}

function concerns(target: string, { requirement, operation, id }: Check): boolean {
  return [requirement, operation, id].includes(target);
}
