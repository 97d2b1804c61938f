import { xoroshiro128plus } from "pure-rand/generator/XoroShiro";
import { autocorrelogram, autocorrelograms, meanAutocorrelogram } from "./autocorrelogram.ts";
import type { Autocorrelogram } from "./autocorrelogram.ts";
import { requireCount, requireThat } from "../io/require.ts";
import { foldedOrientation, shape } from "./classify.ts";
import type { Class, Shape } from "./classify.ts";
import { activeUnits, cluster } from "./modules.ts";
import { shuffleFields } from "./field-shuffle.ts";
import { mapOf } from "./rate-map.ts";
import type { RateMaps } from "./rate-map.ts";
import { cellArea, relation } from "./relation.ts";
import type { ModuleLattice, Relation } from "./relation.ts";
import { smooth } from "./smooth.ts";
import { percentile } from "./statistics.ts";
import { direction, length } from "./vector.ts";

export interface JudgeOptions {
  /** Standard deviation of the Gaussian that smooths the rate maps, in bins; 0 for none. */
  smoothing: number;
  /** Average distance at which clusters of autocorrelograms stop merging. */
  cut: number;
  /** Fewest units of a module. */
  minimumSize: number;
  /** Shuffled maps that each module is compared with; 0 for no null. */
  shuffles: number;
  /** Of the shuffles. */
  seed: number;
}

export const DEFAULTS: JudgeOptions = { smoothing: 1, cut: 0.3, minimumSize: 3, shuffles: 100, seed: 0 };

/** What shuffled maps of a module's units show: 95th percentiles over `shuffles` maps. */
export interface Null {
  shuffles: number;
  gridness: number;
  periodicity: number;
}

export interface Module {
  /** Indices of its units, ascending. */
  units: number[];
  class: Class;
  /** Why it is of that class. */
  reason: string;
  /** |a| and |b| in metres; of stripes, their distance and null. */
  spacing: [number, number | null];
  /** Between a and b, in degrees within [60, 90]; null for stripes. */
  angle: number | null;
  /** In degrees, folded by the symmetry of the class; of stripes, the direction across them within [0, 180). */
  orientation: number;
  /** Of the mean autocorrelogram; null where it cannot be had. */
  gridness: number | null;
  correctedGridness: number | null;
  /** null for stripes. */
  ellipticity: number | null;
  /** How well the mean autocorrelogram repeats itself on the lattice, up to 1. */
  periodicity: number;
  /** Height of the mean autocorrelogram's peaks next to the central one. */
  peak: number;
  /** null if no shuffles were asked for. */
  null: Null | null;
}

/** Two modules by their places in the list of modules: [coarse, fine]. */
export interface Pair extends Relation {
  modules: [number, number];
}

export interface Judgement {
  units: number;
  active: number;
  /** Largest first. */
  modules: Module[];
  /** Every two modules with lattices. */
  pairs: Pair[];
}

/** The rate maps with every unit's map smoothed. */
export function smoothed(maps: RateMaps, sigma: number): RateMaps {
  const area = maps.bins * maps.bins;
  const values = new Float64Array(maps.units * area);
  for (let unit = 0; unit < maps.units; unit++) {
    values.set(smooth(mapOf(maps, unit), maps.bins, sigma), unit * area);
  }
  return { ...maps, values };
}

/**
 * M10 for one module: the 95th percentiles of its units' shuffled maps, units taken in turn.
 * @spec M10
 */
function nullOf(maps: RateMaps, units: readonly number[], { shuffles, seed }: JudgeOptions): Null | null {
  if (shuffles === 0) return null;
  const generator = xoroshiro128plus(seed);
  const shapes = Array.from({ length: shuffles }, (_, i) => {
    const map = shuffleFields(mapOf(maps, units[i % units.length]!), maps.bins, generator);
    return shape(autocorrelogram(map, maps.bins), maps.box / maps.bins);
  });
  return {
    shuffles,
    gridness: percentile(
      shapes.map((one) => one.gridness),
      0.95,
    ),
    periodicity: percentile(
      shapes.map((one) => one.periodicity),
      0.95,
    ),
  };
}

const orNull = (x: number): number | null => (Number.isNaN(x) ? null : x);

