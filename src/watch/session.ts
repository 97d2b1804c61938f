import { InputError } from "../io/error.ts";
import { CHECKPOINT_FILES, decodeCheckpoint, encodeCheckpoint, stepIn } from "../train/checkpoint-files.ts";
import type { Config } from "../train/config.ts";
import { parseMetrics, type StepMetrics } from "../train/metrics.ts";
import { MetricsRecord, type MetricsWindow } from "../train/metrics-record.ts";
import { CONFIG_FILE, configText, METRICS_FILE } from "../train/network-folder.ts";
import { Attempts } from "../train/restarts.ts";

/** The files of a run's folder, by path from it. */
export type RunFiles = ReadonlyMap<string, Uint8Array>;

/** A run without a folder: its attempts and the lines of its metrics. Its files are those that the command line would write. */
export class Session {
  readonly attempts: Attempts;
  readonly #record: MetricsRecord;
  #metrics: string;

  private constructor(attempts: Attempts, window: MetricsWindow, metrics: string) {
    this.attempts = attempts;
    this.#record = new MetricsRecord(window);
    this.#metrics = metrics;
  }

  /** A new run before its first step. */
  static start(config: Config): Session {
    return new Session(Attempts.start(config), {}, "");
  }

  /**
   * The run in a folder, from the newest checkpoint on. Folders around it may stand in the paths.
   * Throws an InputError that names the file and what is wrong with it, or says that there is no checkpoint.
   */
  static from(files: RunFiles): Session {
    const folder = newestCheckpoint(files);
    const bytes = (path: string): Uint8Array => {
      const found = files.get(path);
      if (found === undefined) throw new InputError(`${path} is missing; expected the whole folder of a checkpoint`);
      return found;
    };
    const { config, attempts, window } = decodeCheckpoint(folder, {
      bytes: (name) => bytes(`${folder}/${name}`),
      text: (name) => textOf(bytes(`${folder}/${name}`)),
    });
    const path = `${folder.replace(/(checkpoints\/)?step-\d+$/, "")}${METRICS_FILE}`;
    const lines = files.has(path) ? parseMetrics(textOf(bytes(path)), path, { cutShort: true }) : [];
    const begun = Attempts.from(config, attempts);
    const kept = lines.filter(({ step }) => step <= begun.step).map((line) => `${JSON.stringify(line)}\n`);
    return new Session(begun, window, kept.join(""));
  }

  /** One step. Throws a NonFiniteError, and changes nothing, where a number is not finite. */
  async advance(): Promise<StepMetrics> {
    const metrics = await this.attempts.advance();
    this.#metrics += this.#record.add(metrics, this.attempts) ?? "";
    return metrics;
  }

  /** The lines of metrics.jsonl. */
  get metrics(): string {
    return this.#metrics;
  }

  /** The run's folder as it stands now, which `train --resume` goes on from. */
  async files(): Promise<RunFiles> {
    const { attempts } = this;
    const { name, files } = encodeCheckpoint({
      config: attempts.config,
      attempts: await attempts.state(),
      window: this.#record.window,
    });
    const folder: [string, string | Uint8Array][] = [
      [CONFIG_FILE, configText(attempts.config)],
      [METRICS_FILE, this.#metrics],
      ...CHECKPOINT_FILES.map((file): [string, string | Uint8Array] => [`checkpoints/${name}/${file}`, files[file]]),
    ];
    return new Map(
      folder.map(([path, content]) => [
        path,
        typeof content === "string" ? new TextEncoder().encode(content) : content,
      ]),
    );
  }

  dispose(): void {
    this.attempts.dispose();
  }
}

/** The path of the folder of the newest checkpoint. Throws an InputError where there is none. */
function newestCheckpoint(files: RunFiles): string {
  const folders = [...files.keys()].flatMap((path) => /^(?:.*\/)?step-\d+(?=\/[^/]+$)/.exec(path) ?? []);
  const newest = [...new Set(folders)].sort((p, q) => stepIn(q) - stepIn(p))[0];
  if (newest === undefined)
    throw new InputError(
      "there is no checkpoint in these files; expected the folder of a run, with checkpoints/ in it",
    );
  return newest;
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}
