import { describe, expect, test } from "vitest";
import { autocorrelogram, meanAutocorrelogram } from "../../src/measure/autocorrelogram.ts";
import { averageLinkage } from "../../src/measure/average-linkage.ts";
import { chanceGroups, distinctMaps } from "../../src/measure/chance-groups.ts";
import { correlationDistances } from "../../src/measure/correlation-distances.ts";
import {
  bestGrouping,
  continuumNull,
  discretenessOf,
  isolations,
  type LatticePoint,
} from "../../src/measure/discreteness.ts";
import { shape } from "../../src/measure/classify.ts";
import { judge } from "../../src/measure/judge.ts";
import { lattice } from "../../src/measure/lattice.ts";
import { innerRadius } from "../../src/measure/modules.ts";
import { normal, uniform } from "../../src/measure/random.ts";
import { mapOf } from "../../src/measure/rate-map.ts";
import { screened } from "../../src/measure/screening.ts";
import { smooth } from "../../src/measure/smooth.ts";
import { withoutStrayBins } from "../../src/measure/stray-bins.ts";
import { latticeMap, moduleMaps, placeMap, polar, population, stripeMap } from "../../src/synthetic/maps.ts";
import {
  continuum,
  headDirectionCells,
  placeCells,
  randomFields,
  spreadModule,
} from "../../src/synthetic/populations.ts";
import { xoroshiro128plus } from "pure-rand/generator/XoroShiro";

const BINS = 32;
const BOX = 1.5;
const made = { bins: BINS, box: BOX, spacing: 0.4, orientation: 10, noise: 0.05, seed: 3 };
const few = { shuffles: 20 };

describe("M8 units that are left out", () => {
  test("gain, offset and sign of a unit, and one loud unit, change nothing (mutants: a share of the highest peak; the sign of a rate)", () => {
    const grids = moduleMaps(made, 6);
    const changed = grids.map((map, i) =>
      map.map((rate) => [1, -1, 200, -0.01, 1, 3][i]! * rate + [0, 20, -5, 1, 1e4, 0][i]!),
    );
    const flat = new Float64Array(BINS * BINS).fill(150);
    const spike = new Float64Array(BINS * BINS).map((_, bin) => (bin === 77 ? 5000 : 0));
    const { active, modules, dropped } = judge(population([...changed, flat, spike], BOX), { shuffles: 0 });
    expect(active).toBe(7);
    expect(modules.map(({ units }) => units)).toEqual([[0, 1, 2, 3, 4, 5]]);
    expect(dropped.units.map(({ unit }) => unit)).toEqual([6, 7]);
    expect(dropped.units[0]!.reason).toMatch(/^constant/);
  });

  test("one hot bin, in one unit or in all, is read as not visited and told (mutants: no bound; a bound from the highest rates; cold bins kept)", () => {
    const grids = moduleMaps(made, 6);
    const hot = (rate: number, place: (unit: number) => number | undefined): Float64Array[] =>
      grids.map((map, unit) => map.map((own, bin) => (bin === place(unit) ? rate : own)));
    for (const [maps, told] of [
      [hot(1000, () => 77), 6],
      [hot(-1000, () => 77), 6],
      [hot(30, (unit) => 100 + 131 * unit), 6],
      [hot(30, (unit) => (unit === 2 ? 500 : undefined)), 1],
      [grids, 0],
    ] as const) {
      const { modules, warnings } = judge(population(maps, BOX), { shuffles: 0 });
      expect(modules.map(({ units, class: name }) => [units.length, name])).toEqual([[6, "hexagonal"]]);
      expect(Math.abs(modules[0]!.meanSpacing! / 0.4 - 1)).toBeLessThan(0.02);
      const about = told === 0 ? [] : [expect.stringMatching(new RegExp(`^${told} of 6 units have bins whose rate`))];
      expect(warnings).toEqual(about);
    }
  });

  test("a narrow field, and the only field of a map, is no stray bin (mutants: a bound of one range; a range of 0)", () => {
    const narrow = placeMap(BINS, BOX, [0.1, 0.2], (0.7 * BOX) / BINS);
    const single = new Float64Array(BINS * BINS).map((_, bin) => (bin === 77 ? 5 : 0));
    expect(withoutStrayBins(population([narrow, single], BOX)).units).toBe(0);
  });

  test("a lattice of 2.5 to 3.5 bins is refused with a warning, one of 3.75 bins is not (mutants: no limit; a limit that is too high)", () => {
    for (const bins of [2.5, 3, 3.5]) {
      const maps = moduleMaps({ ...made, spacing: (bins * BOX) / BINS, orientation: 17, width: 0.25 }, 4);
      const { modules, dropped, warnings } = judge(population(maps, BOX), { shuffles: 0 });
      expect({ bins, modules, units: dropped.units.length }).toEqual({ bins, modules: [], units: 4 });
      expect(warnings.join()).toMatch(/finer than about four bins/);
    }
    const fine = moduleMaps({ ...made, spacing: (3.75 * BOX) / BINS, orientation: 17, width: 0.2 }, 4);
    expect(screened(population(fine, BOX))).toEqual([]);
  });
});

