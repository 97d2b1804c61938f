import { xoroshiro128plus } from "pure-rand/generator/XoroShiro";
import { averageLinkageJoins, clustersWithin } from "./average-linkage.ts";
import { uniform } from "./random.ts";
import { percentile } from "../statistics/statistics.ts";
import { modulo } from "./vector.ts";

/**
 * The lattice of one unit as a point in the plane: the logarithm of its spacing, and its orientation in radians. Of two lattices
 * alike but for a small stretch and a small turn, the distance is the relative misfit of their vectors.
 */
export type LatticePoint = readonly [number, number];

/** How clearly points fall into groups. */
export interface Discreteness {
  /** The smallest distance between the middles of two groups over the spread within groups, of the grouping for which it is largest; 0 without two groups. */
  value: number;
  /** 99th percentile of that value for as many points spread evenly over the same range. */
  null: number;
}

/** A spread within groups below this is not believed: the measure of a lattice is not as exact. */
const LEAST_SPREAD = 1e-4;

/** Fewest units of a group whose spread can be told. */
export const LEAST_GROUP = 3;

/** The points of that grouping, by their places in the list, and the smallest distance between two groups' middles. */
export interface Grouping {
  value: number;
  gap: number;
  groups: number[][];
}

/** Distances at which average linkage stops, one grouping each: those of lattices that differ by 2 % to 50 %. */
const CUTS = Array.from({ length: 14 }, (_, i) => 0.02 * (0.5 / 0.02) ** (i / 13));

/** A grouping counts if its groups hold this share of the points: a few tight groups among many stray points tell nothing. */
const LEAST_COVERED = 0.9;

/** The share of continua that lie at or below the null. */
const LEVEL = 0.99;

/** Continua that the null is made of, and most points of each: the value of more is hardly another. */
const CONTINUA = 200;
const MOST_POINTS = 300;

/** The middle of some points. */
function middleOf(points: readonly LatticePoint[]): LatticePoint {
  const sum = points.reduce<LatticePoint>((all, [x, y]) => [all[0] + x, all[1] + y], [0, 0]);
  return [sum[0] / points.length, sum[1] / points.length];
}

