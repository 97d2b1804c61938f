/**
 * What the runner can say about one request (P6 to P10). Only `pass` is good. `not-covered`, `skipped` and `expected`
 * are neither good nor bad. `runner-fault` is a fault of this runner. All others are faults of the port.
 */
type VerdictKind =
  | "pass" // every number within the tolerance
  | "off" // right shape, wrong number
  | "shape" // missing field, wrong length, or not a number where one belongs
  | "not-finite" // NaN or Infinity, in any spelling
  | "error-reply" // the port answered a good request with an error
  | "garbage" // a line that is not the JSON reply to this request
  | "truncated" // a line that began and never ended
  | "hang" // no reply within the time limit
  | "crash" // the process ended, or could not be started
  | "flood" // more output than a reply may have
  | "given-up" // not asked: the port had failed too often before
  | "not-covered" // the port does not claim this operation
  | "skipped" // not asked: the person who runs the checks said so, with a reason
  | "expected" // a failure that was expected, with a reason
  | "runner-fault"; // the runner itself went wrong

/** The verdict on one request, with one line for people. */
export interface Verdict {
  kind: VerdictKind;
  message: string;
}

/** A verdict that counts against the port. */
export function isFailure(verdict: Pick<Verdict, "kind">): boolean {
  return !["pass", "not-covered", "skipped", "expected"].includes(verdict.kind);
}
