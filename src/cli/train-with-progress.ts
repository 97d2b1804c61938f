import { NonFiniteError } from "../train/training.ts";
import type { Run } from "../train/run.ts";
import { progress, type Progress } from "./progress.ts";

/** The signals on which a training saves a checkpoint and stops. */
const STOPPING = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Trains a run to its end, with a progress bar for each attempt, and closes it. Ctrl-C saves a checkpoint and prints
 * the command `goOn`, which continues the run. A value that is not finite is reported in one line, with exit code 1.
 * @returns whether the last step is done
 */
export async function trainWithProgress(run: Run, goOn: string): Promise<boolean> {
  const { attempts, folder } = run;
  let stopping = false;
  const stop = (): void => {
    stopping = true;
  };
  for (const signal of STOPPING) process.on(signal, stop);
  const { steps, attempts: most } = attempts.config;
  let shown = -1;
  let bar: Progress | undefined;
  const barOfAttempt = (): Progress => {
    const attempt = attempts.rejectedAttempts.length;
    if (bar !== undefined && shown === attempt) return bar;
    bar?.stop();
    shown = attempt;
    const title = most === 1 ? "training" : `attempt ${attempt + 1} of at most ${most}`;
    bar = progress(title, steps, attempts.training.step);
    return bar;
  };
  try {
    const finished = await run.go({
      onStep(_, m) {
        const terms = [m.sep, m.inv, m.cap, m.con].map((x) => x.toFixed(4));
        barOfAttempt().update(
          attempts.training.step,
          `T ${m.timesteps} Sep ${terms[0]} Inv ${terms[1]} Cap ${terms[2]} ConIso ${terms[3]}`,
        );
      },
      shouldStop: () => stopping,
    });
    bar?.stop();
    if (!finished) process.stdout.write(`saved at step ${attempts.step}; go on with: ${goOn}\n`);
    return finished;
  } catch (error) {
    bar?.stop();
    if (!(error instanceof NonFiniteError)) throw error;
    process.stderr.write(`error: ${error.message}; the last good checkpoint is kept in ${folder}/checkpoints\n`);
    process.exitCode = 1;
    return false;
  } finally {
    run.close();
    for (const signal of STOPPING) process.off(signal, stop);
  }
}
