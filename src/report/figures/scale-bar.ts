import { html, type Html } from "../html.ts";
import { colourBar } from "../raster.ts";

/** The colours between what they stand for at either end. */
export function scaleBar(low: string, high: string): Html {
  return html`<span class="scale">${low} <img src="${colourBar()}" alt="from dark blue to yellow" /> ${high}</span>`;
}
