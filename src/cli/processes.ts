import { fork } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { InputError } from "../io/error.ts";
import { READ_TYPESCRIPT } from "../io/typescript.ts";

/** What a child sends: a part of its result, or the message of an InputError. */
type Sent = { part: unknown } | { inputError: string };

/**
 * The environment of one of `atOnce` processes that share the cores. SIC_THREADS is its share of the cores, unless it
 * is already set.
 */
export function environmentOfOne(atOnce: number): NodeJS.ProcessEnv {
  const threads = Math.max(1, Math.floor(availableParallelism() / atOnce));
  return { SIC_THREADS: String(threads), ...process.env };
}

/**
 * Does jobs in child processes, at most `workers` at a time, in the order of the list. A child runs `script` with its
 * job as JSON in its last argument, and sends its results part by part. The children share the cores.
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
  const doNext = async (): Promise<void> => {
    const job = waiting.shift();
    if (job === undefined) return;
    await new Promise<void>((resolve, reject) => {
      const child = fork(script, [JSON.stringify(job)], {
        env,
        execArgv: READ_TYPESCRIPT,
        serialization: "advanced",
      });
      running.add(child);
      child.on("message", (sent: Sent) => {
        if ("part" in sent) onPart(sent.part);
        else reject(new InputError(sent.inputError));
      });
      child.on("error", reject);
      // The last messages may come after the exit. All have come when both events have happened.
      const exited = once(child, "exit");
      const disconnected = once(child, "disconnect");
      Promise.all([exited, disconnected])
        .then(([[code, signal]]) => {
          running.delete(child);
          if (code === 0) resolve();
          else reject(new Error(`a process of ${script} ended with ${String(signal ?? `exit code ${String(code)}`)}`));
        })
        .catch(reject);
    });
    await doNext();
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, doNext));
  } finally {
    for (const child of running) child.kill();
  }
}

/** The child's side: does the job in the last argument and sends its parts. An InputError is sent as its message. */
export async function answerParent(
  work: (job: unknown, send: (part: unknown) => void) => Promise<void>,
): Promise<void> {
  const sending: Promise<void>[] = [];
  const send = (sent: Sent): void => {
    sending.push(
      new Promise((resolve) => {
        process.send!(sent, () => {
          resolve();
        });
      }),
    );
  };
  try {
    await work(JSON.parse(process.argv.at(-1)!), (part) => {
      send({ part });
    });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    send({ inputError: error.message });
  }
  await Promise.all(sending);
  process.disconnect();
}
