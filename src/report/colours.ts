import * as Plot from "@observablehq/plot";

/** Red, green and blue, 0 to 255 each. */
export type Colour = readonly [number, number, number];

/**
 * The number of series with colours of their own, which are custom properties of page.css. It has a light and a dark
 * set of them, which colour-blind people can tell apart.
 */
const SERIES_COLOURS = 7;

const SYMBOLS = ["circle", "triangle", "square", "diamond", "cross", "star", "wye"] as const;

/** Dashes of lines, in SVG's notation. The eighth series repeats the first colour, but dashed. */
const DASHES = ["none", "5,3", "1.5,2.5"];

/** How a series is drawn. Its symbol and its dash tell it apart where colours cannot be seen. */
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

/** The number of colours of a map. It is small, so that pictures are small. */
const STEPS = 64;

/** The grey of places without a value. */
export const UNKNOWN: Colour = [150, 150, 150];

/**
 * The colours of all maps: viridis, from dark blue to yellow. Its lightness grows evenly, so that it can be read in
 * grey and by colour-blind people.
 */
const VIRIDIS = table(Plot.scale({ color: { type: "linear", scheme: "viridis", domain: [0, 1] } }));

/** A cycle of four colours of middling lightness for phases, where 0 and 1 are the same. */
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

/** The colour of a share from 0 to 1. Shares beyond take the nearest. */
export function sequential(share: number): Colour {
  return VIRIDIS[step(share)]!;
}

/** The colour of a phase, as CSS. Phases count modulo 1. */
export function cyclic(phase: number): string {
  return `#${CYCLE[step(phase - Math.floor(phase))]!.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}
