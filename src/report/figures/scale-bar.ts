import { html, type Html } from "../html.ts";
import { colourBar } from "../raster.ts";

/** The colours from low to high, between the values at both ends. */
export function scaleBar(low: string, high: string): Html {
  return html`<span class="scale">${low} <img src="${colourBar()}" alt="from dark blue to yellow" /> ${high}</span>`;
}
