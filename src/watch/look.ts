import { emergence } from "../measure/emergence.ts";
import { analyse, type Analysis } from "../measure/judge.ts";
import { table } from "../measure/judgement-table.ts";
import type { Judgement } from "../measure/judgement.ts";
import { networkAgent } from "../measure/network-agent.ts";
import { mapOf } from "../measure/rate-map.ts";
import { survey } from "../measure/survey.ts";
import { mostTuned } from "../measure/tuning.ts";
import { walk } from "../measure/walk.ts";
import { moduleCaption } from "../report/module-caption.ts";
import { trainedRange } from "../train/trained-range.ts";
import type { Look, Network, UnitMaps } from "./messages.ts";

/** Side of a bin in metres, and the walks: fewer than those of `measure`, so that a look takes seconds. */
const BIN = 0.075;
const WALK = { walkers: 100, steps: 250, seed: 0 };

/** Most modules that are shown, and most units of each. */
const MODULES = 4;
const UNITS = 12;

/** Walks a network through the box that it was trained on, and judges its rate maps (M1 to M9). Needs an engine. */
export function lookAt({ step, config, parameters }: Network): Look {
  const box = trainedRange(config);
  const bins = Math.max(8, Math.round(box / BIN));
  const steps = walk({ ...WALK, box, vMax: config.velocityMax });
  const { maps } = survey(networkAgent(parameters, config), steps, { ...WALK, box, bins, kept: 0 });
  const analysis = analyse(maps, { shuffles: 0 });
  return {
    step,
    box,
    how: `${WALK.walkers} walks of ${WALK.steps} steps in a box of ${box} m, with bins of ${((100 * box) / bins).toFixed(1)} cm`,
    verdict: verdict(analysis.judgement),
    table: table(analysis.judgement),
    blocks: blocks(analysis),
  };
}

/** What a judgement says, in a sentence or two. */
function verdict(judgement: Judgement): string {
  const { active, units, modules } = judgement;
  const members = modules.reduce((sum, module) => sum + module.units.length, 0);
  const { gridModules, emerged } = emergence(judgement);
  const found =
    modules.length === 0
      ? `${active} of ${units} units are active, and no module was found.`
      : `${members} of ${active} active units are in ${modules.length} ${modules.length === 1 ? "module" : "modules"}: ${modules
          .map((module) => `${module.units.length} ${module.class}`)
          .join(", ")}.`;
  return `${found} ${
    emerged
      ? `Grid modules have emerged: ${gridModules} of them lie on different lattices.`
      : "Grid modules have not emerged by the criterion of M14."
  }`;
}

function blocks(analysis: Analysis): Look["blocks"] {
  const { modules } = analysis.judgement;
  const mapsOf = (units: readonly number[]): UnitMaps[] =>
    units.slice(0, UNITS).map((unit) => ({
      unit,
      rates: mapOf(analysis.smoothedMaps, unit),
      correlogram: analysis.unitCorrelograms.get(unit)?.values,
    }));
  if (modules.length === 0)
    return [{ title: "the units that tell most about place", correlogram: undefined, units: mapsOf(mostTuned(analysis, UNITS)) }]; // prettier-ignore
  return modules.slice(0, MODULES).map((module, place) => ({
    title: moduleCaption(module, place),
    correlogram: analysis.moduleCorrelograms[place]!.values,
    units: mapsOf(module.units),
  }));
}