describe("M8 spread and continua", () => {
  test("one module with a spread of 5 % and 2 degrees is one in a box of two and of eight spacings (mutants: lags up to the box; pairs of one lattice kept apart)", () => {
    for (const [spacing, bins] of [
      [1, 32],
      [0.25, 64],
    ] as const) {
      const maps = spreadModule({ ...made, bins, box: 2, spacing, seed: 5 }, 16, { spacing: 0.05, orientation: 2 });
      const { modules, pairs } = judge(population(maps, 2), { shuffles: 0 });
      expect({ spacing, sizes: modules.map(({ units }) => units.length), pairs }).toEqual({
        spacing,
        sizes: [16],
        pairs: [],
      });
      expect(modules[0]!.spread!.spacing).toBeGreaterThan(0.02);
      expect(modules[0]!.spread!.spacing).toBeLessThan(0.08);
    }
  });

  test("a continuum of spacings has no module and no gap, modules have one (mutants: no test of gaps; a null of nothing)", () => {
    const maps = continuum({ bins: 40, box: 2, orientation: 10, noise: 0.05, seed: 1 }, 60, 0.3, 0.8);
    const { modules, discreteness, dropped, warnings } = judge(population(maps, 2), { shuffles: 0 });
    expect(modules).toEqual([]);
    expect(discreteness!.value).toBeLessThanOrEqual(discreteness!.null);
    expect(dropped.groups[0]!.reason).toMatch(/^a continuum/);
    expect(warnings.join()).toMatch(/not discrete/);
    const two = [...moduleMaps({ ...made, seed: 1 }, 6), ...moduleMaps({ ...made, spacing: 0.44, seed: 2 }, 6)];
    const apart = judge(population(two, BOX), { shuffles: 0 });
    expect(apart.modules.map(({ units }) => units.length)).toEqual([6, 6]);
    expect(apart.discreteness!.value).toBeGreaterThan(apart.discreteness!.null);
    expect(apart.pairs[0]!.verdict).toBe("independent");
  });

  test("a continuum in spacing and orientation, or in orientation alone, has no module that counts (mutants: no isolation; units in no group left out of it)", () => {
    const generator = xoroshiro128plus(11);
    const anywhere = (least: number, most: number, seed: number): Float64Array[] =>
      Array.from({ length: 40 }, (_, i) => {
        const spacing = least * (most / least) ** uniform(generator);
        const phase: [number, number] = [2 * uniform(generator), 2 * uniform(generator)];
        const orientation = 60 * uniform(generator);
        return latticeMap({ bins: BINS, box: 2, spacing, orientation, phase, noise: 0.05, seed: 100 * seed + i });
      });
    for (const [least, most, seed] of [
      [0.3, 0.8, 1],
      [0.3, 0.8, 2],
      [0.5, 0.5, 3],
    ] as const) {
      const { modules, discreteness, warnings } = judge(population(anywhere(least, most, seed), 2), { shuffles: 0 });
      expect(modules.filter(({ counts }) => counts)).toEqual([]);
      expect(discreteness!.value).toBeLessThanOrEqual(discreteness!.null);
      if (modules.length > 0) expect(warnings.join()).toMatch(/not set apart from those of other units/);
    }
  });

  test("groups are set apart whatever the turn at which orientations begin, cuttings of a continuum are not (mutants: orientations cut open within a group; a quarter of others let through on one side alone)", () => {
    const generator = xoroshiro128plus(3);
    const group = (stretch: number, turn: number, spread: number): LatticePoint[] =>
      Array.from({ length: 12 }, (): LatticePoint => [
        stretch + spread * normal(generator),
        turn + spread * normal(generator),
      ]);
    for (const turn of [0, 0.3, Math.PI / 3]) {
      const [first, second] = isolations([group(0, turn, 0.02), group(0.3, turn + 0.2, 0.02)], group(1, turn, 0.3));
      expect(first!.value).toBeGreaterThan(first!.null);
      expect(second!.value).toBeGreaterThan(second!.null);
    }
    const even = Array.from({ length: 60 }, (): LatticePoint => [uniform(generator), uniform(generator)]);
    const cuttings = even.filter(([x, y]) => (x - 0.5) ** 2 + (y - 0.5) ** 2 < 0.05);
    const [piece] = isolations(
      [cuttings],
      even.filter((point) => !cuttings.includes(point)),
    );
    expect(piece!.value).toBeLessThan(piece!.null);
    expect(isolations([cuttings.slice(0, 2), cuttings], [])[0]).toBeUndefined();
    expect(isolations([cuttings], [])[0]!.value).toBe(Infinity);
  });

  test("two lattices of one spacing six degrees apart are two modules (mutant: orientation left out of the points)", () => {
    const maps = [
      ...moduleMaps({ ...made, spacing: 0.7, seed: 1 }, 8),
      ...moduleMaps({ ...made, spacing: 0.7, orientation: 16, seed: 2 }, 8),
    ];
    const { modules } = judge(population(maps, BOX), { shuffles: 0 });
    expect(modules.map(({ units, orientation }) => [units.length, Math.round(orientation)])).toEqual([
      [8, 10],
      [8, 16],
    ]);
  });

  test("discreteness is above its null for groups and hardly ever for a continuum (mutants: tight triples among stray points; a null of one group)", () => {
    const generator = xoroshiro128plus(7);
    const groups = (middles: number[], spread: number): LatticePoint[] =>
      middles.flatMap((middle) =>
        Array.from({ length: 15 }, (): LatticePoint => [
          middle + spread * normal(generator),
          spread * normal(generator),
        ]),
      );
    for (let i = 0; i < 4; i++) {
      const modules = discretenessOf(groups([0, 0.35, 0.7], 0.04), 3)!;
      expect(modules.value).toBeGreaterThan(modules.null);
      const one = discretenessOf(groups([0], 0.05), 3)!;
      expect(one.value).toBeLessThanOrEqual(one.null);
    }
    const even = Array.from({ length: 20 }, () =>
      Array.from({ length: 40 }, (): LatticePoint => [uniform(generator), 0]),
    ).filter((points, i) => bestGrouping(points, 3).value > continuumNull(points, 3, i));
    expect(even.length).toBeLessThanOrEqual(2);
  });
});

