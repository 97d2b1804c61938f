import * as Plot from "@observablehq/plot";
import type { FigureOf } from "../../claims/claim.ts";
import { seriesStyle } from "../colours.ts";
import { html, type Html } from "../html.ts";
import { HEIGHT, legend, plot, WIDTH } from "../plot.ts";
import { squareDomain } from "../square-domain.ts";
import { thinned } from "../thinned.ts";

/** The number of dots of all series together. More could not be told apart. */
const MOST = 4000;

/** With at most this number of points the dots are larger. */
const FEW = 300;

/** The height of a plot with equal scales, which is as high as it is wide. */
const SQUARE = WIDTH;

/** A dot for each point, in a square frame with equal scales where the figure asks for it. */
export function scatter({ xLabel, yLabel, square, series }: FigureOf<"scatter">): Html {
  const counts = series.map(({ label, points }) => `${label} ${points.length} points`);
  const all = series.flatMap(({ points }) => points);
  const drawn = plot(`Scatter plot of ${yLabel} against ${xLabel}: ${counts.join(", ")}`, {
    height: square ? SQUARE : HEIGHT,
    inset: square ? 0 : 5,
    x: { label: xLabel, nice: !square, ...(square ? { domain: squareDomain(all, 0) } : {}) },
    y: { label: yLabel, nice: !square, ...(square ? { domain: squareDomain(all, 1) } : {}) },
    marks: [
      Plot.frame({ strokeOpacity: 0.3 }),
      ...series.map(({ points }, place) => {
        const { colour, symbol } = seriesStyle(place);
        return Plot.dot(thinned(points, MOST / series.length), {
          symbol,
          r: all.length > FEW ? 2.2 : 3,
          fill: colour,
          fillOpacity: 0.75,
        });
      }),
    ],
  });
  const left = series.some(({ points }) => points.length > MOST / series.length);
  return html`${legend(
    series.map(({ label }) => label),
    "dot",
  )}${drawn}${left ? html`<p class="note">At most ${MOST} points are drawn, evenly taken; all are in claims.json.</p>` : []}`;
}
