import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describeEngine, openEngine } from "../backend/engines.ts";
import { goldenAnalysis } from "../golden/golden-walk.ts";
import { jobFolder, jobOf, planOf, readPlan, sweepTable, writePlan, type JobResult } from "../golden/sweep.ts";
import { InputError } from "../io/error.ts";
import { writeAtomically } from "../io/files.ts";
import { parseJson } from "../io/json.ts";
import { READ_TYPESCRIPT } from "../io/typescript.ts";
import { holdsRun, loadCheckpoint } from "../train/checkpoint.ts";
import { preset, workload } from "../train/config.ts";
import { Run } from "../train/run.ts";
import { backendOption } from "./backend-option.ts";
import { command, main, shellQuoted, wholeNumber, workersOption } from "./command.ts";
import { environmentOfOne } from "./processes.ts";
import { trainWithProgress } from "./train-with-progress.ts";

const THIS = fileURLToPath(import.meta.url);

/**
 * Adds a setting with its values, such as "velocityMax=0.2,0.3", to the settings before it. Values are JSON, and text
 * that is not JSON stays text.
 */
function withSetting(text: string, before: Record<string, unknown[]> = {}): Record<string, unknown[]> {
  const [, key, values] = /^(\w+)=(.+)$/.exec(text) ?? [];
  if (key === undefined || values === undefined)
    throw new InputError(
      `--set is "${text}"; expected a key of the config with its values, such as velocityMax=0.2,0.3`,
    );
  return { ...before, [key]: values.split(",").map(valueOf) };
}

function valueOf(text: string): unknown {
  try {
    return parseJson(text, "a value");
  } catch {
    return text;
  }
}

/** Parses seeds such as "0-9" or "1,4,7". */
function seedsOf(text: string): number[] {
  const [, from, to] = /^(\d+)-(\d+)$/.exec(text) ?? [];
  if (from !== undefined && to !== undefined && Number(to) >= Number(from))
    return Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => Number(from) + i);
  if (!/^\d+(,\d+)*$/.test(text)) throw new InputError(`--seeds is "${text}"; expected seeds such as 0-9 or 1,4,7`);
  return text.split(",").map(Number);
}

const plan = command(
  "plan",
  "Plans a job for each seed and each combination of settings, and prints the numbers of the jobs.",
)
  .argument("<folder>", "folder of the sweep")
  .option("--preset <name>", "named config to start from", "fast")
  .option("--seeds <list>", "seeds, for example 0-9 or 1,4,7", "0-9")
  .option(
    "--set <key=values>",
    "setting with its values, for example velocityMax=0.2,0.3; may be repeated",
    withSetting,
  )
  .action((folder: string, flags: { preset: string; seeds: string; set?: Record<string, unknown[]> }) => {
    const made = planOf(preset(flags.preset), { ...flags.set, seed: seedsOf(flags.seeds) });
    writePlan(folder, made);
    process.stdout.write(`${JSON.stringify(made.jobs.map((_, index) => index))}\n`);
  });

const job = command("job", "Trains one job of a planned sweep. A job that was stopped continues where it was.")
  .argument("<folder>", "folder of the sweep")
  .argument("<index>", "number of the job, counted from 0", wholeNumber)
  .addOption(backendOption("training"))
  .action(async (folder: string, index: number, { backend }: { backend?: string }) => {
    const config = jobOf(readPlan(folder), index);
    const out = jobFolder(folder, index);
    process.stderr.write(`${describeEngine(await openEngine(backend, workload(config)))}\n`);
    const run = holdsRun(out) ? Run.resume(out, config) : await Run.start(out, config);
    const again = `npm run golden:sweep -- job ${shellQuoted(folder)} ${index}`;
    if (await trainWithProgress(run, again)) process.stdout.write(`done: job ${index}\n`);
  });

const run = command("run", "Trains all jobs of a planned sweep on this machine, several at the same time.")
  .argument("<folder>", "folder of the sweep")
  .addOption(workersOption("jobs that are trained"))
  .addOption(backendOption("training"))
  .action(async (folder: string, { workers, backend }: { workers: number; backend?: string }) => {
    const waiting = readPlan(folder).jobs.map((_, index) => index);
    const failed: number[] = [];
    const atOnce = Math.min(workers, waiting.length);
    const env = environmentOfOne(atOnce);
    const next = async (): Promise<void> => {
      for (let index = waiting.shift(); index !== undefined; index = waiting.shift())
        if (!(await trained(folder, index, backend, env))) failed.push(index);
    };
    await Promise.all(Array.from({ length: atOnce }, next));
    if (failed.length === 0) return;
    process.stderr.write(`error: jobs ${failed.sort((p, q) => p - q).join(", ")} have failed\n`);
    process.exitCode = 1;
  });

/**
 * Trains a job in a process of its own. Each line that it prints is preceded by its number. Returns whether the job has
 * succeeded.
 */
function trained(folder: string, index: number, backend: string | undefined, env: NodeJS.ProcessEnv): Promise<boolean> {
  const args = [...READ_TYPESCRIPT, THIS, "job", folder, String(index), ...(backend ? ["--backend", backend] : [])];
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  for (const [from, to] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ] as const) {
    from.setEncoding("utf8");
    from.on("data", (text: string) => to.write(text.replaceAll(/^(?=.)/gm, `[${index}] `)));
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      resolve(code === 0);
    });
  });
}

const gather = command(
  "gather",
  "Measures the finished jobs of a sweep, prints a table, and writes all numbers to results.json.",
)
  .argument("<folder>", "folder of the sweep")
  .addOption(backendOption("walking"))
  .action(async (folder: string, { backend }: { backend?: string }) => {
    const planned = readPlan(folder);
    process.stderr.write(`${describeEngine(await openEngine(backend))}\n`);
    const results = planned.jobs.flatMap((config, index) => resultOf(folder, config.steps, index) ?? []);
    writeAtomically(join(folder, "results.json"), `${JSON.stringify(results, null, 1)}\n`);
    process.stdout.write(`${sweepTable(planned, results).join("\n")}\n`);
    const missing = planned.jobs.flatMap((_, index) => (results.some((one) => one.index === index) ? [] : [index]));
    if (missing.length === 0) return;
    process.stderr.write(`jobs ${missing.join(", ")} are not finished\n`);
    process.exitCode = 1;
  });

/** What a job shows in the golden walk. It is undefined unless the job is finished. */
function resultOf(folder: string, steps: number, index: number): JobResult | undefined {
  const out = jobFolder(folder, index);
  if (!existsSync(out) || !holdsRun(out)) return undefined;
  const { config, attempts } = loadCheckpoint(out);
  const { training, rejectedAttempts } = attempts;
  if (training.step < steps) return undefined;
  const { judgement } = goldenAnalysis({ config, parameters: training.parameters });
  return { index, config, attempts: rejectedAttempts.length + 1, judgement };
}

await main(
  command(
    "golden:sweep",
    "Trains several seeds or a grid of settings, on one machine or as independent jobs on a cluster.",
  )
    .addCommand(plan)
    .addCommand(run)
    .addCommand(job)
    .addCommand(gather),
);
