import { InputError } from "../io/error.ts";
import type { Check } from "./check.ts";
import { allChecks } from "./conform.ts";
import { withExceptions } from "./expectations.ts";
import type { Exception } from "./expectations.ts";
import { vectorChecks } from "./vector-checks.ts";
import { loadVectors } from "./vectors.ts";

/** What a port is to be held to. */
export interface Plan {
  /** Only these requirements; all without it. */
  only?: readonly string[];
  skip: Exception[];
  expectFail: Exception[];
  seed: number;
  /** Fresh cases of each operation. */
  fresh: number;
  /** A folder of vectors, which alone are asked then. */
  vectors?: string;
  /** The folder for counter-examples. */
  save: string;
}

/** The seed of the fresh cases where `CI` is set: a build that changes nothing must not change its result. */
const SEED_IN_CI = 1;

/** What holds where nobody asks for anything else. */
export const DEFAULT_PLAN = { fresh: 50, save: "runs/ports" };

/** The seed where none is given: the same one each time where `CI` is set, and elsewhere a new one. */
export function defaultSeed(): number {
  return process.env["CI"] ? SEED_IN_CI : Date.now() % 1_000_000;
}

/**
 * P10: the checks of a plan.
 * @throws an InputError for a requirement, an exception or a folder of vectors that there is not
 */
export function checksOf({ only, skip, expectFail, seed, fresh, vectors, save }: Plan): Check[] {
  const all =
    vectors === undefined
      ? allChecks(loadVectors(), { seed, runs: fresh, folder: save })
      : vectorChecks(loadVectors(vectors));
  return withExceptions(thoseOf(only, all), skip, expectFail);
}

function thoseOf(only: readonly string[] | undefined, checks: Check[]): Check[] {
  const known = new Set(checks.map(({ requirement }) => requirement));
  const unknown = only?.find((number) => !known.has(number));
  if (unknown !== undefined) throw new InputError(`--only has ${unknown}; expected some of ${[...known].join(", ")}`);
  return checks.filter(({ requirement }) => only?.includes(requirement) ?? true);
}