describe("M7 M10 what is no grid does not count", () => {
  test("stripes longer than two thirds of the box are none (mutant: the bound for lattices alone)", () => {
    const maps = [0, 0.3, 0.6, 0.9].map((shift) => stripeMap(BINS, BOX, 1.1 + 0.001 * shift, 20));
    const { modules, dropped } = judge(population(maps, BOX), { shuffles: 0 });
    expect(modules).toEqual([]);
    expect(dropped.groups[0]!.reason).toMatch(/two thirds of the box/);
  });

  test("random fields, place cells of several fields and head-direction cells have no module that counts (mutants: no chance groups; one noise taken for many maps)", () => {
    const populations = [
      randomFields(BINS, 120, 3, 2),
      placeCells(BINS, BOX, 120, { fields: [3, 8], width: 0.12, seed: 1 }),
      headDirectionCells(BINS, BOX, 60, 6000, 1),
    ];
    for (const maps of populations) {
      const { modules, dropped } = judge(population(maps, BOX), few);
      expect(modules.filter(({ counts }) => counts)).toEqual([]);
      const told = [...modules, ...dropped.groups]
        .flatMap(({ units }) => units)
        .concat(dropped.units.map(({ unit }) => unit));
      expect(told.sort((p, q) => p - q)).toEqual(maps.map((_, unit) => unit));
    }
  });

  test("a group of three is chance among many units, not among few (mutant: the number of units left out)", () => {
    const maps = population(randomFields(BINS, 60, 3, 1), BOX);
    const units = Array.from({ length: 60 }, (_, i) => i);
    const correlograms = units.slice(0, 3).map((unit) => autocorrelogram(mapOf(maps, unit), BINS));
    const options = { shuffles: 50, cut: 0.3, seed: 0, inner: innerRadius(correlograms) };
    const [many, some] = [chanceGroups(maps, units, options), chanceGroups(maps, units.slice(0, 6), options)];
    const group = { size: 3, periodicity: 0.7, correlograms };
    expect(many.expected(group)).toBeGreaterThan(20 * some.expected(group));
    expect(many.expected({ ...group, size: 8 })).toBeLessThan(many.expected({ ...group, size: 4 }));
    expect(distinctMaps(maps, [0, 0, 1])).toBe(2);
  });
});

