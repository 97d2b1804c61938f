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

/** Parses an option as a number of at least 0. */
function atLeastZero(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value < Infinity))
    throw new InvalidArgumentError("Expected a number of at least 0.");
  return value;
}

/** Parses an option as a list of axes. */
function axisNames(text: string): Axis[] {
  try {
    return parseAxes(text);
  } catch (error) {
    throw error instanceof InputError ? new InvalidArgumentError(error.message) : error;
  }
}

/** An error of the file system as an InputError. */
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
  // A single map can only be asked whether it is a grid by itself.
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
  "Finds the grid modules in rate maps: their classes, lattices and relations, compared with a null. See spec/judge.md.",
)
  .argument(
    "<file>",
    "file of rate maps: .npy, .npz or .json, with the axes unit, y, x, or y, x for one map; NaN or null is an unvisited bin",
  )
  .requiredOption("--box <metres>", "side of the box, in metres", positiveNumber)
  .option("--axes <names>", "order of the axes in the file, for example y,x,unit (default: unit,y,x)", axisNames)
  .option(
    "--flip <names>",
    "axes that run downwards or to the left, for example y if the first row is at the top of the box",
    axisNames,
  )
  .option("--array <name>", "name of the array in a .npz file (default: the only one with three axes)")
  .option("--json", "print JSON instead of a table")
  .option("--units <file>", "write the measures of each unit to a CSV file")
  .option("--picture <file>", "write a picture of the modules with their autocorrelograms and rate maps to a PNG file")
  .option(
    "--smoothing <bins>",
    "standard deviation of the Gaussian that smooths the maps; 0 switches smoothing off",
    atLeastZero,
    DEFAULTS.smoothing,
  )
  .option("--cut <distance>", "largest distance at which two clusters are joined (M8)", positiveNumber, DEFAULTS.cut)
  .option(
    "--minimum-size <units>",
    `number of units that a module has at least (default: ${DEFAULTS.minimumSize}, or 1 for a single map)`,
    wholeNumber,
  )
  .option(
    "--shuffles <count>",
    "number of shuffled maps with which each module is compared; 0 switches the comparison off",
    wholeNumber,
    DEFAULTS.shuffles,
  )
  .option("--seed <number>", "seed of the shuffles", wholeNumber, DEFAULTS.seed)
  .action(run);

await main(program);
