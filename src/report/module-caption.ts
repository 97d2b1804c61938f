import type { Module } from "../measure/judgement.ts";

/** The line of text above the maps of a module. */
export function moduleCaption(module: Module, place: number): string {
  const { units, class: name, spacing, angle, gridness, null: nothing } = module;
  const lengths = spacing.flatMap((metres) => (metres === null ? [] : [metres.toFixed(2)])).join(" x ");
  return [
    `module ${place}: ${units.length} units, ${name}, ${lengths} m`,
    ...(angle === null ? [] : [`${angle.toFixed(0)} deg`]),
    ...(gridness === null ? [] : [`gridness ${gridness.toFixed(2)}`]),
    ...(typeof nothing?.gridness === "number" ? [`null ${nothing.gridness.toFixed(2)}`] : []),
  ].join(", ");
}
