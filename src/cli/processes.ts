import { fork } from "node:child_process";
import { on } from "node:events";
import { availableParallelism } from "node:os";
import { InputError } from "../io/error.ts";
import { READ_TYPESCRIPT } from "../io/typescript.ts";

/** What a child sends: a part of a result, that a job is done, or the message of an InputError. */
type Sent = { part: unknown } | { done: true } | { inputError: string };

/**
 * The environment of one of `atOnce` processes that share the cores. SIC_THREADS is its share of the cores, unless it
 * is already set.
 */
export function environmentOfOne(atOnce: number): NodeJS.ProcessEnv {
  const threads = Math.max(1, Math.floor(availableParallelism() / atOnce));
  return { SIC_THREADS: String(threads), ...process.env };
}

/**
 * Does jobs in at most `workers` child processes, which take them in the order of the list, each the next one when it is
 * done with one. A child runs `script`, is sent its jobs, and sends their results part by part. The children share the cores.
 * @param onPart called with each part as it arrives
 * @throws InputError that a child threw, or an Error if a child ended otherwise than with exit code 0
 */
export async function inProcesses(
  script: string,
  jobs: readonly object[],
  workers: number,
  onPart: (part: unknown) => void,
): Promise<void> {
  const waiting = [...jobs];
  const running = new Set<ReturnType<typeof fork>>();
  const atOnce = Math.min(workers, jobs.length);
  const env = environmentOfOne(atOnce);
  const serve = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = fork(script, { env, execArgv: READ_TYPESCRIPT, serialization: "advanced" });
      running.add(child);
      const giveNext = (): void => {
        const job = waiting.shift();
        if (job === undefined) child.disconnect();
        else child.send(job);
      };
      child.on("message", (sent: Sent) => {
        if ("part" in sent) onPart(sent.part);
        else if ("done" in sent) giveNext();
        else reject(new InputError(sent.inputError));
      });
      child.on("error", reject);
      child.on("exit", (code, signal) => {
        running.delete(child);
        if (code === 0) resolve();
        else reject(new Error(`a process of ${script} ended with ${signal ?? `exit code ${String(code)}`}`));
      });
      giveNext();
    });
  try {
    await Promise.all(Array.from({ length: atOnce }, serve));
  } finally {
    for (const child of running) child.kill();
  }
}

/** The child's side: does the jobs that it is sent, one by one, and sends their parts; an InputError is sent as its message. */
export async function answerParent(
  work: (job: unknown, send: (part: unknown) => void) => Promise<void>,
): Promise<void> {
  const send = (sent: Sent): Promise<void> =>
    new Promise((resolve) => {
      process.send!(sent, () => {
        resolve();
      });
    });
  for await (const [job] of on(process, "message", { close: ["disconnect"] })) {
    try {
      await work(job, (part) => void send({ part }));
      await send({ done: true });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      await send({ inputError: error.message });
    }
  }
}
