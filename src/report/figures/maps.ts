import type { SmallMap } from "../../claims/claim.ts";
import type { FigureOf } from "../figure.ts";
import { html, type Html } from "../html.ts";
import { readable } from "../number.ts";
import { range, raster } from "../raster.ts";
import { scaleBar } from "./scale-bar.ts";

/** Colours of autocorrelograms run between these correlations. */
const LOWEST = -0.5;
const HIGHEST = 1;

/** Rows of small maps. One as fine as the box's bins is a rate map, on a scale of its own; another size is an autocorrelogram. */
export function maps({ bins, box, rows }: FigureOf<"maps">): Html {
  const sizes = rows.flatMap((row) => row.maps.map(({ size }) => size));
  const rates = sizes.includes(bins)
    ? html`Rate maps of a box of ${readable(box)} m, ${scaleBar("0", "each map's highest rate")}.`
    : [];
  const correlograms = sizes.some((size) => size !== bins)
    ? html`Autocorrelograms, ${scaleBar(readable(LOWEST), readable(HIGHEST))}.`
    : [];
  return html`${rows.map(
      (row) =>
        html`<div class="row">
          <p class="row-label">${row.label}</p>
          <ul class="tiles">
            ${row.maps.map((map) => tile(map, row.label, bins))}
          </ul>
        </div>`,
    )}
    <p class="note">${rates} ${correlograms} Grey: not known.</p>`;
}

function tile(map: SmallMap, row: string, bins: number): Html {
  const isRate = map.size === bins;
  const [low, high] = range(map);
  const picture = isRate ? raster(map, Math.min(0, low), high) : raster(map, LOWEST, HIGHEST);
  return html`<li>
    <img src="${picture}" alt="${isRate ? "Rate map" : "Autocorrelogram"}: ${row}, ${map.label}" />
    <span>${map.label}</span>
  </li>`;
}
