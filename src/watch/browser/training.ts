import { type PresetName, PRESETS } from "../../train/config.ts";
import { parseMetrics } from "../../train/metrics.ts";
import { METRICS_FILE } from "../../train/network-folder.ts";
import type { EngineChoice, FromTrainer, Network, Standing, ToTrainer } from "../messages.ts";
import { requireModest, unzipRun } from "../run-zip.ts";
import type { RunFiles } from "../session.ts";
import { Curves } from "./curves.ts";
import { announce, byId, make, say } from "./dom.ts";

/** The part of the page that trains, and the worker behind it. */
export class TrainingPart {
  readonly #curves = new Curves(byId("curves", HTMLElement));
  readonly #look: (network: Network) => void;
  readonly #engine: EngineChoice;
  #worker: Worker | undefined;
  #words = "";
  #steps = 0;
  #running = false;
  /** Whether a training that begins goes on by itself. */
  #goOn: boolean;

  /**
   * @param goOn whether the first training goes on by itself
   * @param look hears of every network that is worth a look
   */
  constructor(engine: EngineChoice, goOn: boolean, look: (network: Network) => void) {
    this.#goOn = goOn;
    this.#engine = engine;
    this.#look = look;
    this.#wire();
    this.#begin(engine.name === "webgpu" ? "fast" : "glimpse", 0);
  }

  #ask(message: ToTrainer): void {
    this.#worker?.postMessage(message);
  }

  /** Begins a training in a worker of its own, whatever the one before is doing. */
  #begin(name: PresetName, seed: number): void {
    byId("preset", HTMLSelectElement).value = name;
    this.#worker?.terminate();
    const worker = new Worker(new URL("./trainer.js", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<FromTrainer>) => {
      this.#hear(data);
    };
    worker.onerror = ({ message }) => {
      this.#refuse(`The worker that trains stopped: ${message}`);
    };
    this.#worker = worker;
    this.#ask({ kind: "open", engine: this.#engine });
    this.#ask({ kind: "begin", config: { ...PRESETS[name], seed } });
  }

  #wire(): void {
    const [preset, seed] = [byId("preset", HTMLSelectElement), byId("seed", HTMLInputElement)];
    for (const [name, { steps, attempts }] of Object.entries(PRESETS)) {
      const many = attempts === 1 ? "" : `, up to ${attempts} attempts`;
      preset.add(new Option(`${name} (${steps.toLocaleString("en")} steps${many})`, name));
    }
    byId("new", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#goOn = true;
      this.#begin(preset.value as PresetName, seed.valueAsNumber);
    });
    byId("train", HTMLElement).addEventListener("click", () => {
      this.#ask({ kind: this.#running ? "pause" : "train" });
    });
    for (const kind of ["step", "save"] as const)
      byId(kind, HTMLElement).addEventListener("click", () => {
        this.#ask({ kind });
      });
    this.#wireFile("load", "zip-file", async ([file]) =>
      unzipRun(new Uint8Array(await file!.arrayBuffer()), file!.name),
    );
    this.#wireFile("load-folder", "run-folder", folderOf);
  }

  /** Lets a button choose files, which `read` makes a run's files of. */
  #wireFile(button: string, field: string, read: (chosen: File[]) => Promise<RunFiles>): void {
    const input = byId(field, HTMLInputElement);
    byId(button, HTMLElement).addEventListener("click", () => {
      input.click();
    });
    input.addEventListener("change", () => {
      const chosen = [...(input.files ?? [])];
      input.value = "";
      if (chosen.length === 0) return;
      read(chosen).then(
        (files) => {
          this.#goOn = false;
          this.#ask({ kind: "load", files });
        },
        (error: unknown) => {
          this.#refuse((error as Error).message);
        },
      );
    });
  }

  #refuse(sentence: string): void {
    say(byId("refusal", HTMLElement), sentence === "" ? "" : `${sentence}.`.replace(/\.\.$/, "."));
  }

  #hear(message: FromTrainer): void {
    switch (message.kind) {
      case "opened":
        this.#words = message.engine;
        break;
      case "begun":
        this.#refuse("");
        this.#steps = message.config.steps;
        this.#curves.clear();
        this.#drawn(message.metrics, message.config.logEvery);
        this.#tell(message.standing, 0);
        if (this.#goOn) this.#ask({ kind: "train" });
        break;
      case "went":
        for (const [step, losses] of message.losses) this.#curves.add(step, losses);
        this.#tell(message.standing, message.stepsASecond);
        break;
      case "network":
        this.#look(message.network);
        break;
      case "saved":
        offer(`${message.name}.zip`, message.zip);
        break;
      case "refused":
      case "failed":
        this.#refuse(message.sentence);
        this.#showRunning(false);
        break;
    }
  }

  /** Draws the curves of a run that was loaded. */
  #drawn(metrics: string, logEvery: number): void {
    let before = 0;
    for (const line of parseMetrics(metrics, METRICS_FILE)) {
      this.#curves.add(line.step, line, Math.min(logEvery, line.step - before));
      before = line.step;
    }
  }

  #tell({ step, attempt, attemptStep, running, done }: Standing, stepsASecond: number): void {
    const count = (n: number): string => n.toLocaleString("en");
    const where = `Step ${count(attemptStep)} of ${count(this.#steps)}${attempt === 0 ? "" : ` of attempt ${attempt + 1}, ${count(step)} steps in all`}.`;
    const state = done
      ? "The training is done."
      : running
        ? `${stepsASecond.toPrecision(2)} steps a second.`
        : "Paused.";
    say(byId("standing", HTMLElement), `${where} ${state} Engine: ${this.#words}.`);
    if (running !== this.#running) announce(`${where} ${running ? "Training." : state}`);
    this.#showRunning(running);
    for (const id of ["train", "step"]) byId(id, HTMLButtonElement).disabled = done;
    byId("save", HTMLButtonElement).disabled = false;
  }

  #showRunning(running: boolean): void {
    this.#running = running;
    byId("train", HTMLElement).textContent = running ? "Pause" : "Train";
  }
}

/** The files of a folder that was chosen, by path. Files of other folders than a run's are left out. */
async function folderOf(chosen: File[]): Promise<RunFiles> {
  const wanted = chosen.filter(({ name }) => /\.(json|jsonl|safetensors)$/.test(name));
  const size = wanted.reduce((sum, file) => sum + file.size, 0);
  requireModest(wanted.length, size, chosen[0]!.webkitRelativePath.split("/")[0]!);
  const read = async (file: File): Promise<[string, Uint8Array]> => [
    file.webkitRelativePath || file.name,
    new Uint8Array(await file.arrayBuffer()),
  ];
  return new Map(await Promise.all(wanted.map(read)));
}

/** Has the browser save a file. */
function offer(name: string, bytes: Uint8Array): void {
  const href = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: "application/zip" }));
  make("a", { href, download: name }).click();
  setTimeout(() => {
    URL.revokeObjectURL(href);
  }, 60_000);
}
