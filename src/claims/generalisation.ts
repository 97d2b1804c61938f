import type { Cell, Deciding, Figure, Outcome, Table } from "./claim.ts";
import type { Arena, Study, TrainedModel, View } from "./study.ts";
import { agreement, latticeInOtherArena } from "./lattice-in-other-arena.ts";
import { figureOf, mapsFigure, short } from "./figures.ts";
import { meanSpacing } from "../measure/relation.ts";
import { shareMet, verdictOver } from "./shares.ts";

/** Least median correlation of units' maps in a test arena with those of the training arena. */
export const LEAST_AGREEMENT = 0.5;

/** A network in a test arena. */
export interface Trial {
  model: TrainedModel;
  arena: Arena;
  label: string;
  view: View;
  /** How many modules the training arena shows, and how many of them have the same lattice here. */
  modules: number;
  same: number;
  /** Median correlation of units' maps with those of the training arena; NaN without modules. */
  agreement: number;
  /** Whether all of its modules are here and stay where they were. */
  met: boolean;
}

/**
 * How the first networks fare in test arenas.
 * @spec C6 C7
 */
export function trials(study: Study, arenas: readonly (Arena & { label: string })[]): Trial[] {
  return study.first.flatMap((model) => {
    const training = study.view(model);
    return arenas.map(({ label, ...arena }) => {
      const view = study.view(model, arena);
      const found = latticeInOtherArena(training, view);
      const units = found.flatMap((one) => one.module.module.units);
      const like = agreement(training, view, units);
      const same = found.filter((one) => one.same).length;
      const met = same > 0 && same === found.length && like >= LEAST_AGREEMENT;
      return { model, arena, label, view, modules: found.length, same, agreement: like, met };
    });
  });
}

/** The verdict over trials, with what decided it. */
export function decided(list: readonly Trial[]): Pick<Outcome, "verdict" | "reason" | "deciding"> {
  const met = list.filter((trial) => trial.met).length;
  const lowest = list.reduce((least, trial) => Math.min(least, trial.agreement), Infinity);
  const known = Number.isFinite(lowest);
  const byLabel = [...new Set(list.map(({ label }) => label))].map((label) => {
    const some = list.filter((trial) => trial.label === label);
    return { label, met: some.filter((trial) => trial.met).length, of: some.length };
  });
  const inEach = byLabel.map((one) => `${one.label}: ${one.met} of ${one.of}`).join("; ");
  return {
    verdict: verdictOver(met, list.length),
    reason: `${met} of ${list.length} trials keep every module and its place (${inEach}). The lowest median correlation with the maps of the training arena is ${known ? lowest.toFixed(2) : "unknown"}.`,
    deciding: [
      shareMet("Trials", met, list.length),
      ...byLabel.map((one): Deciding => ({
        what: `Trials met: ${one.label}, of ${one.of}`,
        value: one.met,
        limit: null,
      })),
      {
        what: "Lowest median correlation with the maps of the training arena",
        value: known ? lowest : null,
        limit: `at least ${LEAST_AGREEMENT}`,
      },
    ],
  };
}

/** The rows of evidence. */
export function evidence(study: Study, list: readonly Trial[], first: string): Table {
  const rows = list.map((trial): Cell[] => {
    const found = latticeInOtherArena(study.view(trial.model), trial.view);
    return [
      trial.model.config.seed,
      trial.label,
      trial.modules,
      trial.same,
      trial.agreement,
      found.map(({ module }) => meanSpacing(module.lattice)),
      found.map(({ lattice }) => (lattice ? meanSpacing(lattice) : null)),
      found.map(({ gridness }) => gridness),
    ];
  });
  const columns = [
    "seed",
    first,
    "modules",
    "of them kept",
    "correlation with the training arena",
    "periods in the training arena (m)",
    "periods here (m)",
    "gridness here",
  ];
  return { columns, rows };
}

/** The null: the same correlation between a network's maps in the training arena and another network's maps in the test arena. */
export function otherNetworkNull(study: Study, list: readonly Trial[], first: string): Table {
  const rows = list.map((trial): Cell[] => {
    const other = list.find((one) => one.label === trial.label && one.model !== trial.model);
    const training = study.view(trial.model);
    if (other === undefined) return [trial.model.config.seed, trial.label, null, null];
    const units = latticeInOtherArena(training, other.view).flatMap((one) => one.module.module.units);
    const fits = units.every((unit) => unit < other.model.agent.units);
    return [
      trial.model.config.seed,
      trial.label,
      other.model.config.seed,
      fits ? agreement(training, other.view, units) : null,
    ];
  });
  return { columns: ["seed", first, "seed of the other network", "correlation with its maps"], rows };
}

/** The maps of the first network in every test arena, and in the training arena. */
export function arenaFigures(study: Study, number: string, list: readonly Trial[]): Figure[] {
  const [model] = study.first;
  if (model === undefined) return [];
  const own = list.filter((trial) => trial.model === model);
  const training = figureOf(
    number,
    model,
    "training-arena",
    "The training arena, with the range and the velocities trained on.",
  );
  return [
    ...own.map(({ label, view }, i) =>
      mapsFigure(figureOf(number, model, `arena-${i}`, `${label}, in a box of ${short(view.box) ?? 0} m.`), view),
    ),
    mapsFigure(training, study.view(model)),
  ];
}