describe("M6 M7 lattices that are stretched, weak in rows, too long, or seen through a comb", () => {
  test("the mean spacing is that of all three axes of a stretched lattice, whose a and b are the shorter ones (mutant: the mean of a and b)", () => {
    const stretch = 1.15;
    const [a, b] = [polar(0.4, 10), polar(0.4, 70)];
    const stretched = (v: readonly [number, number]): number => Math.hypot(stretch * v[0], v[1]);
    const axes = [a, b, [a[0] - b[0], a[1] - b[1]] as const].map(stretched).sort((p, q) => p - q);
    const across = (v: readonly [number, number]): number => Math.atan2(v[1], stretch * v[0]);
    const generator = xoroshiro128plus(2);
    const maps = Array.from({ length: 6 }, () => {
      const phase: [number, number] = [uniform(generator), uniform(generator)];
      const angle = ((across(b) - across(a)) * 180) / Math.PI;
      const orientation = (across(a) * 180) / Math.PI;
      return latticeMap({ ...made, spacing: stretched(a), second: stretched(b), angle, orientation, phase });
    });
    const [module] = judge(population(maps, BOX), { shuffles: 0 }).modules;
    expect(Math.abs(module!.meanSpacing! / ((axes[0]! + axes[1]! + axes[2]!) / 3) - 1)).toBeLessThan(0.01);
    expect(module!.spacing[0] / module!.meanSpacing!).toBeLessThan(0.98);
    expect(module!.ellipticity).toBeCloseTo(stretch, 1);
  });

  test("a lattice with every other row weak is sought again, or its contradiction is told (mutants: no second search; the first lattice of it; no word)", () => {
    const withWeakRows = (share: number): Float64Array => {
      const all = latticeMap({ bins: 40, box: 4.5, spacing: 1, orientation: 10 });
      const strong = latticeMap({ bins: 40, box: 4.5, spacing: 1, second: Math.sqrt(3), angle: 90, orientation: 10 });
      return all.map((rate, bin) => share * rate + (1 - share) * strong[bin]!);
    };
    const seen = (share: number) => shape(autocorrelogram(withWeakRows(share), 40), 4.5 / 40);
    expect(lattice(autocorrelogram(withWeakRows(0.4), 40), 4.5 / 40)!.spacing[1]).toBeCloseTo(Math.sqrt(3), 1);
    expect(seen(0.4).class).toBe("hexagonal");
    expect(seen(0.4).spacing![1]).toBeCloseTo(1, 1);
    expect(seen(0.3).class).toBe("sheared");
    expect(seen(0.3).reason).toMatch(
      /the gridness is that of a hexagonal lattice, the vectors are those of a sheared one/,
    );
    // The mean of four noisy units, of which the first search takes every other row for all.
    const noisy = moduleMaps({ bins: 40, box: 4.5, spacing: 1, orientation: 10, noise: 1.2, seed: 25 }, 4);
    const mean = meanAutocorrelogram(noisy.map((map) => autocorrelogram(smooth(map, 40, 1), 40)));
    expect(lattice(mean, 4.5 / 40)!.spacing[1]).toBeCloseTo(Math.sqrt(3), 1);
    const { class: name, spacing } = shape(mean, 4.5 / 40);
    expect([name, spacing!.map((side) => side!.toFixed(1))]).toEqual(["hexagonal", ["1.0", "1.0"]]);
  });

  test("a module that is too long for the box is told with its spacing and the reason (mutants: no word; peaks up to 0.8 of the box alone)", () => {
    for (const spacing of [0.7, 0.8]) {
      const maps = [
        ...moduleMaps({ bins: 40, box: 1, spacing: 0.35, orientation: 5, seed: 1 }, 6),
        ...moduleMaps({ bins: 40, box: 1, spacing, orientation: 20, seed: 2 }, 12),
      ];
      const { modules, dropped } = judge(population(maps, 1), { shuffles: 0 });
      expect(modules.map(({ units }) => units.length)).toEqual([6]);
      expect(dropped.groups[0]!.units).toHaveLength(12);
      expect(Math.abs(dropped.groups[0]!.spacing![0] / spacing - 1)).toBeLessThan(0.02);
      expect(dropped.groups[0]!.reason).toMatch(/more than two thirds of the box of 1\.00 m/);
    }
  });

  test("a walk that leaves out every other row, or column, is warned of (mutants: no warning; one axis alone; a warning of gaps anywhere)", () => {
    const full = moduleMaps(made, 4);
    const without = (gap: (row: number, column: number) => boolean) =>
      full.map((map) => map.map((rate, bin) => (gap(Math.floor(bin / BINS), bin % BINS) ? NaN : rate)));
    const warned = (maps: readonly Float64Array[]): boolean =>
      judge(population(maps, BOX), { shuffles: 0 }).warnings.some((text) => text.startsWith("every other row"));
    expect(warned(without((row) => row % 2 === 1))).toBe(true);
    expect(warned(without((_, column) => column % 2 === 0))).toBe(true);
    expect(warned(without((row, column) => (7 * row + 3 * column) % 5 < 2))).toBe(false);
    expect(warned(full)).toBe(false);
  });
});

