import * as Plot from "@observablehq/plot";
import type { FigureOf } from "../../claims/claim.ts";
import { seriesStyle } from "../colours.ts";
import type { Html } from "../html.ts";
import { plot } from "../plot.ts";

/** The number of bars that span the values, approximately. */
const BARS = 20;

/** Widths that a bar may have, times a power of ten. */
const ROUND = [1, 2, 2.5, 5, 10];

/** Heights in CSS pixels: of the panel of a series, and of the axis. */
const PANEL = 74;
const REST = 62;

/** A panel for each series above one axis. The bars have the same edges in all panels. */
export function histogram({ xLabel, series }: FigureOf<"histogram">): Html {
  const labels = series.map(({ label }) => label);
  const name = `Histogram of ${xLabel}: ${series.map(({ label, values }) => `${label} ${values.length} values`).join(", ")}`;
  const thresholds = edges(series.flatMap(({ values }) => values));
  const domain: [number, number] = [thresholds[0]!, thresholds.at(-1)!];
  return plot(name, {
    height: REST + PANEL * Math.max(1, series.length),
    x: { domain, label: xLabel },
    y: { label: "count", ticks: 3, tickFormat: whole, insetTop: 16, labelAnchor: "top" },
    fy: { domain: labels, axis: null, padding: 0.12 },
    marks: [
      ...series.map(({ label, values }, place) => {
        const bars: Plot.BinXInputs<Plot.RectYOptions> = {
          x: (value: number) => value,
          fy: () => label,
          domain,
          thresholds,
          inset: 0.5,
          fill: seriesStyle(place).colour,
        };
        return Plot.rectY(values, Plot.binX({ y: "count" }, bars));
      }),
      Plot.ruleY([0], { stroke: "currentColor" }),
      Plot.text(labels, {
        fy: (label: string) => label,
        text: (label: string) => label,
        frameAnchor: "top-left",
        dx: 4,
      }),
    ],
  });
}

/** The label of a tick at a count. There is none between counts. */
function whole(count: number): string {
  return Number.isInteger(count) ? String(count) : "";
}

/**
 * Edges of bars of equal width, at round numbers. Every value is in one bar, which contains its lower edge but not its
 * upper edge.
 */
function edges(values: readonly number[]): number[] {
  const low = values.reduce((p, q) => Math.min(p, q));
  const high = values.reduce((p, q) => Math.max(p, q));
  const width = (high - low || Math.abs(low) || 1) / BARS;
  const power = 10 ** Math.floor(Math.log10(width));
  const step = power * ROUND.find((factor) => factor * power >= width)!;
  const first = Math.floor(low / step);
  const last = Math.floor(high / step + 1e-9) + 1;
  return Array.from({ length: last - first + 1 }, (_, k) => (first + k) * step);
}
