import type { Figure } from "../claims/claim.ts";
import { barcode } from "./figures/barcode.ts";
import { cloud } from "./figures/cloud.ts";
import { histogram } from "./figures/histogram.ts";
import { image } from "./figures/image.ts";
import { lines } from "./figures/lines.ts";
import { maps } from "./figures/maps.ts";
import { scatter } from "./figures/scatter.ts";
import { html, type Html } from "./html.ts";

function drawing(figure: Figure): Html {
  switch (figure.kind) {
    case "maps":
      return maps(figure);
    case "histogram":
      return histogram(figure);
    case "scatter":
      return scatter(figure);
    case "lines":
      return lines(figure);
    case "image":
      return image(figure);
    case "cloud":
      return cloud(figure);
    case "barcode":
      return barcode(figure);
  }
}

/**
 * What an empty figure lacks, for example if an untrained network has no modules. It is undefined if the figure has
 * something to draw.
 */
function lacking(figure: Figure): string | undefined {
  switch (figure.kind) {
    case "maps":
      return figure.rows.some(({ maps }) => maps.length > 0) ? undefined : "maps";
    case "histogram":
      return figure.series.some(({ values }) => values.length > 0) ? undefined : "values";
    case "image":
      return figure.values.some((value) => value !== null) ? undefined : "values";
    case "cloud":
      return figure.points.length > 0 ? undefined : "points";
    case "barcode":
      return figure.series.some(({ bars }) => bars.length > 0) ? undefined : "bars";
    case "scatter":
    case "lines":
      return figure.series.some(({ points }) => points.length > 0) ? undefined : "points";
  }
}

/** A figure with its caption, and with the model, seed and command that made it. */
export function figureHtml(figure: Figure): Html {
  const { id, kind, caption, model, seed, command } = figure;
  const nothing = lacking(figure);
  return html`<figure id="${id}" class="figure ${kind}">
    ${nothing === undefined ? drawing(figure) : html`<p class="nothing">Nothing to draw: there are no ${nothing}.</p>`}
    <figcaption>
      <p>${caption}</p>
      <p class="made">model ${model}, ${seed === null ? "no single seed" : `seed ${seed}`}: <code>${command}</code></p>
    </figcaption>
  </figure>`;
}