describe("clustering", () => {
  test("distances are those of pairs, over what both have (mutants: gaps as 0; rows of one gap for another)", () => {
    const generator = xoroshiro128plus(1);
    const rows = Array.from({ length: 7 }, (_, row) =>
      Float64Array.from({ length: 30 }, (__, k) => (row % 3 === 2 && (k + row) % 5 === 0 ? NaN : normal(generator))),
    );
    const distances = correlationDistances(rows.map((row) => row.slice()));
    rows.forEach((p, i) => {
      rows.forEach((q, j) => {
        const both = Array.from(p.keys()).filter((k) => !Number.isNaN(p[k]) && !Number.isNaN(q[k]));
        const centred = (row: Float64Array): number[] => {
          const mean = both.reduce((sum, k) => sum + row[k]!, 0) / both.length;
          return both.map((k) => row[k]! - mean);
        };
        const [x, y] = [centred(p), centred(q)];
        const dot = (a: number[], b: number[]): number => a.reduce((sum, value, k) => sum + value * b[k]!, 0);
        expect(distances[7 * i + j]).toBeCloseTo(i === j ? 0 : 1 - dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y)), 5);
      });
    });
  });

  test("chains of nearest neighbours find the clusters of the slow way (mutants: single linkage; sizes left out of the mean)", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const generator = xoroshiro128plus(seed);
      const points = Array.from({ length: 24 }, () => [uniform(generator), uniform(generator)] as const);
      const apart = (i: number, j: number): number =>
        Math.hypot(points[i]![0] - points[j]![0], points[i]![1] - points[j]![1]);
      const mean = (p: number[], q: number[]): number =>
        p.reduce((sum, i) => sum + q.reduce((inner, j) => inner + apart(i, j), 0), 0) / (p.length * q.length);
      let slow = points.map((_, i) => [i]);
      for (;;) {
        let best = { p: -1, q: -1, distance: 0.3 };
        slow.forEach((a, p) => {
          slow.slice(0, p).forEach((b, q) => {
            if (mean(a, b) <= best.distance) best = { p, q, distance: mean(a, b) };
          });
        });
        if (best.p < 0) break;
        const joined = [...slow[best.p]!, ...slow[best.q]!].sort((i, j) => i - j);
        slow = [...slow.filter((_, i) => i !== best.p && i !== best.q), joined];
      }
      const distances = Float64Array.from({ length: 576 }, (_, k) => apart(Math.floor(k / 24), k % 24));
      expect(averageLinkage(distances, 24, 0.3)).toEqual(slow.sort((p, q) => p[0]! - q[0]!));
    }
  });
});
