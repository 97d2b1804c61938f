import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { seriesStyle } from "./colours.ts";
import { Html, html } from "./html.ts";

const { document } = parseHTML("<!doctype html><html><body></body></html>");

/**
 * Width and height of a plot, in CSS pixels. Two or three plots stand beside each other on a screen, and one on a
 * phone.
 */
export const WIDTH = 350;
export const HEIGHT = 230;

/** Space for the axes. It is equal in both directions, so that a square plot has a square frame. */
const MARGINS = { marginTop: 26, marginBottom: 34, marginLeft: 42, marginRight: 18 };

/** Attributes that hold lengths. They are rounded to hundredths of a pixel. */
const LENGTHS = ["d", "transform", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height", "points"];

/** A plot by Observable Plot as SVG, which needs no script. `label` describes it to people who cannot see it. */
export function plot(label: string, options: Plot.PlotOptions): Html {
  const drawn = Plot.plot({ document, width: WIDTH, height: HEIGHT, ...MARGINS, ...options });
  drawn.querySelector("style")?.remove();
  drawn.setAttribute("class", "plot");
  drawn.setAttribute("role", "img");
  drawn.setAttribute("aria-label", label);
  for (const element of drawn.querySelectorAll("*"))
    for (const name of LENGTHS) {
      const value = element.getAttribute(name);
      if (value !== null)
        element.setAttribute(
          name,
          value.replace(/-?\d+\.\d{3,}/g, (n) => String(+(+n).toFixed(2))),
        );
    }
  return new Html(drawn.outerHTML);
}

/** A list of the series with their colours or symbols. It is empty for a single series without a label. */
export function legend(labels: readonly string[], shape: "line" | "dot" | "bar"): Html {
  if (labels.length < 2 && (labels[0] ?? "") === "") return html``;
  const items = labels.map((label, place) => html`<li>${swatch(place, shape)}${label}</li>`);
  return html`<ul class="legend">
    ${items}
  </ul>`;
}

/** A sample of how a series is drawn. */
function swatch(place: number, shape: "line" | "dot" | "bar"): Html {
  const { colour, symbol, dash } = seriesStyle(place);
  const across: [number, number][] = [
    [0, 0.5],
    [1, 0.5],
  ];
  const marks = {
    line: () => Plot.line(across, { stroke: colour, strokeDasharray: dash, strokeWidth: 2 }),
    dot: () => Plot.dot([[0.5, 0.5]], { symbol, fill: colour, r: 4 }),
    bar: () => Plot.line(across, { stroke: colour, strokeWidth: 6 }),
  };
  const scales: Plot.PlotOptions = { axis: null, x: { domain: [0, 1] }, y: { domain: [0, 1] } };
  const size = { width: shape === "dot" ? 12 : 22, height: 12, margin: 1 };
  const drawn = Plot.plot({ document, ...size, ...scales, marks: [marks[shape]()] });
  drawn.querySelector("style")?.remove();
  drawn.setAttribute("class", "swatch");
  drawn.setAttribute("aria-hidden", "true");
  return new Html(drawn.outerHTML);
}
