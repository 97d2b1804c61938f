import cliProgress from "cli-progress";

/** Seconds between two lines if the output is no terminal. */
const QUIET_SECONDS = 30;

export interface Progress {
  update(done: number, note: string): void;
  stop(): void;
}

/**
 * A progress bar on standard error with rate, time left and a note. If standard error is no terminal, it prints a line
 * from time to time instead.
 */
export function progress(title: string, total: number, from = 0): Progress {
  const started = Date.now();
  let done = from;
  let last = started;
  const left = (): string => {
    const seconds = ((Date.now() - started) / 1000 / Math.max(1, done - from)) * (total - done);
    return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
  };
  const rate = (): string => ((1000 * (done - from)) / Math.max(1, Date.now() - started)).toFixed(1);
  if (!process.stderr.isTTY) {
    return {
      update(now, note) {
        done = now;
        if (Date.now() - last < 1000 * QUIET_SECONDS && done !== total) return;
        last = Date.now();
        process.stderr.write(`${title} ${done}/${total} | ${rate()}/s | ${left()} left | ${note}\n`);
      },
      stop: () => undefined,
    };
  }
  const bar = new cliProgress.SingleBar({
    format: `${title} {bar} {value}/{total} | {rate}/s | {left} left | {note}`,
    hideCursor: true,
    barsize: 20,
    stream: process.stderr,
  });
  bar.start(total, from, { note: "", rate: "-", left: "-" });
  return {
    update(now, note) {
      done = now;
      bar.update(now, { note, rate: rate(), left: left() });
    },
    stop() {
      bar.stop();
    },
  };
}
