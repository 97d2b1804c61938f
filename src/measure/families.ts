import { meanAutocorrelogram } from "./autocorrelogram.ts";
import type { Autocorrelogram } from "./autocorrelogram.ts";
import { correlationDistances } from "./correlation-distances.ts";
import { bestGrouping, continuumNull, LEAST_GROUP } from "./discreteness.ts";
import type { LatticePoint } from "./discreteness.ts";
import { foldedOrientation, periodicLattice } from "./classify.ts";
import { lattice } from "./lattice.ts";
import type { Lattice } from "./lattice.ts";
import { ringLags } from "./modules.ts";
import { cellArea, changeOf, LARGEST_MISFIT, LARGEST_MISFIT_OF_ONE, meanSpacing } from "./relation.ts";
import { deviation } from "../statistics/statistics.ts";

/** Lattices are compared again within this many spacings: farther out those of one module run apart if its units differ a little. */
const NEAR = 2.25;

/** Groups are linked if two of their units are on lattices that differ by no more than this. */
const LARGEST_STEP = 0.15;

/** Largest misfit of a unit's own lattice from that of its group for it to count as the unit's. */
const LARGEST_OWN_MISFIT = 0.25;

/** Lattices whose spacings differ by more than this, as a logarithm, are not even compared. */
const FARTHEST = 0.4;

/** Most members of a fragment whose own lattices are sought; of more, as many that are evenly taken. */
const MOST_OWN = 100;

/** Units that agree, with their mean autocorrelogram and its lattice, if it repeats itself on one. */
interface Fragment {
  members: number[];
  mean: Autocorrelogram;
  lattice: Lattice | undefined;
  /** The own lattices of its members, by member; of many members those of some, evenly taken. */
  own: Map<number, Lattice>;
}

export interface FamilyOptions {
  /** Side of a bin, in metres. */
  binWidth: number;
  /** Largest distance of autocorrelograms that agree. */
  cut: number;
  minimumSize: number;
  /** Lags up to this radius, in bins, are left out of comparisons. */
  inner: number;
}

/** Units that are on one lattice, but for a spread. */
export interface Family {
  /** Indices of autocorrelograms, ascending. */
  members: number[];
  /** Standard deviations over members with a lattice of their own: of the spacing, as a share of it, and of the orientation in degrees. */
  spread: Spread | undefined;
  /** The lattices of members that have one of their own. */
  points: LatticePoint[];
}

export interface Spread {
  spacing: number;
  orientation: number;
}

/** One minus the correlation of two autocorrelograms within NEAR spacings and outside both central peaks. */
function nearDistance(p: Fragment, q: Fragment, binWidth: number, inner: number): number {
  const { size } = p.mean;
  const outer = (NEAR * (meanSpacing(p.lattice!) + meanSpacing(q.lattice!))) / 2 / binWidth;
  const lags = ringLags(size, inner, Math.min(outer, (size - 1) / 2));
  const rows = [p, q].map(({ mean }) => Float64Array.from(lags, (lag) => mean.values[lag]!));
  return correlationDistances(rows)[1]!;
}

/** Whether two large fragments have two units on lattices that are nearly one. */
function touch(p: Fragment, q: Fragment): boolean {
  return [...p.own.values()].some((one) =>
    [...q.own.values()].some((other) => changeOf(one, other, LARGEST_STEP) !== undefined),
  );
}

/** How a fragment's lattice is made from that of one that it is linked to; undefined if the two are not linked. */
function link(
  p: Fragment,
  q: Fragment,
  { binWidth, cut, minimumSize, inner }: FamilyOptions,
): [number, number] | undefined {
  const change = changeOf(p.lattice!, q.lattice!, LARGEST_OWN_MISFIT);
  if (change === undefined) return undefined;
  const alike = changeOf(p.lattice!, q.lattice!, LARGEST_MISFIT) !== undefined;
  if (p.members.length >= minimumSize && q.members.length >= minimumSize)
    return alike || touch(p, q) ? change : undefined;
  return alike && nearDistance(p, q, binWidth, inner) <= cut ? change : undefined;
}

