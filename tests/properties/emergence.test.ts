import { describe, expect, test } from "vitest";
import { differentLattices, emergence } from "../../src/measure/emergence.ts";
import type { Module, Pair } from "../../src/measure/judgement.ts";
import type { IntegerMatrix } from "../../src/measure/relation.ts";

function module(size: number, change: Partial<Module> = {}): Module {
  return {
    units: Array.from({ length: size }, (_, i) => i),
    class: "hexagonal",
    reason: "",
    counts: true,
    meanSpacing: 1,
    spread: null,
    isolation: null,
    spacing: [1, 1],
    angle: 60,
    orientation: 0,
    gridness: 1.2,
    correctedGridness: 1.2,
    ellipticity: 1,
    periodicity: 0.9,
    peak: 0.9,
    null: null,
    ...change,
  };
}

function pair(matrix: IntegerMatrix, verdict: Pair["verdict"] = "nested"): Pair {
  return { modules: [0, 1], ratio: 2, rotation: 0, matrix, misfit: 0, chance: 0, verdict };
}

const twice = pair([
  [2, 0],
  [0, 2],
]);
const same = pair([
  [1, 1],
  [0, 1],
]);

describe("M14 emergence", () => {
  test("two grid modules on different lattices with four fifths of the active units", () => {
    const modules = [module(20), module(12)];
    expect(emergence({ active: 40, modules, pairs: [twice] })).toEqual({
      gridModules: 2,
      inModules: 0.8,
      emerged: true,
    });
    expect(emergence({ active: 41, modules, pairs: [twice] }).emerged).toBe(false);
    expect(emergence({ active: 0, modules: [], pairs: [] })).toEqual({ gridModules: 0, inModules: 0, emerged: false });
  });

  // Kills: one lattice counted twice, a coincidence of independent lattices taken for one.
  test("groups of units on one lattice count once", () => {
    const modules = [module(20), module(12)];
    expect(emergence({ active: 32, modules, pairs: [same] })).toMatchObject({ gridModules: 1, emerged: false });
    expect(differentLattices({ modules, pairs: [same] })).toEqual([0]);
    expect(differentLattices({ modules, pairs: [{ ...same, verdict: "independent" }] })).toEqual([0, 1]);
  });

  // Kills: each of the bounds left out, or on the wrong side.
  test.each<[string, number, Partial<Module>, number]>([
    ["a gridness of 0.8", 12, { gridness: 0.8 }, 1],
    ["no gridness", 12, { gridness: null }, 1],
    ["a gridness of 0.81", 12, { gridness: 0.81 }, 2],
    ["a sheared lattice", 12, { class: "sheared" }, 1],
    ["nine units", 9, {}, 1],
    ["ten units", 10, {}, 2],
    ["stripes", 12, { angle: null, class: "stripe" }, 1],
  ])("%s", (_, size, change, gridModules) => {
    const modules = [module(40), module(size, change)];
    expect(emergence({ active: 50, modules, pairs: [twice] }).gridModules).toBe(gridModules);
  });
});
