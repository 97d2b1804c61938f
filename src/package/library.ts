import { conform as examine } from "../port/conform.ts";
import { DEFAULT_PLAN, checksOf, defaultSeed } from "../port/plan.ts";
import type { Plan } from "../port/plan.ts";
import { defaultLimits } from "../port/process.ts";
import type { Limits } from "../port/process.ts";
import type { ConformOptions, conform as Conform } from "./index.d.ts";

/** `conform` as index.d.ts describes it. */
export const conform: typeof Conform = async (command, options = {}) => {
  const plan = planOf(options);
  return examine({ shell: command }, checksOf(plan), plan.seed, limitsOf(options));
};

/** The plan that options ask for. */
export function planOf({ skip = {}, expectFail = {}, seed = defaultSeed(), ...options }: ConformOptions): Plan {
  const exceptions = (reasons: Readonly<Record<string, string>>): Plan["skip"] =>
    Object.entries(reasons).map(([target, reason]) => ({ target, reason }));
  return { ...DEFAULT_PLAN, ...options, seed, skip: exceptions(skip), expectFail: exceptions(expectFail) };
}

/** The limits that options ask for. */
export function limitsOf({ timeout, budget }: ConformOptions): Limits {
  const { requestSeconds, runSeconds } = defaultLimits;
  return { ...defaultLimits, requestSeconds: timeout ?? requestSeconds, runSeconds: budget ?? runSeconds };
}
