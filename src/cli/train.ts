import { describeEngine, openEngine } from "../backend/engines.ts";
import { InputError } from "../io/error.ts";
import { workload } from "../train/config.ts";
import { Run } from "../train/run.ts";
import { loadCheckpoint } from "../train/checkpoint.ts";
import { backendOption } from "./backend-option.ts";
import { command, main, shellQuoted } from "./command.ts";
import { addConfigOptions, configFrom, givenKeys } from "./config-options.ts";
import { trainWithProgress } from "./train-with-progress.ts";

const program = addConfigOptions(
  command("train", "Trains a network. Ctrl-C saves a checkpoint and stops. --resume continues from there, bit for bit.")
    .requiredOption("--out <folder>", "folder of the run, for its config, metrics and checkpoints")
    .option("--resume", "continue the run in --out with its own config")
    .addOption(backendOption("training")),
).action(async (options: Record<string, string | undefined> & { out: string; resume?: string; backend?: string }) => {
  if (options.resume && givenKeys(options).length > 0)
    throw new InputError(
      `--resume with ${givenKeys(options).join(", ")}; expected no other option, because a run keeps its config`,
    );
  const config = options.resume ? loadCheckpoint(options.out, () => undefined).config : configFrom(options);
  process.stderr.write(`${describeEngine(await openEngine(options.backend, workload(config)))}\n`);
  const run = options.resume ? Run.resume(options.out) : await Run.start(options.out, config);
  const out = shellQuoted(run.folder);
  if (await trainWithProgress(run, `npm run train -- --out ${out} --resume`))
    process.stdout.write(`done: ${run.folder}\nnext: npm run measure -- ${out}\n`);
});

await main(program);
