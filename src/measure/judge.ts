import { xoroshiro128plus } from "pure-rand/generator/XoroShiro";
import { autocorrelograms, meanAutocorrelogram } from "./autocorrelogram.ts";
import type { Autocorrelogram } from "./autocorrelogram.ts";
import { requireCount, requireThat } from "../io/require.ts";
import { chanceGroups, distinctMaps, MOST_CHANCE_GROUPS } from "./chance-groups.ts";
import type { ChanceGroups } from "./chance-groups.ts";
import { foldedOrientation, regularity, shape } from "./classify.ts";
import type { Shape } from "./classify.ts";
import { discretenessOf, isolations } from "./discreteness.ts";
import type { Isolation, LatticePoint } from "./discreteness.ts";
import { families } from "./families.ts";
import type { Family } from "./families.ts";
import { shuffledCorrelograms } from "./field-shuffle.ts";
import type { Dropped, Judgement, Module, Null, Pair } from "./judgement.ts";
import { clusters, innerRadius } from "./modules.ts";
import { BOX, mapOf } from "./rate-map.ts";
import type { RateMaps } from "./rate-map.ts";
import { cellArea, meanAxis, relation } from "./relation.ts";
import type { ModuleLattice } from "./relation.ts";
import { screened } from "./screening.ts";
import { smooth } from "./smooth.ts";
import { withoutStrayBins } from "./stray-bins.ts";
import { percentile } from "../statistics/statistics.ts";
import { direction, length } from "./vector.ts";
import { warningsOf } from "./warnings.ts";

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

/** A module must be above this share of its shuffled maps. */
const NULL_LEVEL = 0.95;

/**
 * Largest standard deviations of the spacing (a share of it) and of the orientation (degrees) within a module. Those of rats are about
 * 0.05 and 2 degrees.
 */
const LARGEST_SPREAD = { spacing: 0.075, orientation: 6 };

/** Hears what is being done, and which share of all work is done. */
export type OnWork = (work: string, share: number) => void;

/** The rate maps with every unit's map smoothed. */
function smoothed(maps: RateMaps, sigma: number): RateMaps {
  const area = maps.bins * maps.bins;
  const values = new Float64Array(maps.units * area);
  for (let unit = 0; unit < maps.units; unit++) {
    values.set(smooth(mapOf(maps, unit), maps.bins, sigma), unit * area);
  }
  return { ...maps, values };
}

/** Units that agree, with the shape of their mean autocorrelogram. */
interface Group extends Pick<Family, "spread" | "points"> {
  units: number[];
  correlograms: Autocorrelogram[];
  mean: Autocorrelogram;
  found: Shape;
}

/**
 * The null of one module: how many groups like it chance makes and, if they are few, the 95th percentiles of its units' shuffled maps, units taken in turn.
 * @spec M10
 */
function nullOf(maps: RateMaps, group: Group, chance: ChanceGroups, { shuffles, seed }: JudgeOptions): Null {
  const { units, correlograms, found } = group;
  const groups = chance.expected({ size: distinctMaps(maps, units), periodicity: found.periodicity, correlograms });
  if (groups >= MOST_CHANCE_GROUPS) return { shuffles: 0, gridness: null, periodicity: null, groups };
  const generator = xoroshiro128plus(seed);
  const list = shuffledCorrelograms(maps, shuffles, (i) => units[i % units.length]!, generator);
  const shuffled = list.map((one) => regularity(one, maps.box / maps.bins));
  const level = (values: number[]): number => percentile(values, NULL_LEVEL);
  return {
    shuffles,
    gridness: orNull(level(shuffled.map((one) => one.gridness))),
    periodicity: level(shuffled.map((one) => one.periodicity)),
    groups,
  };
}

/** Whether a group with that null is a module that counts; without shuffles a lattice is enough that is set apart from others. */
function countsBy({ lattice, periodicity }: Shape, isolation: Isolation | null, nothing: Null | null): boolean {
  if (lattice === undefined || (isolation !== null && isolation.value <= isolation.null)) return false;
  return nothing === null || (nothing.periodicity !== null && periodicity > nothing.periodicity);
}

const orNull = (x: number): number | null => (Number.isNaN(x) ? null : x);

