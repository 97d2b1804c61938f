import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { probe } from "../backend/probe.ts";
import type { StepTimes } from "../bench/measure-step.ts";
import { InputError } from "../io/error.ts";
import { readJson, writeAtomically } from "../io/files.ts";
import { PRESETS } from "../train/config.ts";
import { readMetrics } from "../train/metrics-file.ts";
import { command, countFromOne, main, positiveNumber } from "./command.ts";
import { pack } from "./gpu-pack.ts";

interface Options {
  pack?: string;
  out: string;
  tests?: string;
  presets: string;
  repeats: number;
  seeds: string;
  minutes: number;
}

/** Everything that was found, as it is written. */
interface Results {
  node: string;
  card: string | null;
  engine: ReturnType<typeof probe>;
  tests?: { passed: number; failed: number; failures: string[]; seconds: number };
  steps: { engine: string; preset: string; times: StepTimes | { reason: string } }[];
  emergence: { seed: number; ended: string; steps: number; seconds: number; modules: unknown }[];
}

/** Minutes after which a part other than the trainings is stopped. */
const LONGEST_PART = 30;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

await main(
  command(
    "gpu",
    "Tests the engine webgpu on this machine's GPU, times each preset, and trains new seeds; writes one JSON.",
  )
    .option("--pack <file>", "pack what this command needs instead, for a machine without Node and network")
    .option("--out <file>", "file that the results are written to", "runs/gpu/results.json")
    .option("--tests <pattern>", "part of the names of the tests that are run, instead of all tests")
    .option("--presets <names>", "names of the presets that are timed", Object.keys(PRESETS).join(","))
    .option("--repeats <count>", "number of steps that are timed; the median is kept", countFromOne, 20)
    .option("--seeds <list>", "seeds to train, as many of them as fit", "100,101,102,103,104,105,106,107")
    .option("--minutes <count>", "minutes for which seeds are trained", positiveNumber, 8)
    .action(async (options: Options) => {
      if (options.pack !== undefined) pack(options.pack, say);
      else await measure(options);
    }),
);

/** Does all parts one after the other, and writes the results after each, so that a machine that is taken away leaves what was found. */
async function measure(options: Options): Promise<void> {
  const engine = probe("webgpu");
  if ("reason" in engine) throw new InputError(engine.reason);
  say(`webgpu ${engine.version} on ${engine.device}, ${engine.gflops.toFixed(1)} GFLOP/s in a matrix product`);
  const results: Results = { node: process.version, card: card(), engine, steps: [], emergence: [] };
  const keep = (): void => {
    writeAtomically(options.out, `${JSON.stringify(results, null, 1)}\n`);
  };
  mkdirSync(join(options.out, ".."), { recursive: true });
  keep();
  results.tests = await tested(options.tests);
  say(`tests: ${results.tests.passed} passed, ${results.tests.failed} failed, ${results.tests.seconds.toFixed(0)} s`);
  keep();
  for (const preset of options.presets.split(","))
    for (const name of ["webgpu", "wasm"]) {
      const times = timed(preset, name, options.repeats);
      say(`${preset} on ${name}: ${"reason" in times ? times.reason : `${times.step.toFixed(1)} ms a step`}`);
      results.steps.push({ engine: name, preset, times });
      keep();
    }
  const end = Date.now() + options.minutes * 60_000;
  for (const seed of options.seeds.split(",").map(Number)) {
    if (Date.now() >= end) break;
    const found = await emerged(seed, end, join(options.out, ".."));
    say(`seed ${seed}: ${found.ended} after ${found.steps} steps and ${found.seconds.toFixed(0)} s`);
    results.emergence.push(found);
    keep();
  }
  say(`results: ${options.out}`);
  if (results.tests.failed > 0) process.exitCode = 1;
}

/** What NVIDIA's driver says of its card; null where there is none. */
function card(): string | null {
  const query = "--query-gpu=name,driver_version,memory.total";
  const run = spawnSync("nvidia-smi", [query, "--format=csv,noheader"], { encoding: "utf8" });
  return run.status === 0 ? run.stdout.trim() : null;
}

