import { sequential } from "../../report/colours.ts";
import { walk, type WalkStep } from "../../measure/walk.ts";
import type { ArenaView, EngineChoice, Footing, FromWalker, Network, Point, ToWalker } from "../messages.ts";
import { ArenaCanvas } from "./arena-canvas.ts";
import { announce, byId, make, say } from "./dom.ts";
import { TorusCanvas } from "./torus-canvas.ts";

/** Milliseconds between two steps, and between two words about where the animal is. */
const BEAT = 60;
const WORD = 1000;

/** Longest step towards the pointer, as a share of the longest that was trained on. */
const PACE = 0.5;

/** Metres of a press of an arrow key. */
const PRESS = 0.1;

const ARROWS: Record<string, Point> = {
  ArrowLeft: [-PRESS, 0],
  ArrowRight: [PRESS, 0],
  ArrowUp: [0, PRESS],
  ArrowDown: [0, -PRESS],
};

/** The choice of the network that trains on this page. */
const OWN = "own";

/** The part of the page in which a network walks, and the worker behind it. */
export class WalkingPart {
  readonly #engine: EngineChoice;
  readonly #arena = new ArenaCanvas(byId("arena", HTMLCanvasElement));
  readonly #torus = new TorusCanvas(byId("torus", HTMLCanvasElement));
  #worker: Worker | undefined;
  #own: Network | undefined;
  #view: ArenaView | undefined;
  #footing: Footing | undefined;
  #cells: HTMLButtonElement[] = [];
  #highest: number[] = [];
  /** The torus that is shown. */
  #shown: number | undefined;
  /** Where the animal is to go, or the walk that it takes by itself. */
  #target: Point | undefined;
  #walk: Iterator<WalkStep> | undefined;
  #waiting = false;
  #anew = true;
  #said = 0;

  constructor(engine: EngineChoice) {
    this.#engine = engine;
    byId("enter", HTMLButtonElement).addEventListener("click", () => {
      this.#enter();
    });
    byId("origin", HTMLButtonElement).addEventListener("click", () => {
      this.#begin();
    });
    byId("roam", HTMLButtonElement).addEventListener("click", () => {
      if (this.#walk !== undefined) this.#setWalk(undefined);
      else {
        this.#begin();
        const { box, vMax } = this.#view!;
        this.#setWalk(walk({ seed: Date.now() % 2 ** 31, walkers: 1, steps: 1_000_000, box, vMax }));
      }
    });
    this.#wirePointer(byId("arena", HTMLCanvasElement));
    setInterval(() => {
      this.#go();
    }, BEAT);
  }

  /** Hears of the network that trains, so that it can walk, too. */
  offer(network: Network): void {
    this.#own = network;
  }

  #ask(message: ToWalker): void {
    this.#worker?.postMessage(message);
  }

