import type { FromSurveyor, Look, Network, ToSurveyor } from "../messages.ts";
import type { EngineChoice } from "../messages.ts";
import { byId, make } from "./dom.ts";
import { mapCanvas } from "./map-canvas.ts";

/** The part of the page that shows rate maps by module and the judge's verdict, and the worker behind it. */
export class Maps {
  readonly #worker = new Worker(new URL("./surveyor.js", import.meta.url), { type: "module" });
  #busy = true;
  #next: Network | undefined;

  constructor(engine: EngineChoice) {
    this.#worker.onmessage = ({ data }: MessageEvent<FromSurveyor>) => {
      this.#busy = false;
      if (data.kind === "looked") show(data.look);
      if (data.kind === "failed")
        byId("verdict", HTMLElement).textContent = `The maps could not be made: ${data.sentence}`;
      if (this.#next !== undefined) this.look(this.#next);
    };
    this.#ask({ kind: "open", engine });
  }

  /** Looks at a network as soon as the look before is over. Of several that wait the newest is taken. */
  look(network: Network): void {
    this.#next = network;
    if (this.#busy) return;
    this.#next = undefined;
    this.#busy = true;
    this.#ask({ kind: "look", network });
  }

  #ask(message: ToSurveyor): void {
    this.#worker.postMessage(message);
  }
}

function show({ step, how, verdict, table, blocks }: Look): void {
  byId("verdict", HTMLElement).textContent = `At step ${step.toLocaleString("en")}: ${verdict} (${how})`;
  byId("judgement", HTMLElement).hidden = false;
  byId("judgement", HTMLElement).querySelector("pre")!.textContent = table;
  byId("blocks", HTMLElement).replaceChildren(...blocks.map(block));
}

function block({ title, correlogram, units }: Look["blocks"][number]): HTMLElement {
  const tiles = units.map(({ unit, rates, correlogram: own }) =>
    make(
      "li",
      {},
      mapCanvas("rates", rates, `Rate map of unit ${unit}`),
      ...(own === undefined ? [] : [mapCanvas("autocorrelogram", own, `Autocorrelogram of unit ${unit}`)]),
      `unit ${unit}`,
    ),
  );
  const module = make("div", { className: "module" });
  if (correlogram !== undefined) {
    const mean = mapCanvas("autocorrelogram", correlogram, `Mean autocorrelogram of ${title}`);
    mean.classList.add("module-map");
    module.append(mean);
  }
  module.append(make("ul", { className: "tiles" }, ...tiles));
  return make("div", { className: "block" }, make("h3", {}, title[0]!.toUpperCase() + title.slice(1)), module);
}
