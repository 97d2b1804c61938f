import { textTable } from "../io/text-table.ts";
import type { Judgement, Module, Pair } from "./judgement.ts";

const fixed = (x: number | null, digits: number): string => (x === null ? "-" : x.toFixed(digits));

function moduleRow(module: Module, place: number): string[] {
  return [
    String(place),
    String(module.units.length),
    module.class,
    fixed(module.spacing[0], 2),
    fixed(module.spacing[1], 2),
    fixed(module.angle, 1),
    fixed(module.orientation, 1),
    fixed(module.gridness, 2),
    fixed(module.null?.gridness ?? null, 2),
    fixed(module.correctedGridness, 2),
    fixed(module.ellipticity, 2),
    fixed(module.peak, 2),
  ];
}

const MODULE_HEAD = [
  "module",
  "units",
  "class",
  "a (m)",
  "b (m)",
  "angle",
  "turn",
  "gridness",
  "null",
  "corrected",
  "ellipse",
  "peak",
];

function pairRow({ modules, ratio, rotation, matrix, misfit, chance, verdict }: Pair): string[] {
  const rows = matrix.map((row) => row.join(" ")).join(" / ");
  return [modules.join(" in "), fixed(ratio, 2), fixed(rotation, 1), rows, fixed(misfit, 3), fixed(chance, 3), verdict];
}

const PAIR_HEAD = ["modules", "ratio", "rotation", "matrix", "misfit", "chance", "verdict"];

/** A judgement as a table for people: lengths in metres, angles in degrees. */
export function table({ units, active, modules, pairs }: Judgement): string {
  const inModules = modules.reduce((sum, module) => sum + module.units.length, 0);
  const lines = [`${units} units, ${active} active, ${inModules} in ${modules.length} modules`];
  if (modules.length > 0) lines.push("", ...textTable([MODULE_HEAD, ...modules.map(moduleRow)], "right"));
  if (pairs.length > 0) lines.push("", ...textTable([PAIR_HEAD, ...pairs.map(pairRow)], "right"));
  return lines.join("\n");
}
