import type { Run } from "../train/run.ts";
import { NonFiniteError } from "../train/training.ts";
import { progress, type Progress } from "./progress.ts";

/**
 * Trains to the end, with a progress bar for each try; the first Ctrl-C saves and says that `goOn` goes on. True when the last step is
 * done. A loss that is not finite is told in a line, with exit code 1.
 */
export async function trainWithProgress(run: Run, goOn: string): Promise<boolean> {
  const { training, folder } = run;
  let stopping = false;
  const stop = (): void => {
    stopping = true;
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  const { steps, attempts } = training.config;
  let attempt = 0;
  let bar: Progress | undefined;
  const barOfTry = (): Progress => {
    if (bar !== undefined && attempt === training.rejectedAttempts.length) return bar;
    bar?.stop();
    attempt = training.rejectedAttempts.length;
    bar = progress(
      attempts === 1 ? "training" : `try ${attempt + 1} of at most ${attempts}`,
      steps,
      training.stepOfAttempt,
    );
    return bar;
  };
  try {
    const finished = await run.go({
      onStep(_, m) {
        const terms = [m.sep, m.inv, m.cap, m.con].map((x) => x.toFixed(4));
        barOfTry().update(
          training.stepOfAttempt,
          `T ${m.timesteps} Sep ${terms[0]} Inv ${terms[1]} Cap ${terms[2]} ConIso ${terms[3]}`,
        );
      },
      shouldStop: () => stopping,
    });
    bar?.stop();
    if (!finished) process.stdout.write(`saved at step ${training.step}; go on with: ${goOn}\n`);
    return finished;
  } catch (error) {
    bar?.stop();
    if (!(error instanceof NonFiniteError)) throw error;
    process.stderr.write(`error: ${error.message}; the last good checkpoint is kept in ${folder}/checkpoints\n`);
    process.exitCode = 1;
    return false;
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}
