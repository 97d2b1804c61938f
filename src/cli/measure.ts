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

/** Side of a bin unless asked otherwise, metres. */
const BIN = 0.05;
/** Bins along a side: fewer show no lattice, more are a slip of the hand. */
const FEWEST_BINS = 8;
const MOST_BINS = 1000;

const program = command("measure", "Walks a trained network in a box and shows its rate maps, grouped into modules.")
  .argument("<folder>", "the --out folder of a training, or a model of golden/models")
  .option("--out <folder>", "where numbers and picture go; measures/ in the folder without it")
  .option("--backend <name>", "tensorflow or wasm; the best there is without it")
  .option("--box <metres>", "side of the box; the range trained on without it", positiveNumber)
  .option("--bins <count>", "bins along each side; 5 cm each without it", wholeNumber)
  .option("--walkers <count>", "walks at once", countFromOne, 300)
  .option(
    "--steps <count>",
    "steps of each walk; errors of path integration blur the maps of long ones",
    countFromOne,
    400,
  )
  .option("--seed <number>", "of the walks and the shuffles", wholeNumber, 0)
  .option("--shuffles <count>", "shuffled maps that each module is compared with (slow); 0: none", wholeNumber, 0)
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