/** A module from a group that is one. */
function moduleOf({ units, spread, found }: Group, isolation: Isolation | null, nothing: Null | null): Module {
  const { class: name, reason, lattice, stripe, periodicity, peak } = found;
  return {
    units,
    class: name,
    reason,
    counts: countsBy(found, isolation, nothing),
    spacing: lattice ? lattice.spacing : [stripe ? length(stripe) : NaN, null],
    meanSpacing: lattice ? meanAxis(lattice) : null,
    spread: spread ?? null,
    isolation,
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

/** Why a group is no module; undefined if it is one. */
function refusal({ spread, found }: Group): string | undefined {
  if (
    spread === undefined ||
    (spread.spacing <= LARGEST_SPREAD.spacing && spread.orientation <= LARGEST_SPREAD.orientation)
  )
    return found.class === "none" ? found.reason : undefined;
  const [share, degrees] = [(100 * spread.spacing).toFixed(0), spread.orientation.toFixed(0)];
  return `a continuum: without a gap, the units' own lattices differ by ${share} % in spacing and ${degrees} degrees in orientation (standard deviations)`;
}

/** The lattices of grid units that are in no group: those of hexagonal class. Others are often chance, as with place cells of three fields. */
function strayLattices(
  found: readonly Family[],
  list: readonly Autocorrelogram[],
  { minimumSize, binWidth }: { minimumSize: number; binWidth: number },
): LatticePoint[] {
  return found
    .filter(({ members, points }) => members.length < minimumSize && points.length > 0)
    .filter(({ members }) => shape(meanAutocorrelogram(members.map((i) => list[i]!)), binWidth).class === "hexagonal")
    .flatMap(({ points }) => points);
}

function check(maps: RateMaps, options: JudgeOptions): void {
  requireCount("units", maps.units, 1);
  requireCount("bins", maps.bins, 8);
  const fits = maps.box >= BOX.least && maps.box <= BOX.most;
  requireThat(fits, "box", maps.box, `a number of metres from ${BOX.least} to ${BOX.most}`);
  const expected = maps.units * maps.bins * maps.bins;
  requireThat(maps.values.length === expected, "values", `of length ${maps.values.length}`, `${expected} numbers`);
  requireThat(options.smoothing >= 0, "smoothing", options.smoothing, "a number of bins of at least 0");
  requireCount("minimumSize", options.minimumSize, 1);
  requireCount("shuffles", options.shuffles, 0);
}

/** A judgement with what it rests on. */
export interface Analysis {
  judgement: Judgement;
  smoothedMaps: RateMaps;
  /** Of every active unit, by unit. */
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
 * @spec M8
 */
export function analyse(
  given: RateMaps,
  partial: Partial<JudgeOptions> = {},
  onWork: OnWork = () => undefined,
): Analysis {
  const options = { ...DEFAULTS, ...partial };
  check(given, options);
  const { maps: raw, units: strayed } = withoutStrayBins(given);
  const binWidth = raw.box / raw.bins;

  onWork("smoothing", 0);
  const smoothedMaps = smoothed(raw, options.smoothing);
  const left = screened(raw);
  const out = new Set(left.map(({ unit }) => unit));
  const active = Array.from({ length: raw.units }, (_, unit) => unit).filter((unit) => !out.has(unit));
  const list = autocorrelograms(smoothedMaps, active, (share) => {
    onWork("autocorrelograms", 0.05 + 0.4 * share);
  });

  onWork("comparing units", 0.45);
  const inner = innerRadius(list);
  const found = families(list, clusters(list, options.cut), { ...options, binWidth, inner });
  const groups = found
    .filter(({ members }) => members.length >= options.minimumSize)
    .map(({ members, spread, points }): Group => {
      const correlograms = members.map((i) => list[i]!);
      const mean = meanAutocorrelogram(correlograms);
      const units = members.map((i) => active[i]!);
      return { units, spread, points, correlograms, mean, found: shape(mean, binWidth) };
    })
    .sort((p, q) => q.units.length - p.units.length || p.units[0]! - q.units[0]!);
  const kept = groups.filter((group) => refusal(group) === undefined);

  onWork("shuffled maps", 0.8);
  const chance =
    options.shuffles > 0 && kept.length > 0 ? chanceGroups(smoothedMaps, active, { ...options, inner }) : undefined;
  const strays = strayLattices(found, list, { ...options, binWidth });
  const apart = isolations(
    groups.map(({ points }) => points),
    strays,
  );
  const modules = kept.map((group) => {
    const isolation = apart[groups.indexOf(group)];
    const others = isolation !== undefined && isolation.value < Infinity ? isolation : null;
    return moduleOf(group, others, chance ? nullOf(smoothedMaps, group, chance, options) : null);
  });
  const moduleLattices = kept.map(
    ({ found: { lattice, class: name } }, i) =>
      lattice && { lattice, class: name, orientation: modules[i]!.orientation },
  );

  const alone = found.filter(({ members }) => members.length < options.minimumSize).flatMap(({ members }) => members);
  const reason = `agrees with fewer than ${options.minimumSize - 1} other units`;
  const dropped: Dropped = {
    units: [...left, ...alone.map((i) => ({ unit: active[i]!, reason }))].sort((p, q) => p.unit - q.unit),
    groups: groups.flatMap((group) => {
      const why = refusal(group);
      return why === undefined ? [] : [{ units: group.units, spacing: group.found.spacing ?? null, reason: why }];
    }),
  };
  const told = {
    units: raw.units,
    active: active.length,
    modules,
    pairs: pairsOf(moduleLattices),
    discreteness: discretenessOf([...groups.flatMap(({ points }) => points), ...strays], options.minimumSize) ?? null,
    dropped,
  };
  onWork("done", 1);
  return {
    judgement: { ...told, warnings: warningsOf(raw, told, strayed) },
    smoothedMaps,
    unitCorrelograms: new Map(active.map((unit, i) => [unit, list[i]!])),
    moduleCorrelograms: kept.map(({ mean }) => mean),
    moduleLattices,
  };
}

/** The verdict of `analyse` alone. */
export function judge(maps: RateMaps, options: Partial<JudgeOptions> = {}): Judgement {
  return analyse(maps, options).judgement;
}