/** Runs vitest on some files; its report, or undefined where it was stopped. */
async function vitest(
  args: string[],
  env: NodeJS.ProcessEnv,
  until: number,
): Promise<{ report: unknown; code: number | null }> {
  const folder = mkdtempSync(join(tmpdir(), "sic-gpu-"));
  const report = join(folder, "report.json");
  const script = join("node_modules", "vitest", "vitest.mjs");
  const all = [script, "run", ...args, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const child = spawn(process.execPath, all, { env, stdio: ["ignore", "inherit", "inherit"], detached: true });
  const timer = setTimeout(() => process.kill(-child.pid!, "SIGKILL"), Math.max(0, until - Date.now()));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  clearTimeout(timer);
  const found = existsSync(report) ? readJson(report) : undefined;
  rmSync(folder, { recursive: true });
  return { report: found, code };
}

/** The tests of engines, on every engine that is here. */
async function tested(pattern?: string): Promise<NonNullable<Results["tests"]>> {
  const started = Date.now();
  const files = ["tests/properties/engines.test.ts", "tests/properties/engine-operations.test.ts"];
  const args = [
    "--config",
    "tests/vitest.config.ts",
    "--maxWorkers=1",
    ...(pattern === undefined ? [] : ["-t", pattern]),
    ...files,
  ];
  const { report } = await vitest(args, process.env, started + LONGEST_PART * 60_000);
  const { numPassedTests, numFailedTests, testResults } = (report ?? {
    numPassedTests: 0,
    numFailedTests: 1,
    testResults: [],
  }) as {
    numPassedTests: number;
    numFailedTests: number;
    testResults: {
      message: string;
      assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
    }[];
  };
  const failures = testResults.flatMap(({ message, assertionResults }) => [
    ...(assertionResults.length === 0 ? [message] : []),
    ...assertionResults
      .filter(({ status }) => status === "failed")
      .map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages.join(" ").slice(0, 2000)}`),
  ]);
  if (report === undefined) failures.push("the tests were stopped, or did not start");
  return {
    passed: numPassedTests,
    failed: Math.max(numFailedTests, failures.length),
    failures,
    seconds: (Date.now() - started) / 1000,
  };
}

/** The times of a step, in a process of its own. */
function timed(preset: string, engine: string, repeats: number): StepTimes | { reason: string } {
  const script = fileURLToPath(new URL("../bench/measure-step-child.ts", import.meta.url));
  const args = ["--import", "tsx", script, preset, "{}", engine, String(repeats), "0"];
  const run = spawnSync(process.execPath, args, { encoding: "utf8", timeout: LONGEST_PART * 60_000 });
  if (run.status === 0) return JSON.parse(run.stdout.trim().split("\n").at(-1)!) as StepTimes;
  return {
    reason: run.stderr.split("\n").find((line) => line.includes("Error")) ?? `ended with ${String(run.signal)}`,
  };
}

/** One seed of the emergence test: how it ended, after how many steps that are told in its metrics, and what it shows. */
async function emerged(seed: number, end: number, folder: string): Promise<Results["emergence"][number]> {
  const started = Date.now();
  const evidence = join(folder, "emergence");
  const env = { ...process.env, SIC_SEEDS: String(seed), SIC_EVIDENCE: evidence };
  const { code } = await vitest(["--config", "tests/emergence/vitest.config.ts"], env, end);
  const run = join(evidence, `seed-${seed}`);
  const metrics = join(run, "metrics.jsonl");
  const modules = join(run, "modules.json");
  return {
    seed,
    ended: code === 0 ? "grid modules emerged" : code === null ? "stopped, out of time" : "failed",
    steps: (existsSync(metrics) ? readMetrics(metrics).at(-1)?.step : undefined) ?? 0,
    seconds: (Date.now() - started) / 1000,
    modules: existsSync(modules) ? (JSON.parse(readFileSync(modules, "utf8")) as unknown) : null,
  };
}
