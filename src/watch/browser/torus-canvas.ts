import { cyclic } from "../../report/colours.ts";
import { turnedByHand } from "../../report/browser/turning.ts";
import { seen, type Turn } from "../../report/rotation.ts";
import type { TorusPoint } from "../messages.ts";

/** Side of the canvas in CSS pixels, and the reach of a torus in its own units. */
const SIZE = 300;
const REACH = 1.5;

/** States shown, and states of the trail. */
const STATES = 900;
const TRAIL = 15;

/** The states of a module's units as dots in space, with the present state and where it came from. It turns under the pointer and the arrow keys. */
export class TorusCanvas {
  readonly #canvas: HTMLCanvasElement;
  readonly #turn: Readonly<Turn>;
  #states: TorusPoint[] = [];
  #trail: TorusPoint[] = [];

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    const scale = Math.max(1, Math.min(2, devicePixelRatio));
    canvas.width = canvas.height = SIZE * scale;
    canvas.getContext("2d")!.scale(scale, scale);
    this.#turn = turnedByHand(canvas, () => {
      this.#draw();
    });
  }

  /** Shows another torus, none where there are no states. */
  show(states: readonly TorusPoint[]): void {
    const stride = Math.max(1, Math.ceil(states.length / STATES));
    this.#states = states.filter((_, i) => i % stride === 0);
    this.#trail = [];
    this.#draw();
  }

  stand(state: TorusPoint | undefined): void {
    if (state !== undefined) this.#trail.push(state);
    if (this.#trail.length > TRAIL) this.#trail.shift();
    this.#draw();
  }

  #draw(): void {
    const context = this.#canvas.getContext("2d")!;
    context.clearRect(0, 0, SIZE, SIZE);
    const dots = [
      ...this.#states.map((one) => ({ ...one, radius: 2.2 })),
      ...this.#trail.map((one, i) => ({ ...one, radius: i < this.#trail.length - 1 ? 3 : 9 })),
    ].map(({ point, phase, radius }) => ({ ...seen(point, this.#turn), phase, radius }));
    const own = dots.splice(this.#states.length);
    const ink = getComputedStyle(document.body).color;
    for (const { x, y, phase, radius } of [...dots.sort((p, q) => p.depth - q.depth), ...own]) {
      context.beginPath();
      context.arc(SIZE / 2 + (x / REACH) * (SIZE / 2), SIZE / 2 + (y / REACH) * (SIZE / 2), radius, 0, 2 * Math.PI);
      context.fillStyle = cyclic(phase);
      context.fill();
      if (radius < 3) continue;
      context.strokeStyle = ink;
      context.stroke();
    }
  }
}
