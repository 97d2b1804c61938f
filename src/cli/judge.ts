import { readFileSync, statSync, writeFileSync } from "node:fs";
import { InvalidArgumentError } from "commander";
import { InputError } from "../io/error.ts";
import { requireThat } from "../io/require.ts";
import { analyse, DEFAULTS } from "../measure/judge.ts";
import { LARGEST_FILE, mapsFromJson, mapsFromNpy } from "../measure/read-maps.ts";
import { picture } from "../report/module-picture.ts";
import type { RateMaps } from "../measure/rate-map.ts";
import { table } from "../measure/judgement-table.ts";
import { command, main, positiveNumber, wholeNumber } from "./command.ts";

interface Flags {
  box: number;
  json?: boolean;
  picture?: string;
  smoothing: number;
  cut: number;
  minimumSize: number;
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

/** What the file system said, in words. */
function unreadable(file: string, error: unknown): InputError {
  return new InputError(`${file} cannot be used: ${error instanceof Error ? error.message : String(error)}`);
}

function load(file: string, box: number): RateMaps {
  let bytes: Buffer;
  try {
    const { size } = statSync(file);
    requireThat(
      size <= LARGEST_FILE,
      file,
      `${size} bytes`,
      `at most ${LARGEST_FILE} bytes: judge fewer units at a time`,
    );
    bytes = readFileSync(file);
  } catch (error) {
    throw error instanceof InputError ? error : unreadable(file, error);
  }
  try {
    return /\.json$/i.test(file) ? mapsFromJson(bytes.toString("utf8"), box) : mapsFromNpy(bytes, box);
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${file}: ${error.message}`) : error;
  }
}

function run(file: string, flags: Flags): void {
  const { smoothing, cut, minimumSize, shuffles, seed } = flags;
  const analysis = analyse(load(file, flags.box), { smoothing, cut, minimumSize, shuffles, seed });
  if (flags.picture !== undefined) {
    try {
      writeFileSync(flags.picture, picture(analysis));
    } catch (error) {
      throw unreadable(flags.picture, error);
    }
  }
  const { judgement } = analysis;
  console.log(flags.json ? JSON.stringify(judgement) : table(judgement));
}

const program = command(
  "judge",
  "Says which grid modules rate maps show: classes, spacings, how they nest, and a null.",
)
  .argument(
    "<file>",
    "rate maps: .npy [units, y, x] of floats, or .json [units][y][x]; NaN or null is an unvisited bin",
  )
  .requiredOption("--box <metres>", "side of the box", positiveNumber)
  .option("--json", "print JSON instead of a table")
  .option("--picture <file>", "write a picture (PNG): modules with their autocorrelograms and rate maps")
  .option("--smoothing <bins>", "standard deviation of the Gaussian that smooths", atLeastZero, DEFAULTS.smoothing)
  .option("--cut <distance>", "distance at which clusters stop merging", positiveNumber, DEFAULTS.cut)
  .option("--minimum-size <units>", "fewest units of a module", wholeNumber, DEFAULTS.minimumSize)
  .option("--shuffles <count>", "shuffled maps per module, 0 for none", wholeNumber, DEFAULTS.shuffles)
  .option("--seed <number>", "of the shuffles", wholeNumber, DEFAULTS.seed)
  .action(run);

await main(program);
