/** `npm run test:mutation`: changes the code in small ways, room by room, and tells how many changes a test notices. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { delimiter, resolve } from "node:path";
import { Argument, Command, InvalidArgumentError } from "commander";
import { textTable } from "../../src/io/text-table.ts";
import { Random } from "../../src/train/random-source.ts";
import { testKernelMutants } from "./kernels.ts";
import { ROOMS, type Room } from "./rooms.ts";

const FOLDER = ".cache/mutation";
const KERNELS = "kernels";
const NAMES = [...Object.keys(ROOMS), KERNELS];

/** Stryker's copy of the repository has no .cache, so that the ports in NumPy must find the Python there by its name. */
const WITH_NUMPY = [resolve(".cache/python/bin"), process.env["PATH"]].join(delimiter);

/** So many lines are drawn together, so that a change that spans a few lines can be among them. */
const LINES = 12;

const program = new Command("test:mutation")
  .description("Changes the code in small ways, and counts the changes that a test notices.")
  .addArgument(new Argument("[rooms...]", "the rooms of src to change, or the fused kernels").choices(NAMES))
  .option("--share <share>", "change only this share of the lines, drawn at random", shareOf)
  .option("--seed <n>", "seed of that draw", Number, 1)
  .parse();
const { share, seed } = program.opts<{ share?: number; seed: number }>();
const asked = program.args.length > 0 ? program.args : NAMES;

mkdirSync(FOLDER, { recursive: true });
const rows: string[][] = [["room", "killed", "timed out", "survived", "not covered", "killed of covered"]];
for (const name of asked) rows.push([name, ...(name === KERNELS ? ofKernels() : ofRoom(name as Room))]);
process.stdout.write(`\n${textTable(rows).join("\n")}\n`);

function shareOf(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 1) return value;
  throw new InvalidArgumentError("expected a number above 0 and at most 1.");
}

/** Runs Stryker on a room. What an earlier run found is kept for every mutant whose code and tests have not changed. */
function ofRoom(room: Room): string[] {
  const report = `${FOLDER}/${room}${share === undefined ? "" : `-${share}-${seed}`}.json`;
  const { status } = spawnSync(
    "stryker",
    ["run", "tests/mutation/stryker.config.json", "--mutate", linesOf(room).join(","), "--incrementalFile", report],
    { stdio: "inherit", env: { ...process.env, PATH: WITH_NUMPY, SIC_MUTATED: room } },
  );
  if (status !== 0) process.exit(status ?? 1);
  const { files } = JSON.parse(readFileSync(report, "utf8")) as {
    files: Record<string, { mutants: { status: string }[] }>;
  };
  const statuses = Object.values(files).flatMap(({ mutants }) => mutants.map(({ status }) => status));
  const count = (status: string): number => statuses.filter((s) => s === status).length;
  return counts(count("Killed"), count("Timeout"), count("Survived"), count("NoCoverage"));
}

/** What Stryker is to change in a room: all of it, or stretches of lines drawn at random. */
function linesOf(room: Room): string[] {
  if (share === undefined) return [`src/${room}/**/*.ts`];
  const random = Random.fromSeed(seed);
  return readdirSync(`src/${room}`, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .sort()
    .flatMap((file) => {
      const path = `src/${room}/${file}`;
      const stretches = Math.ceil(readFileSync(path, "utf8").split("\n").length / LINES);
      return Array.from({ length: stretches }, (_, k) => `${path}:${k * LINES + 1}-${(k + 1) * LINES}`);
    })
    .filter(() => random.uniform() < share);
}

function ofKernels(): string[] {
  const found: boolean[] = [];
  testKernelMutants(FOLDER, (kernel, killed) => {
    found.push(killed);
    process.stdout.write(`kernel ${kernel}: ${killed ? "killed" : "survived"}\n`);
  });
  const killed = found.filter(Boolean).length;
  return counts(killed, 0, found.length - killed, 0);
}

function counts(killed: number, timedOut: number, survived: number, notCovered: number): string[] {
  const covered = killed + timedOut + survived;
  return [
    ...[killed, timedOut, survived, notCovered].map(String),
    covered === 0 ? "-" : `${((100 * (killed + timedOut)) / covered).toFixed(1)} %`,
  ];
}
