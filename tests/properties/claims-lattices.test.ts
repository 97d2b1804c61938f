import { describe, expect, test } from "vitest";
import { periodicTuning } from "../../src/claims/c01-periodic-modules.ts";
import { ownLattices } from "../../src/claims/c02-own-lattices.ts";
import { hexagonalLattice } from "../../src/claims/c03-hexagonal.ts";
import { phaseTiling } from "../../src/claims/c04-phases.ts";
import { populationTorus } from "../../src/claims/c05-torus.ts";
import { Study } from "../../src/claims/study.ts";
import { studyOf, lostAgent, moduleRates, placeAgent, placeRates, SMALL, THREE_MODULES } from "./agents.ts";

/** What every claim is asked about, each looked at once: three hexagonal modules, a network that has learnt nothing, and a counter-example. */
const three = studyOf({ agent: placeAgent(THREE_MODULES) });
const lost = studyOf({ agent: lostAgent(24) });
const nobody = new Study([], [], SMALL);

const square = studyOf({
  agent: placeAgent([
    ...moduleRates({ count: 14, spacing: 1, turn: 10, angle: 90 }),
    ...moduleRates({ count: 14, spacing: 1.5, turn: 31, angle: 90 }),
  ]),
});

const alike: (study: Study) => string[] = (study) =>
  [periodicTuning, ownLattices, hexagonalLattice, phaseTiling, populationTorus].map((claim) => claim(study).verdict);

describe("claims about lattices", () => {
  test("C1 C2 C3 C4 C5 all of them hold for three hexagonal modules (mutants: a rule that no network meets)", () => {
    expect(alike(three)).toEqual(["holds", "holds", "holds", "holds", "holds"]);
  });

  test("C1 C2 C3 C4 C5 none of them holds for a network that has learnt nothing (mutants: a rule that all networks meet; no modules as met)", () => {
    const verdicts = alike(lost);
    expect(verdicts).not.toContain("holds");
    expect(verdicts.slice(0, 2)).toEqual(["fails", "fails"]);
  });

  test("C1 C2 C3 C4 C5 nothing is decided without networks (mutant: 0 of 0 as all)", () => {
    expect(new Set(alike(nobody))).toEqual(new Set(["not decided"]));
  });

  test("C1 place cells are not periodic, and a network that was so before training has not become it (mutants: tuned for periodic; the untrained network not looked at)", () => {
    expect(periodicTuning(studyOf({ agent: placeAgent(placeRates(30, 5, 0.4)) })).verdict).toBe("fails");
    const agent = placeAgent(THREE_MODULES);
    expect(periodicTuning(studyOf({ agent, untrained: agent })).verdict).toBe("fails");
  });

  test("C2 one module is not three, and each is counted with its units (mutants: units for modules; one module as enough)", () => {
    const one = studyOf({ agent: placeAgent(moduleRates({ count: 20, spacing: 1.2, turn: 10 })) });
    const finding = ownLattices(one);
    expect(finding.verdict).toBe("fails");
    expect(finding.evidence.rows[0]![1]).toBe(1);
    expect(ownLattices(three).evidence.rows[0]!.slice(1, 3)).toEqual([3, [16, 14, 12]]);
  });

  test("C3 square lattices fail, with the two peaks that they have (mutants: any lattice as hexagonal; angles folded to 60)", () => {
    expect(hexagonalLattice(square).verdict).toBe("fails");
  });

  test("C3 the six peaks have the lattice's wave vectors (mutants: axes exchanged; frequencies off by the padding)", () => {
    const finding = hexagonalLattice(three);
    const lengths = finding.evidence.rows.map((row) => (row[2] as number[])[0]!);
    [0.9, 1.26, 1.76].forEach((spacing, i) => {
      expect(lengths[i]! * spacing * Math.cos(Math.PI / 6)).toBeCloseTo(1, 1);
    });
  });

  test("C4 phases that are all alike, or in two clusters, or in half of the cell, do not tile it (mutants: first harmonic only; no gap)", () => {
    const cases: ((unit: number) => readonly [number, number])[] = [
      () => [0.3, 0.6],
      (unit) => [0.5 * (unit % 2), 0.1],
      (unit) => [0.5 * ((unit * 0.7548776662466927) % 1), (unit * 0.5698402909980532) % 1],
    ];
    for (const phase of cases) {
      // Place cells all over the box, or states of length one would hide where the module is silent.
      const study = studyOf({
        agent: placeAgent([...moduleRates({ count: 24, spacing: 1.2, turn: 10, phase }), ...placeRates(24, 5, 0.6)]),
      });
      expect(phaseTiling(study).verdict).toBe("fails");
    }
  });

  test("C5 units that all fire alike run along a line, not on a torus (mutant: neither rings nor Betti numbers asked for)", () => {
    const phase = (unit: number): readonly [number, number] => [unit / 20, 0.2];
    const study = studyOf({
      agent: placeAgent([...moduleRates({ count: 20, spacing: 1.2, turn: 10, phase }), ...placeRates(8, 5, 0.6)]),
    });
    expect(populationTorus(study).verdict).toBe("fails");
  });

  test("C5 three units run around rings, but three rates do not make a torus (mutant: Betti numbers not asked for)", () => {
    const phase = (unit: number): readonly [number, number] => [unit / 3, unit / 3];
    const study = studyOf({
      agent: placeAgent([...moduleRates({ count: 3, spacing: 1.2, turn: 10, phase }), ...placeRates(6, 5, 0.6)]),
    });
    const { verdict, evidence, null: nothing } = populationTorus(study);
    const lowest = (cell: unknown): number => Math.min(...(cell as number[]));
    expect(lowest(evidence.rows[0]![3])).toBeGreaterThan(lowest(nothing!.rows[0]![2]));
    expect(verdict).toBe("fails");
  });
});