const apart = (p: LatticePoint, q: LatticePoint): number => Math.sqrt((p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2);

/** The distances of every two points, [count, count]. */
function distancesOf(points: readonly LatticePoint[]): Float32Array {
  const distances = new Float32Array(points.length ** 2);
  for (let i = 0; i < points.length; i++) {
    for (let j = 0; j < points.length; j++) distances[i * points.length + j] = apart(points[i]!, points[j]!);
  }
  return distances;
}

/** The groups of at least `least` points that average linkage gives when it stops at each of CUTS. */
function groupingsOf(points: readonly LatticePoint[], least: number): number[][][] {
  const joins = averageLinkageJoins(distancesOf(points), points.length, CUTS.at(-1)!);
  return CUTS.map((cut) => clustersWithin(joins, points.length, cut).filter(({ length }) => length >= least));
}

/** The value of one grouping: smallest distance between two middles over the root mean square distance from the own middle along one axis. */
function valueOf(
  points: readonly LatticePoint[],
  groups: readonly (readonly number[])[],
): { value: number; gap: number } {
  const middles = groups.map((group) => middleOf(group.map((i) => points[i]!)));
  let gap = Infinity;
  middles.forEach((p, i) => {
    for (const q of middles.slice(i + 1)) gap = Math.min(gap, apart(p, q));
  });
  let squares = 0;
  let count = 0;
  groups.forEach((group, i) => {
    for (const member of group) squares += apart(points[member]!, middles[i]!) ** 2;
    count += group.length - 1;
  });
  return { value: gap / Math.max(LEAST_SPREAD, Math.sqrt(squares / Math.max(1, count))), gap };
}

/** The grouping with the largest value of those that average linkage gives; groups smaller than `least` are left out, and must be few. */
export function bestGrouping(points: readonly LatticePoint[], least: number): Grouping {
  if (points.length > MOST_POINTS) return extended(points, least);
  const best: Grouping = { value: 0, gap: 0, groups: [] };
  for (const groups of groupingsOf(points, least)) {
    const covered = groups.reduce((sum, group) => sum + group.length, 0);
    if (groups.length < 2 || covered < LEAST_COVERED * points.length) continue;
    const { value, gap } = valueOf(points, groups);
    if (value > best.value) Object.assign(best, { value, gap, groups });
  }
  return best;
}

/** The best grouping of MOST_POINTS of the points, with each of the others in the group whose middle is nearest. */
function extended(points: readonly LatticePoint[], least: number): Grouping {
  const taken = Array.from({ length: MOST_POINTS }, (_, i) => Math.floor((i * points.length) / MOST_POINTS));
  const { value, gap, groups } = bestGrouping(
    taken.map((i) => points[i]!),
    least,
  );
  const middles = groups.map((group) => middleOf(group.map((i) => points[taken[i]!]!)));
  const all = groups.map((): number[] => []);
  points.forEach((point, i) => {
    const distances = middles.map((middle) => apart(point, middle));
    all[distances.indexOf(Math.min(...distances))]?.push(i);
  });
  return { value, gap, groups: all };
}

/** As many points as given (at most MOST_POINTS) that are spread evenly over the same range, CONTINUA times. */
function continua(points: readonly LatticePoint[], seed: number): LatticePoint[][] {
  const generator = xoroshiro128plus(seed);
  const range = ([0, 1] as const).map((axis) => {
    const values = points.map((point) => point[axis]);
    const low = values.reduce((p, q) => Math.min(p, q), Infinity);
    const high = values.reduce((p, q) => Math.max(p, q), -Infinity);
    return { low, width: high - low };
  }) as [{ low: number; width: number }, { low: number; width: number }];
  const count = Math.min(points.length, MOST_POINTS);
  return Array.from({ length: CONTINUA }, () =>
    Array.from({ length: count }, (): LatticePoint => [
      range[0].low + range[0].width * uniform(generator),
      range[1].low + range[1].width * uniform(generator),
    ]),
  );
}

/** What `bestGrouping` gives for as many points that are spread evenly over the range of these: the percentile of LEVEL. */
export function continuumNull(points: readonly LatticePoint[], least: number, seed = 0): number {
  const draws = continua(points, seed).map((drawn) => bestGrouping(drawn, least).value);
  return percentile(draws, LEVEL);
}

/** Fewest lattices of units that discreteness is asked of. */
const FEWEST_POINTS = 6;

/** Where orientations, which repeat every 60 degrees, are cut open: after the widest gap between them. */
function widestGap(points: readonly LatticePoint[]): number {
  const turns = points.map(([, turn]) => modulo(turn, PERIOD)).sort((p, q) => p - q);
  let [start, widest] = [turns[0]!, turns[0]! + PERIOD - turns.at(-1)!];
  turns.slice(1).forEach((turn, i) => {
    if (turn - turns[i]! > widest) [start, widest] = [turn, turn - turns[i]!];
  });
  return start;
}

const PERIOD = Math.PI / 3;

/** Points with their orientations counted from `start` on, within 60 degrees. */
function unrolled(points: readonly LatticePoint[], start: number): LatticePoint[] {
  return points.map(([stretch, turn]): LatticePoint => [stretch, modulo(turn - start, PERIOD)]);
}

/** Whether units' lattices fall into groups, or are a continuum; undefined for too few of them. */
export function discretenessOf(points: readonly LatticePoint[], minimumSize: number): Discreteness | undefined {
  if (points.length < FEWEST_POINTS) return undefined;
  const plain = unrolled(points, widestGap(points));
  const least = Math.max(LEAST_GROUP, minimumSize);
  return { value: bestGrouping(plain, least).value, null: continuumNull(plain, least) };
}

/** Others that are so many, as a share of a group, are too many to be strays. */
const STRAYS = 0.25;

/**
 * How far a group is set apart: the distance from its middle to other points, that are as many as a quarter of the group, over the
 * spread within it. Infinity if there are not so many others.
 */
function apartness(group: readonly LatticePoint[], others: readonly LatticePoint[]): number {
  const middle = middleOf(group);
  const strays = Math.ceil(STRAYS * group.length);
  if (others.length < strays) return Infinity;
  const distances = Float64Array.from(others, (other) => apart(middle, other)).sort();
  const squares = group.reduce((sum, point) => sum + apart(point, middle) ** 2, 0);
  return distances[strays - 1]! / Math.max(LEAST_SPREAD, Math.sqrt(squares / (group.length - 1)));
}

/** How far one group of lattices is set apart from the others, and what a continuum shows. */
export interface Isolation {
  /** From the group's middle to the next lattices that are not its own, over the spread within it; Infinity if there are none. */
  value: number;
  /** The 99th percentile of that value for groups of that size or more in a continuum. */
  null: number;
}

/**
 * How far groups of lattices are set apart from all others: in a continuum, wherever it is cut, other lattices begin where a group ends.
 * @param groups by their points
 * @param strays points that are in no group
 * @returns by group; undefined for a group that has too few points
 */
export function isolations(
  groups: readonly (readonly LatticePoint[])[],
  strays: readonly LatticePoint[],
): (Isolation | undefined)[] {
  const all = [...groups.flat(), ...strays];
  if (all.length === 0) return groups.map(() => undefined);
  const start = widestGap(all);
  // By draw: of every group that linkage makes, its size and how far it is set apart.
  const draws = continua(unrolled(all, start), 0).map((points) => {
    return groupingsOf(points, LEAST_GROUP).flatMap((groups) =>
      groups.flatMap((members) => {
        const own = new Set(members);
        const others = points.filter((_, i) => !own.has(i));
        const group = members.map((i) => points[i]!);
        const value = apartness(group, others);
        return value < Infinity ? [{ size: members.length, value }] : [];
      }),
    );
  });
  const share = Math.min(1, MOST_POINTS / all.length);
  return groups.map((group, place): Isolation | undefined => {
    if (group.length < LEAST_GROUP) return undefined;
    const others = [...groups.filter((_, other) => other !== place).flat(), ...strays];
    const size = Math.max(LEAST_GROUP, Math.floor(share * group.length));
    const highest = draws.map((found) =>
      found.reduce((most, one) => (one.size >= size ? Math.max(most, one.value) : most), 0),
    );
    // The orientations are cut open opposite of the group, so that it is whole and its neighbours are on both its sides.
    const opposite = middleOf(unrolled(group, widestGap(group)))[1] + widestGap(group) + PERIOD / 2;
    return {
      value: apartness(unrolled(group, opposite), unrolled(others, opposite)),
      null: percentile(highest, LEVEL),
    };
  });
}
