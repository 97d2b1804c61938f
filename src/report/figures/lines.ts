import * as Plot from "@observablehq/plot";
import type { FigureOf } from "../../claims/claim.ts";
import { seriesStyle } from "../colours.ts";
import { html, type Html } from "../html.ts";
import { legend, plot, WIDTH } from "../plot.ts";
import { squareDomain } from "../square-domain.ts";
import { thinned } from "../thinned.ts";

/** The number of points that are drawn of a line. A plot has fewer pixels across. */
const MOST = 1000;

/** A line with at most this number of points shows them as dots. */
const FEW = 20;

/** A line for each series, with upright marks at named places. The y axis is logarithmic, or the frame square, where the figure asks for it. */
export function lines({ xLabel, yLabel, log, square, marks = [], series }: FigureOf<"lines">): Html {
  const points = series.flatMap((one) => one.points);
  const across = points.map(([x]) => x);
  const all = [...across, ...marks.map(({ x }) => x)];
  const centre = (all.reduce((p, q) => Math.min(p, q), Infinity) + all.reduce((p, q) => Math.max(p, q), -Infinity)) / 2;
  const names = series.map(({ label }) => label).filter((name) => name !== "");
  const label = `Lines of ${yLabel} against ${xLabel}${names.length === 0 ? "" : `: ${names.join(", ")}`}`;
  const drawn = plot(marks.length === 0 ? label : `${label}; marks: ${marks.map((mark) => mark.label).join(", ")}`, {
    ...(square
      ? {
          height: WIDTH,
          x: { label: xLabel, domain: squareDomain(points, 0) },
          y: { label: yLabel, domain: squareDomain(points, 1) },
        }
      : {
          x: { label: xLabel },
          y: { label: yLabel, grid: true, ...(log ? { type: "log", tickFormat: "~g" } : { nice: true }) },
        }),
    marks: [
      Plot.frame({ strokeOpacity: 0.3 }),
      ...marks.map(({ x }) => Plot.ruleX([x], { stroke: "currentColor", strokeDasharray: "3,3", strokeOpacity: 0.7 })),
      ...series.flatMap(({ points }, place) => {
        const { colour, symbol, dash } = seriesStyle(place);
        const shown = thinned(
          points.filter(([, y]) => !log || y > 0),
          MOST,
        );
        const dots = points.length > FEW ? [] : shown;
        return [
          Plot.line(shown, { stroke: colour, strokeDasharray: dash, strokeWidth: 1.5 }),
          Plot.dot(dots, { symbol, fill: colour, r: 2.5 }),
        ];
      }),
      ...marks.map(({ x, label }, place) =>
        Plot.text([label], {
          x: () => x,
          text: (text: string) => text,
          frameAnchor: "top",
          textAnchor: x > centre ? "end" : "start",
          dx: x > centre ? -4 : 4,
          dy: 4 + 13 * place,
          stroke: "var(--paper)",
          fill: "currentColor",
        }),
      ),
    ],
  });
  return html`${legend(
    series.map(({ label }) => label),
    "line",
  )}${drawn}`;
}
