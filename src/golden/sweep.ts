import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../io/error.ts";
import { parsedAs } from "../io/expectation.ts";
import { readJson, writeAtomically } from "../io/files.ts";
import { markdownTable } from "../io/text-table.ts";
import { emergence } from "../measure/emergence.ts";
import type { Judgement } from "../measure/judgement.ts";
import { configSchema, parseConfig, type Config, type ConfigKey } from "../train/config.ts";

/** The file that holds the plan of a sweep, and the folder that holds a run for each job. */
const PLAN_FILE = "sweep.json";
const JOBS = "jobs";

const planSchema = z.strictObject({ settings: z.array(z.string()), jobs: z.array(configSchema).min(1) });

/** A sweep: the settings that vary, and the config of each job by its index. */
export type Plan = z.infer<typeof planSchema>;

/** Every combination of the values of some settings. The last setting varies fastest. */
function combinations(grid: Readonly<Record<string, readonly unknown[]>>): Record<string, unknown>[] {
  return Object.entries(grid).reduce<Record<string, unknown>[]>(
    (rows, [key, values]) => rows.flatMap((row) => values.map((value) => ({ ...row, [key]: value }))),
    [{}],
  );
}

/**
 * A job for each combination of the values in a grid of settings.
 * @throws InputError for a setting that the config does not have, a setting without values, or a value that the config refuses
 */
export function planOf(base: Config, grid: Readonly<Record<string, readonly unknown[]>>): Plan {
  for (const [key, values] of Object.entries(grid)) {
    if (!Object.hasOwn(base, key)) throw new InputError(`the grid has "${key}"; expected a key of the config`);
    if (values.length === 0) throw new InputError(`the grid has no values of "${key}"; expected at least one`);
  }
  const jobs = combinations(grid).map((change) => parseConfig({ ...base, ...change }, "the grid"));
  return { settings: Object.keys(grid), jobs };
}

/**
 * Writes a plan into a folder.
 * @throws InputError if the folder holds another plan, whose runs would be mixed up with these
 */
export function writePlan(folder: string, plan: Plan): void {
  const file = join(folder, PLAN_FILE);
  const text = `${JSON.stringify(plan, null, 1)}\n`;
  if (existsSync(file) && JSON.stringify(readPlan(folder)) !== JSON.stringify(plan))
    throw new InputError(`${folder} holds another sweep; expected an empty folder or the same sweep`);
  mkdirSync(folder, { recursive: true });
  writeAtomically(file, text);
}

/**
 * The plan in the folder of a sweep.
 * @throws InputError if there is none
 */
export function readPlan(folder: string): Plan {
  const file = join(folder, PLAN_FILE);
  if (!existsSync(file))
    throw new InputError(`${folder} holds no ${PLAN_FILE}; expected the folder of a planned sweep`);
  return parsedAs(planSchema, readJson(file), file, "the plan of a sweep");
}

/**
 * The config of a job.
 * @throws InputError for an index that the plan does not have
 */
export function jobOf(plan: Plan, index: number): Config {
  const config = plan.jobs[index];
  if (config === undefined)
    throw new InputError(`the job is ${index}; expected a whole number from 0 to ${plan.jobs.length - 1}`);
  return config;
}

/** The folder of a job's run. */
export function jobFolder(folder: string, index: number): string {
  return join(folder, JOBS, String(index));
}

/** What a finished job shows. */
export interface JobResult {
  index: number;
  config: Config;
  attempts: number;
  judgement: Judgement;
}

/** A row for each finished job: its settings, whether grid modules emerged (M14), and its modules, largest first. */
export function sweepTable({ settings }: Plan, results: readonly JobResult[]): string[] {
  const head = ["job", ...settings, "verdict", "grid modules", "attempts", "in modules", "units", "spacing (m)"];
  const rows = results.map(({ index, config, attempts, judgement }) => {
    const { gridModules, inModules, emerged } = emergence(judgement);
    const spacings = judgement.modules.map(({ spacing: [a, b] }) => Math.sqrt(a * (b ?? a)).toFixed(2));
    return [
      String(index),
      ...settings.map((key) => JSON.stringify(config[key as ConfigKey])),
      emerged ? "emerged" : "not emerged",
      String(gridModules),
      String(attempts),
      `${(100 * inModules).toFixed(0)} %`,
      judgement.modules.map(({ units }) => units.length).join(", "),
      spacings.join(", "),
    ];
  });
  return markdownTable([head, ...rows]);
}
