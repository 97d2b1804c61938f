import { fields } from "./field-shuffle.ts";
import { foldedOrientation, shape } from "./classify.ts";
import type { Shape } from "./classify.ts";
import type { Analysis } from "./judge.ts";
import { mapOf } from "./rate-map.ts";
import { spatialInformation } from "./tuning.ts";

/** A field counts if its peak is so far up from the lowest to the highest rate of the smoothed map. */
const LEAST_HEIGHT = 0.3;

const COLUMNS = [
  "unit",
  "module",
  "class",
  "gridness",
  "corrected_gridness",
  "periodicity",
  "a",
  "b",
  "angle",
  "orientation",
  "fields",
  "information",
  "reason",
] as const;

/** The fields of a map: those whose peak is at least LEAST_HEIGHT of the way from its lowest to its highest rate. */
function fieldCount(map: Float64Array, bins: number): number {
  let [low, high] = [Infinity, -Infinity];
  for (const rate of map) {
    if (rate < low) low = rate;
    if (rate > high) high = rate;
  }
  return fields(map, bins).filter(([peak]) => map[peak!]! >= low + LEAST_HEIGHT * (high - low)).length;
}

/** A cell of a CSV file. */
function cell(value: string | number | undefined | null): string {
  if (typeof value === "number") return Number.isFinite(value) ? String(Number(value.toPrecision(6))) : "";
  return /[",\n]/.test(value ?? "") ? `"${value!.replaceAll('"', '""')}"` : (value ?? "");
}

/** The numbers that a unit's own autocorrelogram has. */
function ownNumbers({ class: name, gridness, correctedGridness, periodicity, spacing, lattice, stripe }: Shape) {
  const shown = name === "none" ? undefined : spacing;
  return {
    class: name,
    gridness,
    corrected_gridness: correctedGridness,
    periodicity,
    a: shown?.[0],
    b: shown?.[1],
    angle: lattice?.angle,
    orientation: lattice
      ? foldedOrientation(lattice, name)
      : stripe && (Math.atan2(stripe[1], stripe[0]) * 180) / Math.PI,
  };
}

/**
 * Each unit's own numbers as the text of a CSV file: its module (empty: none), and of its own autocorrelogram class, gridness,
 * periodicity and lattice (lengths in metres, angles in degrees); how many fields its smoothed map has, and its spatial information in
 * bits. The reason says why a unit is in no module, or why its own class is "none".
 */
export function unitTable({ judgement, smoothedMaps, unitCorrelograms }: Analysis): string {
  const { modules, dropped } = judgement;
  const moduleOf = new Map(modules.flatMap(({ units }, place) => units.map((unit) => [unit, place] as const)));
  const why = new Map([
    ...dropped.units.map(({ unit, reason }) => [unit, reason] as const),
    ...dropped.groups.flatMap(({ units, reason }) => units.map((unit) => [unit, `its group: ${reason}`] as const)),
  ]);
  const rows = Array.from({ length: judgement.units }, (_, unit) => {
    const correlogram = unitCorrelograms.get(unit);
    const found = correlogram && shape(correlogram, smoothedMaps.box / smoothedMaps.bins);
    const map = mapOf(smoothedMaps, unit);
    const row: Record<(typeof COLUMNS)[number], string | number | undefined | null> = {
      ...{ gridness: undefined, corrected_gridness: undefined, periodicity: undefined, class: undefined },
      ...{ a: undefined, b: undefined, angle: undefined, orientation: undefined },
      ...(found && ownNumbers(found)),
      unit,
      module: moduleOf.get(unit),
      fields: found && fieldCount(map, smoothedMaps.bins),
      information: found && spatialInformation(map),
      reason: why.get(unit) ?? (found?.class === "none" ? `by itself: ${found.reason}` : ""),
    };
    return COLUMNS.map((column) => cell(row[column])).join(",");
  });
  return [COLUMNS.join(","), ...rows, ""].join("\n");
}