  #enter(): void {
    if (this.#worker === undefined) {
      this.#worker = new Worker(new URL("./walker.js", import.meta.url), { type: "module" });
      this.#worker.onmessage = ({ data }: MessageEvent<FromWalker>) => {
        this.#hear(data);
      };
      this.#ask({ kind: "open", engine: this.#engine });
    }
    const name = byId("network", HTMLSelectElement).value;
    const network = name === OWN ? this.#own : name;
    if (network === undefined) return;
    this.#setWalk(undefined);
    byId("enter", HTMLButtonElement).disabled = true;
    this.#ask({ kind: "enter", network });
  }

  #begin(): void {
    this.#setWalk(undefined);
    this.#anew = true;
    this.#waiting = true;
    this.#ask({ kind: "begin" });
  }

  #setWalk(walk: Iterator<WalkStep> | undefined): void {
    this.#walk = walk;
    this.#target = undefined;
    byId("roam", HTMLButtonElement).textContent = walk === undefined ? "Walk by itself" : "Stand still";
  }

  #wirePointer(canvas: HTMLCanvasElement): void {
    const aim = (event: PointerEvent): void => {
      if (this.#view === undefined) return;
      this.#setWalk(undefined);
      this.#target = this.#arena.placeOf(event);
    };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      aim(event);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (canvas.hasPointerCapture(event.pointerId)) aim(event);
    });
    canvas.addEventListener("keydown", (event) => {
      const arrow = ARROWS[event.key];
      if (!arrow || this.#footing === undefined) return;
      event.preventDefault();
      this.#setWalk(undefined);
      const [x, y] = this.#footing.place;
      this.#target = [x + arrow[0], y + arrow[1]];
    });
  }

  /** Takes a step, if there is somewhere to go and the step before is done. */
  #go(): void {
    if (this.#waiting || this.#view === undefined || this.#footing === undefined) return;
    const way = this.#walk ? nextOf(this.#walk) : this.#towards(this.#footing.place);
    if (way === undefined) return;
    this.#waiting = true;
    this.#ask({ kind: "step", way });
  }

  #towards([x, y]: Point): Point | undefined {
    if (this.#target === undefined) return undefined;
    const way: Point = [this.#target[0] - x, this.#target[1] - y];
    const distance = Math.hypot(...way);
    const longest = PACE * this.#view!.vMax;
    if (distance <= longest) this.#target = undefined;
    if (distance < 1e-3) return undefined;
    const share = Math.min(1, longest / distance);
    return [share * way[0], share * way[1]];
  }

  #hear(message: FromWalker): void {
    const status = byId("walking-status", HTMLElement);
    switch (message.kind) {
      case "opened":
        break;
      case "measuring":
        say(status, `300 copies of the network walk through the arena: ${(100 * message.share).toFixed(0)} %.`);
        break;
      case "entered":
        this.#show(message.view);
        break;
      case "stands":
        this.#stand(message.footing);
        break;
      case "failed":
        say(status, `This network cannot walk: ${message.sentence}.`);
        byId("enter", HTMLButtonElement).disabled = false;
        break;
    }
  }

  #show(view: ArenaView): void {
    this.#view = view;
    this.#anew = true;
    this.#arena.enter(view);
    byId("enter", HTMLButtonElement).disabled = false;
    byId("ground", HTMLElement).hidden = false;
    const area = view.bins ** 2;
    this.#highest = Array.from({ length: view.units }, (_, unit) => {
      let most = 0;
      for (let bin = unit * area; bin < (unit + 1) * area; bin++) if (view.maps[bin]! > most) most = view.maps[bin]!;
      return most;
    });
    const grouped = new Set(view.modules.flatMap(({ units }) => units));
    const others = Array.from({ length: view.units }, (_, unit) => unit).filter((unit) => !grouped.has(unit));
    const groups = [...view.modules, { title: "in no module", units: others, torus: undefined }];
    this.#cells = [];
    byId("units", HTMLElement).replaceChildren(
      ...groups
        .filter(({ units }) => units.length > 0)
        .map(({ title, units, torus }) => this.#group(title, units, torus)),
    );
    this.#choose((view.modules.find(({ torus }) => torus !== undefined) ?? view.modules[0])?.units[0] ?? 0);
  }

  #group(title: string, units: number[], torus: number | undefined): HTMLElement {
    const cells = units.map((unit) => {
      const cell = make("button", { type: "button", className: "cell", textContent: String(unit) });
      cell.setAttribute("aria-label", `unit ${unit}`);
      cell.addEventListener("click", () => {
        this.#choose(unit);
      });
      cell.dataset["torus"] = torus === undefined ? "" : String(torus);
      this.#cells[unit] = cell;
      return cell;
    });
    const group = make("div", { className: "cells" }, ...cells);
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", `Units, ${title}`);
    return make("div", {}, make("h3", {}, title[0]!.toUpperCase() + title.slice(1)), group);
  }

  /** Shows the map of a unit, and the torus of its module. */
  #choose(unit: number): void {
    this.#cells.forEach((cell, other) => {
      cell.setAttribute("aria-pressed", String(other === unit));
    });
    this.#arena.show(unit);
    byId("unit", HTMLElement).textContent = `Rate map of unit ${unit}, from 0 (dark blue) to its highest rate (yellow)`;
    const torus = this.#cells[unit]!.dataset["torus"]!;
    this.#shown = torus === "" ? undefined : Number(torus);
    this.#torus.show(this.#shown === undefined ? [] : this.#view!.toruses[this.#shown]!);
    byId("no-torus", HTMLElement).hidden = this.#shown !== undefined;
    byId("torus-figure", HTMLElement).hidden = this.#shown === undefined;
  }

  #stand(footing: Footing): void {
    this.#footing = footing;
    this.#waiting = false;
    this.#arena.stand(footing, this.#anew);
    this.#anew = false;
    this.#torus.stand(this.#shown === undefined ? undefined : footing.torus[this.#shown]);
    this.#cells.forEach((cell, unit) => {
      const share = Math.min(1, Math.max(0, footing.state[unit]! / (this.#highest[unit]! || 1)));
      cell.style.backgroundColor = `rgb(${sequential(share).join(" ")})`;
      cell.style.color = share > 0.47 ? "#111" : "#fff";
    });
    const still = this.#target === undefined && this.#walk === undefined;
    if (!still && performance.now() - this.#said < WORD) return;
    this.#said = performance.now();
    const sentence = words(footing, this.#view!);
    say(byId("walking-status", HTMLElement), sentence);
    if (still) announce(sentence);
  }
}

function nextOf(walk: Iterator<WalkStep>): Point | undefined {
  const next = walk.next();
  return next.done ? undefined : [next.value.velocities[0]!, next.value.velocities[1]!];
}

function words({ place: [x, y], decoded }: Footing, { trained }: ArenaView): string {
  const metres = (n: number): string => n.toFixed(2).replace("-", "−");
  const outside = Math.max(Math.abs(x), Math.abs(y)) > trained / 2 ? ", outside the box that was trained on" : "";
  const error = decoded && Math.hypot(decoded[0] - x, decoded[1] - y);
  const found = error === undefined ? "No place can be decoded." : `The place decoded from the state is ${metres(error)} m away.`; // prettier-ignore
  return `The animal is at (${metres(x)}, ${metres(y)}) m${outside}. ${found}`;
}
