import { describeEngine, openEngine } from "../backend/engines.ts";
import { InputError } from "../error.ts";
import { workload } from "../train/config.ts";
import { NonFiniteError } from "../train/training.ts";
import { Run } from "../train/run.ts";
import { loadCheckpoint } from "../train/checkpoint.ts";
import { command, main } from "./command.ts";
import { addConfigOptions, configFrom, givenKeys } from "./config-options.ts";
import { progress } from "./progress.ts";

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
  await train(options.resume ? Run.resume(options.out) : Run.start(options.out, config));
});

async function train(run: Run): Promise<void> {
  const { training, folder } = run;
  const resumeHint = `npm run train -- --out ${folder} --resume`;
  let stopping = false;
  const stop = (): void => {
    stopping = true;
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  const bar = progress("training", training.config.steps, training.step);
  try {
    const finished = await run.go({
      onStep(step, m) {
        const terms = [m.sep, m.inv, m.cap, m.con].map((x) => x.toFixed(4));
        bar.update(step, `T ${m.timesteps} Sep ${terms[0]} Inv ${terms[1]} Cap ${terms[2]} ConIso ${terms[3]}`);
      },
      shouldStop: () => stopping,
    });
    bar.stop();
    if (finished) process.stdout.write(`done: ${folder}\nnext: npm run measure -- ${folder}\n`);
    else process.stdout.write(`saved at step ${training.step}; go on with: ${resumeHint}\n`);
  } catch (error) {
    bar.stop();
    if (!(error instanceof NonFiniteError)) throw error;
    process.stderr.write(`error: ${error.message}; the last good checkpoint is kept in ${folder}/checkpoints\n`);
    process.exitCode = 1;
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}

await main(program);
