import { InvalidArgumentError } from "commander";
import { InputError } from "../io/error.ts";
import type { Check } from "../port/check.ts";
import { allChecks, conform } from "../port/conform.ts";
import { defaultLimits } from "../port/process.ts";
import { requirementTitles } from "../port/requirements.ts";
import { table } from "../port/report-table.ts";
import { goldenVectors, loadVectors } from "../port/vectors.ts";
import { makeWritable } from "../io/files.ts";
import { command, main, wholeNumber } from "./command.ts";

interface Options {
  json?: true;
  seed?: number;
  fresh: number;
  only?: string[];
  timeout: number;
  vectors: string;
  save: string;
}

/** An option's text as a time limit. */
function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value > 0 && value < 1e6))
    throw new InvalidArgumentError("Expected a number of seconds above 0.");
  return value;
}

const program = command(
  "conform",
  "Holds a port to the specification (spec/ports.md) and says what is right, what is off, and what mistake it looks like.",
)
  .argument("<command...>", "the command line that starts the port, for example: python3 my_port.py")
  .option("--json", "print the whole report as JSON")
  .option("--seed <n>", "seed of the fresh cases; a new one each time without it", wholeNumber)
  .option("--fresh <n>", "fresh cases of each operation", wholeNumber, 50)
  .option("--only <numbers...>", "only these requirements, for example: --only L1 L2 --")
  .option("--timeout <seconds>", "time limit of a request", seconds, defaultLimits.requestSeconds)
  .option("--vectors <folder>", "the vectors, or saved counter-examples", goldenVectors)
  .option("--save <folder>", "where counter-examples are saved", "runs/ports")
  .passThroughOptions()
  .action(judgePort);

async function judgePort([portProgram, ...args]: [string, ...string[]], options: Options): Promise<void> {
  const port = { program: portProgram, args };
  const limits = { ...defaultLimits, requestSeconds: options.timeout };
  const fresh = { seed: options.seed ?? Date.now() % 1_000_000, runs: options.fresh, folder: options.save };
  const checks = checksFor(allChecks(port, loadVectors(options.vectors), fresh, limits), options.only);
  makeWritable(options.save);
  const showsProgress = process.stderr.isTTY;
  const report = await conform(port, checks, fresh.seed, limits, (done, all, title) => {
    if (showsProgress) process.stderr.write(`\r\x1b[2K${done}/${all} ${title.slice(0, 70)}`);
  });
  if (showsProgress) process.stderr.write("\r\x1b[2K");
  console.log(options.json ? JSON.stringify(report, null, 2) : table(report, requirementTitles()));
  process.exitCode = report.passed ? 0 : 1;
}

/** The checks of the requirements asked for, or all. Throws an InputError for one that there is not. */
function checksFor(checks: Check[], only: string[] | undefined): Check[] {
  const known = new Set(checks.map(({ requirement }) => requirement));
  const unknown = only?.find((number) => !known.has(number));
  if (unknown !== undefined) throw new InputError(`--only has ${unknown}; expected some of ${[...known].join(", ")}`);
  return checks.filter(({ requirement }) => only?.includes(requirement) ?? true);
}

await main(program);
