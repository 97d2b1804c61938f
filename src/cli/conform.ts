import { Command, InvalidArgumentError } from "commander";
import { allChecks, conform } from "../port/conform.ts";
import { defaultLimits } from "../port/process.ts";
import { requirementTitles } from "../port/requirements.ts";
import { table } from "../port/table.ts";
import { goldenVectors, loadVectors } from "../port/vectors.ts";

interface Options {
  json?: true;
  seed: number;
  fresh: number;
  only?: string[];
  timeout: number;
  vectors: string;
  save: string;
}

/** A commander parser of a number with the given test. */
function number(expected: string, fits: (value: number) => boolean): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !fits(value)) throw new InvalidArgumentError(`Expected ${expected}.`);
    return value;
  };
}

const whole = number("a whole number from 0 up", (value) => Number.isSafeInteger(value) && value >= 0);
const seconds = number("a number of seconds above 0", (value) => value > 0 && value < 1e6);

const program = new Command("conform")
  .description(
    "Holds a port to the specification (spec/ports.md) and says what is right, what is off, and what mistake it looks like.",
  )
  .argument("<command...>", "the command line that starts the port, for example: python3 my_port.py")
  .option("--json", "print the whole report as JSON")
  .option("--seed <n>", "seed of the fresh cases (default: a new one each time)", whole, Date.now() % 1_000_000)
  .option("--fresh <n>", "fresh cases of each operation", whole, 50)
  .option("--only <numbers...>", "only these requirements, for example: --only L1 L2 --")
  .option("--timeout <seconds>", "time limit of a request", seconds, defaultLimits.requestSeconds)
  .option("--vectors <folder>", "the vectors, or saved counter-examples", goldenVectors)
  .option("--save <folder>", "where counter-examples are saved", "runs/ports")
  .passThroughOptions()
  .showHelpAfterError();

program.parse();
const [portProgram, ...args] = program.args as [string, ...string[]];
const options = program.opts<Options>();
const command = { program: portProgram, args };
const limits = { ...defaultLimits, requestSeconds: options.timeout };
const fresh = { seed: options.seed, runs: options.fresh, folder: options.save };
const checks = allChecks(command, loadVectors(options.vectors), fresh, limits).filter(
  ({ requirement }) => options.only?.includes(requirement) ?? true,
);

const showsProgress = process.stderr.isTTY;
const report = await conform(command, checks, options.seed, limits, (done, all, title) => {
  if (showsProgress) process.stderr.write(`\r\x1b[2K${done}/${all} ${title.slice(0, 70)}`);
});
if (showsProgress) process.stderr.write("\r\x1b[2K");
console.log(options.json ? JSON.stringify(report, null, 2) : table(report, requirementTitles()));
process.exitCode = report.passed ? 0 : 1;
