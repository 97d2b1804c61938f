import * as Plot from "@observablehq/plot";
import type { FigureOf } from "../../claims/claim.ts";
import { html, type Html } from "../html.ts";
import { readable } from "../format-number.ts";
import { plot } from "../plot.ts";
import { rangeOf } from "../map-scale.ts";
import { raster } from "../raster.ts";
import { scaleBar } from "./scale-bar.ts";

/** Side of the picture within its frame, and the space for the axes, in CSS pixels. */
const SIDE = 200;
const MARGIN = { marginTop: 26, marginRight: 14, marginBottom: 34, marginLeft: 44 };

/** A grid of numbers as a picture with axes. */
export function image(figure: FigureOf<"image">): Html {
  const { extent, xLabel, yLabel } = figure;
  const [low, high] = rangeOf(figure.values);
  const domain = [-extent, extent];
  const drawn = plot(`Picture over ${xLabel} and ${yLabel}, each from ${readable(-extent)} to ${readable(extent)}`, {
    ...MARGIN,
    width: SIDE + MARGIN.marginLeft + MARGIN.marginRight,
    height: SIDE + MARGIN.marginTop + MARGIN.marginBottom,
    x: { domain, label: xLabel, ticks: 5 },
    y: { domain, label: yLabel, ticks: 5 },
    marks: [
      Plot.image([0], {
        x: 0,
        y: 0,
        src: () => raster(figure, [low, high]),
        width: SIDE,
        height: SIDE,
        imageRendering: "pixelated",
      }),
      Plot.frame({ strokeOpacity: 0.3 }),
    ],
  });
  return html`${drawn}${scaleBar(readable(low), readable(high))}`;
}
