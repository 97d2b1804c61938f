import { lines } from "../../report/figures/lines.ts";
import { readable, rounded } from "../../report/format-number.ts";
import type { Terms } from "../../train/acceptance-criteria.ts";
import { Curve } from "../curve.ts";
import { make } from "./dom.ts";

/** The losses, in words: the page of the specification says more. */
const LOSSES: { term: keyof Terms; name: string; words: string; where: string }[] = [
  {
    term: "sep",
    name: "Separation",
    words: "Places farther apart than σx shall have different states. This is the mean likeness of their states.",
    where: "L1",
  },
  {
    term: "inv",
    name: "Path invariance",
    words: "Paths that end at one place shall end in one state. This is the mean squared distance of such states.",
    where: "L2",
  },
  {
    term: "cap",
    name: "Capacity",
    words: "States shall keep close together, and leave room. This is minus the squared length of their mean.",
    where: "L3",
  },
  {
    term: "con",
    name: "Conformal isometry",
    words: "Equal steps shall move the state equally far. This is the variance of its way for each metre.",
    where: "L4",
  },
];

/** The four losses as curves, each with its words and its present value. */
export class Curves {
  readonly #parts = LOSSES.map((loss) => ({ ...loss, curve: new Curve(), value: make("span"), plot: make("div") }));
  #changed = false;

  constructor(place: HTMLElement) {
    for (const { name, words, where, value, plot } of this.#parts) {
      const link = make("a", { href: "spec/losses.md" }, where);
      place.append(
        make(
          "div",
          { className: "curve" },
          make("h3", {}, `${name} `, value),
          make("p", {}, `${words} (`, link, ")"),
          plot,
        ),
      );
    }
    setInterval(() => {
      this.#draw();
    }, 400);
  }

  /** Forgets all curves. */
  clear(): void {
    for (const part of this.#parts) {
      part.curve = new Curve();
      part.value.textContent = "";
    }
    this.#changed = true;
  }

  /** Adds the mean losses of `steps` steps, the last of which is `last`. */
  add(last: number, losses: Terms, steps = 1): void {
    for (const { term, curve, value } of this.#parts) {
      curve.add(last, losses[term], steps);
      value.textContent = readable(rounded(losses[term]));
    }
    this.#changed = true;
  }

  #draw(): void {
    if (!this.#changed || document.hidden) return;
    this.#changed = false;
    for (const { name, curve, plot } of this.#parts) {
      const series = [{ label: "", points: curve.points }];
      const about = { id: "", caption: "", model: "", seed: null, command: "" };
      plot.innerHTML = lines({ ...about, kind: "lines", xLabel: "step", yLabel: `${name.toLowerCase()} loss`, series }).markup; // prettier-ignore
    }
  }
}
