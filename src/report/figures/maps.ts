import type { SmallMap } from "../../claims/claim.ts";
import type { FigureOf } from "../figure.ts";
import { html, type Html } from "../html.ts";
import { readable } from "../format-number.ts";
import { range, raster } from "../raster.ts";
import { scaleBar } from "./scale-bar.ts";

/** Colours of autocorrelograms run between these correlations. */
const LOWEST = -0.5;
const HIGHEST = 1;

/** Rates are never negative, the correlations of an autocorrelogram are somewhere. */
function isAutocorrelogram(map: SmallMap): boolean {
  return range(map)[0] < 0;
}

/** Rows of small maps: each rate map on a scale of its own, all autocorrelograms on one. */
export function maps({ box, rows }: FigureOf<"maps">): Html {
  const all = rows.flatMap((row) => row.maps);
  const correlograms = all.filter(isAutocorrelogram).length;
  const ratesNote =
    correlograms < all.length
      ? html`Rate maps of a box of ${readable(box)} m, ${scaleBar("0", "each map's highest rate")}.`
      : [];
  const correlogramsNote =
    correlograms > 0 ? html`Autocorrelograms, ${scaleBar(readable(LOWEST), readable(HIGHEST))}.` : [];
  return html`<div class="rows">
      ${rows.map(
        (row) =>
          html`<div class="row">
            <p class="row-label">${row.label}</p>
            <ul class="tiles">
              ${row.maps.map((map) => tile(map, row.label))}
            </ul>
          </div>`,
      )}
    </div>
    <p class="note">${ratesNote} ${correlogramsNote} Grey: not known.</p>`;
}

function tile(map: SmallMap, row: string): Html {
  const correlogram = isAutocorrelogram(map);
  const picture = correlogram ? raster(map, LOWEST, HIGHEST) : raster(map, 0, range(map)[1]);
  return html`<li>
    <img src="${picture}" alt="${correlogram ? "Autocorrelogram" : "Rate map"}: ${row}, ${map.label}" />
    <span>${map.label}</span>
  </li>`;
}
