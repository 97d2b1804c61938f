import { textTable } from "../io/text-table.ts";
import type { Dropped, Judgement, Module, Pair } from "./judgement.ts";

const fixed = (x: number | null, digits: number): string => (x === null ? "-" : x.toFixed(digits));

/** A length with three digits that count. */
const metres = (x: number | null): string => (x === null ? "-" : Number(x.toPrecision(3)).toString());

/** Degrees within [0, fold): 59.99 of 60 is 0.0. */
function degrees(x: number, fold: number): string {
  const text = x.toFixed(1);
  return Number(text) === fold ? "0.0" : text;
}

const FOLDS = { hexagonal: 60, square: 90, sheared: 180, stripe: 180, none: 180 };

/** The columns of a module, by their heads. */
function moduleCells(module: Module, place: number): Record<string, string> {
  const { units, class: name, counts, spacing, spread, angle, orientation, null: nothing } = module;
  return {
    module: String(place),
    units: String(units.length),
    class: name,
    counts: counts ? "yes" : "no",
    "a (m)": metres(spacing[0]),
    "b (m)": metres(spacing[1]),
    "spread %": fixed(spread && 100 * spread.spacing, 1),
    angle: fixed(angle, 1),
    turn: degrees(orientation, FOLDS[name]),
    "+-": fixed(spread && spread.orientation, 1),
    gridness: fixed(module.gridness, 2),
    null: fixed(nothing && nothing.gridness, 2),
    corrected: fixed(module.correctedGridness, 2),
    ellipse: fixed(module.ellipticity, 2),
    peak: fixed(module.peak, 2),
    periodic: fixed(module.periodicity, 2),
    "null ": fixed(nothing && nothing.periodicity, 2),
  };
}

function pairCells({ modules, ratio, rotation, matrix, misfit, chance, verdict }: Pair): Record<string, string> {
  return {
    modules: modules.join(" in "),
    ratio: fixed(ratio, 2),
    rotation: fixed(rotation, 1),
    matrix: matrix.map((row) => row.join(" ")).join(" / "),
    misfit: fixed(misfit, 3),
    chance: fixed(chance, 3),
    verdict,
  };
}

/** Rows with named cells as aligned lines, after an empty one; nothing without rows. */
function aligned(rows: readonly Record<string, string>[]): string[] {
  if (rows.length === 0) return [];
  return ["", ...textTable([Object.keys(rows[0]!), ...rows.map((row) => Object.values(row))], "right")];
}

/** How many units were left out for which reason, and the groups that are no modules. */
function droppedLines({ units, groups }: Dropped): string[] {
  const reasons = [...new Set(units.map(({ reason }) => reason))];
  const lines = [
    ...reasons.map((reason) => `${units.filter((one) => one.reason === reason).length} units in no group: ${reason}`),
    ...groups.map(({ units: members, spacing, reason }) => {
      const lengths = spacing === null ? "" : ` (${spacing.map(metres).join(" x ")} m)`;
      return `a group of ${members.length} units${lengths} is no module: ${reason}`;
    }),
  ];
  return lines.length === 0 ? [] : ["", ...lines];
}

/** A judgement as a table for people: lengths in metres, angles in degrees. */
export function table({ units, active, modules, pairs, discreteness, dropped, warnings }: Judgement): string {
  const inModules = modules.reduce((sum, module) => sum + module.units.length, 0);
  const counted = modules.filter(({ counts }) => counts).length;
  return [
    `${units} units, ${active} active, ${inModules} in ${modules.length} modules, of which ${counted} count`,
    ...aligned(modules.map(moduleCells)),
    ...aligned(pairs.map(pairCells)),
    ...(discreteness === null
      ? []
      : ["", `discreteness ${discreteness.value.toFixed(1)}; a continuum shows up to ${discreteness.null.toFixed(1)}`]),
    ...droppedLines(dropped),
    ...(warnings.length === 0 ? [] : ["", ...warnings.map((warning) => `warning: ${warning}`)]),
  ].join("\n");
}
