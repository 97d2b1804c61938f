import type { FigureOf, SmallMap } from "../../claims/claim.ts";
import { readable } from "../format-number.ts";
import { html, type Html } from "../html.ts";
import { CORRELATIONS, mapScale } from "../map-scale.ts";
import { raster } from "../raster.ts";
import { scaleBar } from "./scale-bar.ts";

/** Rows of small maps. Each rate map has a scale of its own, and all autocorrelograms have one. */
export function maps({ box, rows }: FigureOf<"maps">): Html {
  const all = rows.flatMap((row) => row.maps);
  const has = (kind: SmallMap["kind"]): boolean => all.some((map) => map.kind === kind);
  const ratesNote = has("rates")
    ? html`Rate maps of a box of ${readable(box)} m, ${scaleBar("0", "each map's highest rate")}.`
    : [];
  const correlogramsNote = has("autocorrelogram")
    ? html`Autocorrelograms, ${scaleBar(readable(CORRELATIONS[0]), readable(CORRELATIONS[1]))}.`
    : [];
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
    <p class="note">${ratesNote} ${correlogramsNote} Grey is unvisited or undefined.</p>`;
}

const NAMES: Record<SmallMap["kind"], string> = { rates: "Rate map", autocorrelogram: "Autocorrelogram" };

function tile(map: SmallMap, row: string): Html {
  const { kind, label, values } = map;
  return html`<li>
    <img src="${raster(map, mapScale(kind, values))}" alt="${NAMES[kind]}: ${row}, ${label}" />
    <span>${label}</span>
  </li>`;
}
