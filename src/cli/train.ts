import { describeEngine, openEngine } from "../backend/engines.ts";
import { InputError } from "../io/error.ts";
import { workload } from "../train/config.ts";
import { Run } from "../train/run.ts";
import { loadCheckpoint } from "../train/checkpoint.ts";
import { command, main } from "./command.ts";
import { addConfigOptions, configFrom, givenKeys } from "./config-options.ts";
import { trainWithProgress } from "./train-with-progress.ts";

const program = addConfigOptions(
  command("train", "Trains SIC. Ctrl-C saves; --resume goes on, bit for bit.")
    .requiredOption("--out <folder>", "where config, metrics and checkpoints go")
    .option("--resume", "go on with the run in --out")
    .option("--backend <name>", "tensorflow or wasm; the best there is without it"),
).action(async (options: Record<string, string | undefined> & { out: string; resume?: string; backend?: string }) => {
  if (options.resume && givenKeys(options).length > 0)
    throw new InputError(
      `--resume with ${givenKeys(options).join(", ")}; expected neither preset nor keys: a run keeps its config`,
    );
  const config = options.resume ? loadCheckpoint(options.out).config : configFrom(options);
  process.stderr.write(`${describeEngine(await openEngine(options.backend, workload(config)))}\n`);
  const run = options.resume ? Run.resume(options.out) : Run.start(options.out, config);
  if (await trainWithProgress(run, `npm run train -- --out ${run.folder} --resume`))
    process.stdout.write(`done: ${run.folder}\nnext: npm run measure -- ${run.folder}\n`);
});

await main(program);
