import { join } from "node:path";
import { describeEngine, openEngine } from "../backend/engines.ts";
import { InputError } from "../io/error.ts";
import { loadNetwork } from "../golden/models.ts";
import { analyse } from "../measure/judge.ts";
import { networkAgent } from "../measure/network-agent.ts";
import { picture } from "../report/module-picture.ts";
import { survey } from "../measure/survey.ts";
import { table } from "../measure/judgement-table.ts";
import { walk } from "../measure/walk.ts";
import { makeWritable, writeAtomically } from "../io/files.ts";
import { trainedRange } from "../train/trained-range.ts";
import { backendOption } from "./backend-option.ts";
import { command, countFromOne, main, positiveNumber, wholeNumber } from "./command.ts";
import { progress } from "./progress.ts";

interface Flags {
  out?: string;
  backend?: string;
  box?: number;
  bins?: number;
  walkers: number;
  steps: number;
  seed: number;
  shuffles: number;
}

/** Side of a bin in metres, unless --bins says otherwise. */
const BIN = 0.05;
/** Limits of the number of bins along a side. Fewer bins show no lattice, and a larger number must be a mistake. */
const FEWEST_BINS = 8;
const MOST_BINS = 1000;

const program = command(
  "measure",
  "Lets a trained network walk through a box, and groups the units into modules by their rate maps.",
)
  .argument("<folder>", "folder of a trained network: the --out of a training, or a model of golden/models")
  .option("--out <folder>", "folder for modules.json and modules.png (default: measures/ in the folder of the network)")
  .addOption(backendOption("walking"))
  .option(
    "--box <metres>",
    "side of the box, in metres (default: the range that was covered in training)",
    positiveNumber,
  )
  .option("--bins <count>", "number of bins along each side (default: as many as give bins of 5 cm)", wholeNumber)
  .option("--walkers <count>", "number of walks", countFromOne, 300)
  .option(
    "--steps <count>",
    "number of steps of each walk; errors of path integration blur the maps of long walks",
    countFromOne,
    400,
  )
  .option("--seed <number>", "seed of the walks and of the shuffles", wholeNumber, 0)
  .option(
    "--shuffles <count>",
    "number of shuffled maps with which each module is compared, which is slow; 0 switches the comparison off",
    wholeNumber,
    0,
  )
  .action(async (folder: string, flags: Flags) => {
    const { config, parameters, step } = loadNetwork(folder);
    const box = flags.box ?? trainedRange(config);
    const bins = flags.bins ?? Math.max(FEWEST_BINS, Math.round(box / BIN));
    if (config.velocityMax > box / 2)
      throw new InputError(`--box is ${box} m; expected at least twice velocityMax, ${2 * config.velocityMax} m`);
    if (!(bins >= FEWEST_BINS && bins <= MOST_BINS))
      throw new InputError(
        `--bins is ${bins} in a box of ${box} m; expected a whole number from ${FEWEST_BINS} to ${MOST_BINS}`,
      );
    const output = flags.out ?? join(folder, "measures");
    makeWritable(output);
    process.stderr.write(`${describeEngine(await openEngine(flags.backend))}\n`);
    const bar = progress("walking", flags.steps);
    const { maps } = survey(networkAgent(parameters, config), walk({ ...flags, box, vMax: config.velocityMax }), {
      walkers: flags.walkers,
      box,
      bins,
      kept: 0,
      onStep: (done) => {
        bar.update(done, `${flags.walkers} walkers in a box of ${box} m`);
      },
    });
    bar.stop();
    const analysis = analyse(maps, { shuffles: flags.shuffles, seed: flags.seed });
    const { judgement } = analysis;
    const files = { json: join(output, "modules.json"), png: join(output, "modules.png") };
    const how = { step, box, bins, walkers: flags.walkers, steps: flags.steps, seed: flags.seed };
    writeAtomically(files.json, `${JSON.stringify({ ...how, ...judgement }, null, 1)}\n`);
    writeAtomically(files.png, picture(analysis));
    process.stdout.write(`${table(judgement)}\npicture: ${files.png}\nnumbers: ${files.json}\n`);
  });

await main(program);
