import type { ArenaView, Footing, Grid, Point } from "../messages.ts";
import { paint } from "./map-canvas.ts";

/** Sides of the canvas and of the arena in it, and where the arena begins, in CSS pixels. */
const SIZE = 500;
const LEFT = 46;
const TOP = 8;
const SIDE = SIZE - LEFT - 8;

/** Steps of the trail that are shown. */
const TRAIL = 400;

/** A unit fires, for the picture, where its activity is above this share of the highest rate in its map. */
const FIRING = 0.5;

/** Walls, box and animal stand out from every colour of a map: light with a dark rim. */
const LIGHT = "#fff";
const DARK = "#111";
const FIRED = "#ff5a36";

/** The arena from above: a unit's rate map, the animal with its trail, and the place decoded from the network's state. */
export class ArenaCanvas {
  readonly #canvas: HTMLCanvasElement;
  readonly #map = document.createElement("canvas");
  #view: ArenaView | undefined;
  #unit = 0;
  #highest = 0;
  #trail: Footing[] = [];

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    const scale = Math.max(1, Math.min(2, devicePixelRatio));
    canvas.width = canvas.height = SIZE * scale;
    canvas.getContext("2d")!.scale(scale, scale);
  }

  enter(view: ArenaView): void {
    this.#view = view;
    this.#trail = [];
  }

  /** Shows the rate map of a unit. */
  show(unit: number): void {
    const view = this.#view!;
    const area = view.bins ** 2;
    const map: Grid = Float64Array.from({ length: area }, (_, bin) => view.maps[unit * area + bin]!);
    this.#unit = unit;
    this.#highest = map.reduce((most, rate) => (rate > most ? rate : most), 0);
    paint(this.#map, "rates", map);
    this.draw();
  }

  /** Moves the animal; `anew` forgets its trail. */
  stand(footing: Footing, anew: boolean): void {
    if (anew) this.#trail = [];
    this.#trail.push(footing);
    if (this.#trail.length > TRAIL) this.#trail.shift();
    this.draw();
  }

  /** The place in the arena, in metres, that a pointer points to. */
  placeOf({ clientX, clientY }: MouseEvent): Point {
    const { left, top, width } = this.#canvas.getBoundingClientRect();
    const { box } = this.#view!;
    const metres = (pixels: number, from: number): number => (((pixels * SIZE) / width - from) / SIDE - 0.5) * box;
    return [metres(clientX - left, LEFT), -metres(clientY - top, TOP)];
  }

  draw(): void {
    const view = this.#view;
    if (view === undefined) return;
    const context = this.#canvas.getContext("2d")!;
    const { box, trained } = view;
    const at = ([x, y]: Point): Point => [LEFT + (x / box + 0.5) * SIDE, TOP + (0.5 - y / box) * SIDE];
    context.clearRect(0, 0, SIZE, SIZE);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.#map, LEFT, TOP, SIDE, SIDE);
    drawAxes(context, box, at);

    const [left, top] = at([-trained / 2, trained / 2]);
    const side = (trained / box) * SIDE;
    for (const [colour, dash] of [
      [DARK, []],
      [LIGHT, [6, 5]],
    ] as const) {
      context.strokeStyle = colour;
      context.setLineDash(dash);
      context.strokeRect(left, top, side, side);
    }
    context.setLineDash([]);

    const places = this.#trail.map(({ place }) => at(place));
    for (const [colour, width] of [
      [DARK, 3.5],
      [LIGHT, 1.5],
    ] as const)
      line(context, places, colour, width);
    this.#trail.forEach(({ state }, i) => {
      if (state[this.#unit]! > FIRING * this.#highest) disc(context, places[i]!, 3, FIRED);
    });
    const last = this.#trail.at(-1);
    if (last === undefined) return;
    if (last.decoded !== undefined) cross(context, at(last.decoded));
    disc(context, at(last.place), 8, LIGHT);
    disc(context, at(last.place), 3, DARK);
  }
}

/** Metres along both sides. */
function drawAxes(context: CanvasRenderingContext2D, box: number, at: (place: Point) => Point): void {
  const ink = getComputedStyle(document.body).color;
  context.fillStyle = ink;
  context.strokeStyle = ink;
  context.lineWidth = 1;
  context.font = "12px system-ui, sans-serif";
  const every = box > 5 ? 2 : 1;
  for (let tick = -Math.floor(box / 2 / every) * every; tick <= box / 2; tick += every) {
    const text = String(tick).replace("-", "−");
    const [x, bottom] = at([tick, -box / 2]);
    const [left, y] = at([-box / 2, tick]);
    context.textAlign = "center";
    context.fillText(text, x, bottom + 18);
    context.textAlign = "right";
    context.fillText(text, left - 8, y + 4);
    line(context, [[x, bottom], [x, bottom + 5]], ink, 1); // prettier-ignore
    line(context, [[left - 5, y], [left, y]], ink, 1); // prettier-ignore
  }
  const [middle, bottom] = at([0, -box / 2]);
  context.textAlign = "center";
  context.fillText("x (m)", middle, bottom + 34);
  context.save();
  context.translate(12, at([0, 0])[1]);
  context.rotate(-Math.PI / 2);
  context.fillText("y (m)", 0, 0);
  context.restore();
}

function line(context: CanvasRenderingContext2D, points: readonly Point[], colour: string, width: number): void {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.stroke();
}

function disc(context: CanvasRenderingContext2D, [x, y]: Point, radius: number, colour: string): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
  context.strokeStyle = DARK;
  context.lineWidth = 1;
  context.stroke();
}

function cross(context: CanvasRenderingContext2D, [x, y]: Point): void {
  const arms: Point[][] = [[[x - 8, y - 8], [x + 8, y + 8]], [[x - 8, y + 8], [x + 8, y - 8]]]; // prettier-ignore
  for (const [colour, width] of [
    [DARK, 6],
    [LIGHT, 3],
  ] as const)
    for (const arm of arms) line(context, arm, colour, width);
}
