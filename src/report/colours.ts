import * as Plot from "@observablehq/plot";
import type { Colour } from "../measure/canvas.ts";

/** Series take these custom properties of page.css in turn, which has a light and a dark set that colour-blind people tell apart. */
export const SERIES_COLOURS = 7;

const SYMBOLS = ["circle", "triangle", "square", "diamond", "cross", "star", "wye"] as const;

/** Dashes of lines, in SVG's notation: the eighth series repeats the first colour, but dashed. */
const DASHES = ["none", "5,3", "1.5,2.5"];

/** How a series is drawn. Symbol and dash repeat what the colour says. */
export interface SeriesStyle {
  colour: string;
  symbol: (typeof SYMBOLS)[number];
  dash: string;
}

/** The style of the series at a place, counted from 0. */
export function seriesStyle(place: number): SeriesStyle {
  const turn = place % SERIES_COLOURS;
  return {
    colour: `var(--series-${turn + 1})`,
    symbol: SYMBOLS[turn]!,
    dash: DASHES[Math.floor(place / SERIES_COLOURS) % DASHES.length]!,
  };
}

/** Few enough colours for small pictures. */
const STEPS = 64;

/** Grey: nothing is known here. */
export const UNKNOWN: Colour = [150, 150, 150];

/** Viridis, from dark blue to yellow: lightness grows evenly, so that it reads in grey and to colour-blind eyes. */
const VIRIDIS = table(Plot.scale({ color: { type: "linear", scheme: "viridis", domain: [0, 1] } }));

/** A cycle of four colours of middling lightness, for phases: 0 and 1 are the same. */
const CYCLE = table(
  Plot.scale({
    color: {
      type: "linear",
      domain: [0, 0.25, 0.5, 0.75, 1],
      range: ["#d69a2d", "#45a0cf", "#4f55b5", "#b2457c", "#d69a2d"],
    },
  }),
);

function table(scale: Plot.Scale): Colour[] {
  return Array.from({ length: STEPS + 1 }, (_, step) => channels(String(scale.apply(step / STEPS))));
}

/** Red, green and blue of "#rrggbb" or "rgb(r, g, b)". */
function channels(css: string): Colour {
  const hex = /^#(..)(..)(..)$/.exec(css);
  const [, red, green, blue] = hex ?? /^rgb\((\d+), (\d+), (\d+)\)$/.exec(css)!;
  const read = (text: string | undefined): number => parseInt(text!, hex ? 16 : 10);
  return [read(red), read(green), read(blue)];
}

function step(share: number): number {
  return Math.round(Math.max(0, Math.min(1, share)) * STEPS);
}

/** The colour of a share from 0 to 1; shares beyond take the nearest. */
export function sequential(share: number): Colour {
  return VIRIDIS[step(share)]!;
}

/** The colour of a phase, as CSS; phases count modulo 1. */
export function cyclic(phase: number): string {
  return `#${CYCLE[step(phase - Math.floor(phase))]!.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}