/** A module from the shape of its mean autocorrelogram. */
function moduleOf(units: number[], found: Shape, nothing: Null | null): Module {
  const { class: name, reason, lattice, stripe, periodicity, peak } = found;
  return {
    units,
    class: name,
    reason,
    spacing: lattice ? lattice.spacing : [stripe ? length(stripe) : NaN, null],
    angle: lattice ? lattice.angle : null,
    orientation: lattice ? foldedOrientation(lattice, name) : stripe ? direction(stripe, 180) : NaN,
    gridness: orNull(found.gridness),
    correctedGridness: orNull(found.correctedGridness),
    ellipticity: lattice ? lattice.ellipticity : null,
    periodicity,
    peak,
    null: nothing,
  };
}

/** M9 for every two modules with lattices. */
function pairsOf(lattices: readonly (ModuleLattice | undefined)[]): Pair[] {
  const pairs: Pair[] = [];
  lattices.forEach((first, i) => {
    lattices.slice(i + 1).forEach((second, offset) => {
      if (first === undefined || second === undefined) return;
      const j = i + 1 + offset;
      const firstIsCoarse = cellArea(first.lattice) >= cellArea(second.lattice);
      pairs.push(
        firstIsCoarse
          ? { modules: [i, j], ...relation(first, second) }
          : { modules: [j, i], ...relation(second, first) },
      );
    });
  });
  return pairs;
}

function check(maps: RateMaps, options: JudgeOptions): void {
  requireCount("units", maps.units, 1);
  requireCount("bins", maps.bins, 8);
  requireThat(Number.isFinite(maps.box) && maps.box > 0, "box", maps.box, "a positive number of metres");
  const expected = maps.units * maps.bins * maps.bins;
  requireThat(maps.values.length === expected, "values", `of length ${maps.values.length}`, `${expected} numbers`);
  requireThat(options.smoothing >= 0, "smoothing", options.smoothing, "a number of bins of at least 0");
  requireCount("shuffles", options.shuffles, 0);
}

/** A judgement with the autocorrelograms that it rests on. */
export interface Analysis {
  judgement: Judgement;
  smoothedMaps: RateMaps;
  /** Of every active unit that has one, by unit. */
  unitCorrelograms: Map<number, Autocorrelogram>;
  /** Mean autocorrelogram of each module, in the order of the modules. */
  moduleCorrelograms: Autocorrelogram[];
  /** The lattice of each module, in the order of the modules; undefined for stripes. */
  moduleLattices: (ModuleLattice | undefined)[];
}

/**
 * Finds the modules in rate maps, and says what each is and how they lie to one another (M3 to M10).
 *
 * A module is a group of units with like autocorrelograms (M8) whose mean autocorrelogram is periodic (M7: not "none").
 * @throws InputError for maps or options that do not fit
 */
export function analyse(raw: RateMaps, partial: Partial<JudgeOptions> = {}): Analysis {
  const options = { ...DEFAULTS, ...partial };
  check(raw, options);
  const maps = smoothed(raw, options.smoothing);
  const active = activeUnits(raw);
  const correlograms = autocorrelograms(maps, active);
  const tuned = active.flatMap((unit, i) => {
    const one = correlograms[i]!;
    return one.values.some((value) => !Number.isNaN(value)) ? [{ unit, one }] : [];
  });
  const groups = cluster(
    tuned.map(({ one }) => one),
    options,
  ).flatMap((members) => {
    const mean = meanAutocorrelogram(members.map((i) => tuned[i]!.one));
    const found = shape(mean, maps.box / maps.bins);
    return found.class === "none" ? [] : [{ units: members.map((i) => tuned[i]!.unit), mean, found }];
  });
  const modules = groups.map(({ units, found }) => moduleOf(units, found, nullOf(maps, units, options)));
  const lattices = groups.map(
    ({ found }, i) =>
      found.lattice && { lattice: found.lattice, class: found.class, orientation: modules[i]!.orientation },
  );
  return {
    judgement: { units: raw.units, active: active.length, modules, pairs: pairsOf(lattices) },
    smoothedMaps: maps,
    unitCorrelograms: new Map(tuned.map(({ unit, one }) => [unit, one])),
    moduleCorrelograms: groups.map(({ mean }) => mean),
    moduleLattices: lattices,
  };
}

/** The verdict of `analyse` alone. */
export function judge(maps: RateMaps, options: Partial<JudgeOptions> = {}): Judgement {
  return analyse(maps, options).judgement;
}
