import { Canvas, LINE } from "./canvas.ts";
import type { Analysis } from "../measure/judge.ts";
import { mapOf } from "../measure/rate-map.ts";
import { mostTuned } from "../measure/tuning.ts";
import { CORRELATIONS, mapScale } from "./map-scale.ts";
import { moduleCaption } from "./module-caption.ts";

/** Side of a small map and the space between maps, in pixels, and the number of units that are shown of a module. */
const SIDE = 100;
const GAP = 6;
const COLUMNS = 10;

/** The number of modules that are shown. */
const ROWS = 8;

const UNITS_FROM = 2 * SIDE + 4 * GAP;
const WIDTH = UNITS_FROM + COLUMNS * (SIDE + GAP);
const BLOCK = LINE + 2 * (SIDE + GAP);

/** Paints the rate maps of some units from (x, y) on, with their autocorrelograms beneath. */
function paintUnits(
  canvas: Canvas,
  { smoothedMaps, unitCorrelograms }: Analysis,
  units: readonly number[],
  x: number,
  y: number,
): void {
  units.forEach((unit, place) => {
    const left = x + place * (SIDE + GAP);
    const map = mapOf(smoothedMaps, unit);
    canvas.grid(left, y, SIDE, map, mapScale("rates", map));
    const correlogram = unitCorrelograms.get(unit);
    if (correlogram) canvas.grid(left, y + SIDE + GAP, SIDE, correlogram.values, CORRELATIONS);
  });
}

/**
 * A picture of an analysis, as the bytes of a PNG file. Each module has a block, largest first, at most eight of them. A block
 * shows the mean autocorrelogram on the left, then the rate maps of the first ten units (each on its own scale) with their
 * autocorrelograms beneath (from -0.5 to 1). Without modules the picture shows the twenty active units with the most spatial
 * information. Grey is unvisited or undefined.
 */
export function picture(analysis: Analysis): Buffer {
  const { judgement, moduleCorrelograms } = analysis;
  const shown = judgement.modules.slice(0, ROWS);
  const canvas = new Canvas(WIDTH, GAP + LINE + Math.max(shown.length, 2) * BLOCK);
  const title = `${judgement.units} units, ${judgement.active} active, box ${analysis.smoothedMaps.box} m`;
  if (shown.length === 0) {
    canvas.text(GAP, GAP, `${title}: there are no modules. These are the most tuned units:`);
    const units = mostTuned(analysis, 2 * COLUMNS);
    paintUnits(canvas, analysis, units.slice(0, COLUMNS), GAP, GAP + LINE);
    paintUnits(canvas, analysis, units.slice(COLUMNS), GAP, GAP + LINE + BLOCK);
    return canvas.png();
  }
  canvas.text(GAP, GAP, `${title}: ${judgement.modules.length} modules`);
  shown.forEach((module, place) => {
    const top = GAP + LINE + place * BLOCK;
    canvas.text(GAP, top, moduleCaption(module, place));
    const y = top + LINE;
    canvas.grid(GAP, y, 2 * SIDE + GAP, moduleCorrelograms[place]!.values, CORRELATIONS);
    paintUnits(canvas, analysis, module.units.slice(0, COLUMNS), UNITS_FROM, y);
  });
  return canvas.png();
}