/** Fragments that are linked to one another, directly or by others, each with its place among lattices: the largest one's, and from there on by stretches and turns. */
function connected(
  fragments: readonly Fragment[],
  options: FamilyOptions,
): { fragment: Fragment; at: LatticePoint }[][] {
  const order = fragments.slice().sort((p, q) => q.members.length - p.members.length);
  const left = new Set(order);
  return order.flatMap((start) => {
    if (!left.delete(start)) return [];
    const turn = (foldedOrientation(start.lattice!, "hexagonal") * Math.PI) / 180;
    const family = [{ fragment: start, at: [Math.log(cellArea(start.lattice!)) / 2, turn] as LatticePoint }];
    // The list grows while it is gone through.
    for (const { fragment, at } of family) {
      for (const other of left) {
        if (Math.abs(Math.log(meanSpacing(fragment.lattice!) / meanSpacing(other.lattice!))) > FARTHEST) continue;
        const change = link(fragment, other, options);
        if (change === undefined) continue;
        left.delete(other);
        family.push({ fragment: other, at: [at[0] + change[0], at[1] + change[1]] });
      }
    }
    return [family];
  });
}

/** The own lattices of some units that agree, of the lattice `found` together. */
function ownLattices(
  members: readonly number[],
  found: Lattice,
  list: readonly Autocorrelogram[],
  binWidth: number,
): Map<number, Lattice> {
  if (members.length === 1) return new Map([[members[0]!, found]]);
  const step = Math.max(1, members.length / MOST_OWN);
  const some = Array.from({ length: Math.ceil(members.length / step) }, (_, i) => members[Math.floor(i * step)]!);
  return new Map(
    some.flatMap((member) => {
      const own = lattice(list[member]!, binWidth);
      return own && changeOf(found, own, LARGEST_OWN_MISFIT) ? [[member, own] as const] : [];
    }),
  );
}

/** The members of a family as points; those whose own lattice is not theirs stand where their fragment does. */
function placed(
  family: readonly { fragment: Fragment; at: LatticePoint }[],
): { member: number; point: LatticePoint; own: boolean }[] {
  const all = family.flatMap(({ fragment, at }) => fragment.members.map((member) => ({ member, fragment, at })));
  return all.map(({ member, fragment, at }) => {
    const own = fragment.own.get(member);
    const change = own && changeOf(fragment.lattice!, own, LARGEST_OWN_MISFIT);
    return change === undefined
      ? { member, point: at, own: false }
      : { member, point: [at[0] + change[0], at[1] + change[1]] as const, own: true };
  });
}

/** Parts of a family that a gap divides which no continuum would show; the family itself if there is none. */
function divided(points: readonly ReturnType<typeof placed>[number][], minimumSize: number): (typeof points)[] {
  const least = Math.max(LEAST_GROUP, minimumSize);
  const plain = points.map(({ point }) => point);
  const { value, gap, groups } = bestGrouping(plain, least);
  if (gap <= LARGEST_MISFIT_OF_ONE || value <= continuumNull(plain, least)) return [points];
  return groups.flatMap((group) =>
    divided(
      group.map((i) => points[i]!),
      minimumSize,
    ),
  );
}

function familyOf(points: readonly ReturnType<typeof placed>[number][]): Family {
  const own = points.filter((one) => one.own);
  return {
    members: points.map(({ member }) => member).sort((i, j) => i - j),
    points: own.map(({ point }) => point),
    spread:
      own.length < 2
        ? undefined
        : {
            spacing: deviation(own.map(({ point }) => point[0])),
            orientation: (deviation(own.map(({ point }) => point[1])) * 180) / Math.PI,
          },
  };
}

/**
 * Joins groups of autocorrelograms whose lattices are one but for a spread, and divides those where a gap is.
 *
 * Units of one module differ a little in spacing and orientation. Many periods from the middle their autocorrelograms
 * no longer agree, so that one module may come as several groups and single units.
 * @param groups of indices into `list`, as `clusters` gives them
 * @returns groups without a lattice as they were; families otherwise
 */
export function families(
  list: readonly Autocorrelogram[],
  groups: readonly number[][],
  options: FamilyOptions,
): Family[] {
  const fragments = groups.map((members): Fragment => {
    const mean = meanAutocorrelogram(members.map((i) => list[i]!));
    const found = periodicLattice(mean, options.binWidth).lattice;
    return {
      members,
      mean,
      lattice: found,
      own: found ? ownLattices(members, found, list, options.binWidth) : new Map<number, Lattice>(),
    };
  });
  const withLattice = connected(
    fragments.filter((one) => one.lattice !== undefined),
    options,
  ).flatMap((family) => {
    const points = placed(family);
    return points.length < options.minimumSize
      ? [familyOf(points)]
      : divided(points, options.minimumSize).map(familyOf);
  });
  const without = fragments.filter((one) => one.lattice === undefined);
  return [...withLattice, ...without.map(({ members }) => ({ members, spread: undefined, points: [] }))];
}
