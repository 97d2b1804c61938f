import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { InvalidArgumentError } from "commander";
import { InputError } from "../io/error.ts";
import { makeWritable, writeAtomically } from "../io/files.ts";
import { conform } from "../port/conform.ts";
import { parseException } from "../port/expectations.ts";
import { junit } from "../port/junit.ts";
import { DEFAULT_PLAN, checksOf, defaultSeed } from "../port/plan.ts";
import { defaultLimits } from "../port/process.ts";
import { table } from "../port/report-table.ts";
import { requirementTitles } from "../port/requirements.ts";
import { command, main, wholeNumber } from "./command.ts";

interface Options {
  json?: string;
  junit?: string;
  seed?: number;
  fresh: number;
  only?: string;
  skip?: string[];
  expectFail?: string[];
  timeout: number;
  budget: number;
  vectors?: string;
  save: string;
}

/**
 * The exit code for a fault of the runner. The others are 0, 1 for a port that does not conform, and 2 for bad usage.
 */
const RUNNER_FAULT = 3;

/** An option's text as a time limit. */
function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value > 0 && value < 1e6))
    throw new InvalidArgumentError("Expected a number of seconds above 0.");
  return value;
}

function gathered(text: string, before: string[] = []): string[] {
  return [...before, text];
}

const program = command(
  "conform",
  "Holds a port to the specification (spec/ports.md). Reports what is right, what is wrong, and what mistake it looks like.",
)
  .argument("<command...>", "command line that starts the port, for example: python3 my_port.py")
  .option("--json [file]", "write the whole report as JSON to a file, or print it if no file is given")
  .option("--junit <file>", "write the report as JUnit XML, for a CI server")
  .option("--seed <n>", "seed of the fresh cases (default: a new one each time, or 1 if CI is set)", wholeNumber)
  .option("--fresh <n>", "number of fresh cases of each operation", wholeNumber, DEFAULT_PLAN.fresh)
  .option("--only <numbers>", "check only these requirements, for example L1,L2")
  .option(
    "--skip <what=reason>",
    "leave out the checks of a requirement, operation or vector, for this reason; may be repeated",
    gathered,
  )
  .option(
    "--expect-fail <what=reason>",
    "let checks fail that are known to fail, for this reason; may be repeated",
    gathered,
  )
  .option("--timeout <seconds>", "time limit of each request", seconds, defaultLimits.requestSeconds)
  .option("--budget <seconds>", "time limit of all requests together", seconds, defaultLimits.runSeconds)
  .option("--vectors <folder>", "check only the vectors in this folder, for example the saved counter-examples")
  .option("--save <folder>", "folder in which counter-examples are saved", DEFAULT_PLAN.save)
  .passThroughOptions()
  .action(judgePort);

async function judgePort([portProgram, ...args]: [string, ...string[]], options: Options): Promise<void> {
  if (!isProgram(portProgram))
    throw new InputError(
      `the port's program is ${portProgram}, which is not there; expected a path, or a program on the PATH`,
    );
  const port = { program: portProgram, args };
  const limits = { ...defaultLimits, requestSeconds: options.timeout, runSeconds: options.budget };
  const { only, skip = [], expectFail = [], seed = defaultSeed(), fresh, vectors, save } = options;
  const checks = checksOf({
    ...{ only: only?.split(","), seed, fresh, vectors, save },
    skip: skip.map((text) => parseException(text, "--skip")),
    expectFail: expectFail.map((text) => parseException(text, "--expect-fail")),
  });
  for (const path of [options.save, ...filesOf(options).map((file) => dirname(file))]) makeWritable(path);
  const showsProgress = process.stderr.isTTY;
  const report = await conform(port, checks, seed, limits, (done, all, title) => {
    if (showsProgress) process.stderr.write(`\r\x1b[2K${done}/${all} ${title.slice(0, 70)}`);
  });
  if (showsProgress) process.stderr.write("\r\x1b[2K");
  const titles = requirementTitles();
  const json = `${JSON.stringify(report, null, 2)}\n`;
  if (options.junit !== undefined) writeAtomically(options.junit, junit(report, titles));
  if (options.json !== undefined && options.json !== "-") writeAtomically(options.json, json);
  process.stdout.write(options.json === "-" ? json : `${table(report, titles)}\n`);
  const isOurs = report.results.some(({ kind }) => kind === "runner-fault");
  process.exitCode = isOurs ? RUNNER_FAULT : report.passed ? 0 : 1;
}

function filesOf({ json, junit: xml }: Options): string[] {
  return [json, xml].flatMap((file) => (file === undefined || file === "-" ? [] : [file]));
}

/**
 * The command line with common variants brought to one form. `--only L1 L2` becomes `--only L1,L2`. `--json` is
 * followed by a file only if the next word cannot be the port's program.
 */
function plainArguments(words: string[]): string[] {
  const out: string[] = [];
  for (let k = 0; k < words.length; k++) {
    const word = words[k]!;
    if (word === "--only") {
      const numbers: string[] = [];
      while (numbers.length === 0 ? k + 1 < words.length : /^[A-Z]\d+(,[A-Z]\d+)*$/.test(words[k + 1] ?? ""))
        numbers.push(words[++k]!);
      out.push(word, numbers.join(","));
    } else if (word === "--json") {
      out.push(isFile(words[k + 1]) ? `--json=${words[++k]!}` : "--json=-");
    } else if (word.startsWith("-") && word !== "--") {
      out.push(word);
      if (!word.includes("=") && program.options.some(({ long, required }) => long === word && required))
        out.push(words[++k] ?? "");
    } else {
      return [...out, ...words.slice(k)];
    }
  }
  return out;
}

/** Whether a word names a file to write, rather than a program. */
function isFile(word: string | undefined): word is string {
  if (word === undefined || word.startsWith("-")) return false;
  return word.endsWith(".json") || !isProgram(word);
}

/** Whether a word is the path of a file, or on the PATH the name of one, under Windows perhaps with an ending such as .exe. */
function isProgram(word: string): boolean {
  const isPath = word.includes("/") || word.includes("\\");
  const folders = isPath ? [""] : (process.env["PATH"] ?? "").split(delimiter);
  const endings = process.platform === "win32" ? ["", ...(process.env["PATHEXT"] ?? ".EXE").split(";")] : [""];
  return folders.some((folder) => endings.some((ending) => existsSync(join(folder, word + ending))));
}

// A port must not outlive the runner. Exiting ends it with all processes that it has started.
for (const [signal, number] of [
  ["SIGHUP", 1],
  ["SIGINT", 2],
  ["SIGTERM", 15],
] as const) {
  process.once(signal, () => {
    process.exit(128 + number);
  });
}
process.on("uncaughtException", (error) => {
  console.error(error);
  process.exit(RUNNER_FAULT);
});

process.argv = [...process.argv.slice(0, 2), ...plainArguments(process.argv.slice(2))];
await main(program);
