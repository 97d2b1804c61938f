import { readFileSync, statSync, writeFileSync } from "node:fs";
import { InvalidArgumentError } from "commander";
import { InputError } from "../io/error.ts";
import { requireThat } from "../io/require.ts";
import { analyse, DEFAULTS } from "../measure/judge.ts";
import { LARGEST_FILE, parseAxes, readMaps } from "../measure/read-maps.ts";
import type { Axis, ReadMaps } from "../measure/read-maps.ts";
import { unitTable } from "../measure/unit-table.ts";
import { picture } from "../report/module-picture.ts";
import { table } from "../measure/judgement-table.ts";
import { command, main, positiveNumber, wholeNumber } from "./command.ts";
import { progress } from "./progress.ts";

interface Flags {
  box: number;
  axes?: Axis[];
  flip?: Axis[];
  array?: string;
  json?: boolean;
  picture?: string;
  units?: string;
  smoothing: number;
  cut: number;
  minimumSize?: number;
  shuffles: number;
  seed: number;
}

/** An option's text as a number of at least 0. */
function atLeastZero(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value < Infinity))
    throw new InvalidArgumentError("Expected a number of at least 0.");
  return value;
}

/** An option's text as axes. */
function axisNames(text: string): Axis[] {
  try {
    return parseAxes(text);
  } catch (error) {
    throw error instanceof InputError ? new InvalidArgumentError(error.message) : error;
  }
}

/** What the file system said, in words. */
function unusable(file: string, error: unknown): InputError {
  return new InputError(`${file} cannot be used: ${error instanceof Error ? error.message : String(error)}`);
}

async function load(file: string, flags: Flags): Promise<ReadMaps> {
  let bytes: Buffer;
  try {
    const { size } = statSync(file);
    const expected = `at most ${LARGEST_FILE} bytes: judge fewer units at a time`;
    requireThat(size <= LARGEST_FILE, file, `${size} bytes`, expected);
    bytes = readFileSync(file);
  } catch (error) {
    throw error instanceof InputError ? error : unusable(file, error);
  }
  return readMaps(file, bytes, flags);
}

/** Writes one of the files that were asked for. */
function write(file: string, content: string | Uint8Array): void {
  try {
    writeFileSync(file, content);
  } catch (error) {
    throw unusable(file, error);
  }
}

async function run(file: string, flags: Flags): Promise<void> {
  const { maps, hints } = await load(file, flags);
  const bar = progress(`judging ${maps.units} maps of ${maps.bins} x ${maps.bins} bins, %`, 100);
  // Of one map only one thing can be asked: whether it is a grid by itself.
  const options = { ...flags, minimumSize: flags.minimumSize ?? Math.min(maps.units, DEFAULTS.minimumSize) };
  const analysis = analyse(maps, options, (work, share) => {
    bar.update(Math.min(99, Math.floor(100 * share)), work);
  });
  bar.stop();
  if (flags.picture !== undefined) write(flags.picture, picture(analysis));
  if (flags.units !== undefined) write(flags.units, unitTable(analysis));
  const judgement = { ...analysis.judgement, warnings: [...hints, ...analysis.judgement.warnings] };
  console.log(flags.json ? JSON.stringify(judgement) : table(judgement));
}

const program = command(
  "judge",
  "Says which grid modules rate maps show: classes, spacings, how they nest, and a null. See spec/judge.md.",
)
  .argument(
    "<file>",
    "rate maps: .npy or .npz [units, y, x], .json [units][y][x], or [y, x] for one; NaN or null is an unvisited bin",
  )
  .requiredOption("--box <metres>", "side of the box", positiveNumber)
  .option("--axes <names>", "order of the axes in the file, as in y,x,unit; unit,y,x without it", axisNames)
  .option("--flip <names>", "axes that run the other way: y if the first row is at the top of the box", axisNames)
  .option("--array <name>", "array of a .npz file; the only one with three axes without it")
  .option("--json", "print JSON instead of a table")
  .option("--units <file>", "write each unit's own numbers (CSV)")
  .option("--picture <file>", "write a picture (PNG): modules with their autocorrelograms and rate maps")
  .option("--smoothing <bins>", "standard deviation of the Gaussian that smooths", atLeastZero, DEFAULTS.smoothing)
  .option("--cut <distance>", "distance at which clusters stop merging", positiveNumber, DEFAULTS.cut)
  .option(
    "--minimum-size <units>",
    `fewest units of a module; ${DEFAULTS.minimumSize} without it, 1 for one map`,
    wholeNumber,
  )
  .option(
    "--shuffles <count>",
    "shuffled maps that each module is compared with, 0 for none",
    wholeNumber,
    DEFAULTS.shuffles,
  )
  .option("--seed <number>", "of the shuffles", wholeNumber, DEFAULTS.seed)
  .action(run);

await main(program);
