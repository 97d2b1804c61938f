import type { Cell, Figure, Table, Verdict } from "./claim.ts";
import { HOME, type Arena, type Study, type TrainedModel, type View } from "./study.ts";
import { agreement, carried } from "./lattice-in-other-arena.ts";
import { figureOf, mapsFigure, short } from "./figures.ts";
import { meanSpacing } from "../measure/relation.ts";
import { verdictOver } from "./verdict.ts";

/** Least median correlation of units' maps with those of the arena trained on. */
export const LEAST_AGREEMENT = 0.5;

/** A network in an arena that it was not trained in. */
export interface Trial {
  member: TrainedModel;
  arena: Arena;
  label: string;
  view: View;
  /** Modules at home, and how many of them are there with the same lattice. */
  modules: number;
  same: number;
  /** Median correlation of maps with those at home; NaN without modules. */
  agreement: number;
  /** Whether all of its modules are there and stay where they were. */
  met: boolean;
}

/**
 * C6 and C7: how networks fare in arenas that they were not trained in.
 * @spec C6 C7
 */
export function trials(study: Study, arenas: readonly (Arena & { label: string })[]): Trial[] {
  return study.few.flatMap((member) => {
    const home = study.view(member);
    return arenas.map(({ label, ...arena }) => {
      const view = study.view(member, arena);
      const found = carried(home, view);
      const units = found.flatMap((one) => one.home.module.units);
      const like = agreement(home, view, units);
      const same = found.filter((one) => one.same).length;
      const met = same > 0 && same === found.length && like >= LEAST_AGREEMENT;
      return { member, arena, label, view, modules: found.length, same, agreement: like, met };
    });
  });
}

/** The verdict over trials, and what decided it in words. */
export function decided(list: readonly Trial[]): { verdict: Verdict; reason: string } {
  const met = list.filter((trial) => trial.met).length;
  const lowest = list.reduce((least, trial) => Math.min(least, trial.agreement), Infinity);
  const byLabel = [...new Set(list.map(({ label }) => label))].map((label) => {
    const some = list.filter((trial) => trial.label === label);
    return `${label} ${some.filter((trial) => trial.met).length} of ${some.length}`;
  });
  return {
    verdict: verdictOver(met, list.length),
    reason: `${met} of ${list.length} trials keep every module and its place (${byLabel.join(", ")}); lowest median correlation with the maps at home ${Number.isFinite(lowest) ? lowest.toFixed(2) : "of none"}.`,
  };
}

/** The rows of evidence. */
export function evidence(study: Study, list: readonly Trial[], first: string): Table {
  const rows = list.map((trial): Cell[] => {
    const found = carried(study.view(trial.member), trial.view);
    return [
      trial.member.config.seed,
      trial.label,
      `${trial.same} of ${trial.modules}`,
      trial.agreement,
      found.map(({ home }) => meanSpacing(home.lattice).toFixed(2)).join(", "),
      found.map(({ away }) => (away ? meanSpacing(away).toFixed(2) : "-")).join(", "),
      found.map(({ gridness }) => gridness.toFixed(2)).join(", "),
    ];
  });
  const columns = [
    "seed",
    first,
    "modules kept",
    "correlation with home",
    "periods at home (m)",
    "periods here (m)",
    "gridness here",
  ];
  return { columns, rows };
}

/** The null: what the same measures say if a network's maps at home are compared with the next network's in the arena. */
export function strangers(study: Study, list: readonly Trial[], first: string): Table {
  const rows = list.map((trial): Cell[] => {
    const other = list.find((one) => one.label === trial.label && one.member !== trial.member);
    const home = study.view(trial.member);
    if (other === undefined) return [trial.member.config.seed, trial.label, null, null];
    const units = carried(home, other.view).flatMap((one) => one.home.module.units);
    const fits = units.every((unit) => unit < other.member.agent.units);
    return [
      trial.member.config.seed,
      trial.label,
      `seed ${other.member.config.seed}`,
      fits ? agreement(home, other.view, units) : null,
    ];
  });
  return { columns: ["seed", first, "compared with", "correlation with home"], rows };
}

/** The maps of the first network at home and in every arena. */
export function arenaFigures(study: Study, number: string, list: readonly Trial[]): Figure[] {
  const [member] = study.few;
  if (member === undefined) return [];
  const own = list.filter((trial) => trial.member === member);
  return [
    mapsFigure(
      figureOf(number, member, "home", "At home: the range and the velocities trained on."),
      study.view(member, HOME),
    ),
    ...own.map(({ label, view }, i) =>
      mapsFigure(figureOf(number, member, `arena-${i}`, `${label}, a box of ${short(view.box) ?? 0} m.`), view),
    ),
  ];
}
