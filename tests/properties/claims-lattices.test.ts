import { xoroshiro128plus } from "pure-rand/generator/XoroShiro";
import { describe, expect, test } from "vitest";
import { periodicTuning } from "../../src/claims/c01-periodic-modules.ts";
import { ownLattices } from "../../src/claims/c02-own-lattices.ts";
import { hexagonalLattice } from "../../src/claims/c03-hexagonal.ts";
import { phaseTiling } from "../../src/claims/c04-phases.ts";
import {
  homology,
  LEAST_CONFIDENCE,
  populationTorus,
  shuffledPopulation,
  torusConfidence,
} from "../../src/claims/c05-torus.ts";
import { Study } from "../../src/claims/study.ts";
import type { Barcode } from "../../src/measure/homology/bar.ts";
import { normal, uniform } from "../../src/measure/random.ts";
import type { Samples } from "../../src/measure/survey.ts";
import { combined, coordinates, type Vector } from "../../src/measure/vector.ts";
import { polar } from "../../src/synthetic/maps.ts";
import { studyOf, lostAgent, moduleRates, placeAgent, placeRates, SMALL, THREE_MODULES, type Rate } from "./agents.ts";

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

  test("C5 the rule tells tori from what is none, with 150 and with 250 landmarks (mutants: the first loop alone; no cavity; estimated Betti numbers, which give a sheared torus one loop; no null)", () => {
    const generator = xoroshiro128plus(21);
    const box = 4.5;
    /** Gaussian fields on the lattice of a and b, at the point of the cell that the phase names. */
    const onLattice = (a: Vector, b: Vector, width: number): Rate => {
      const phase: Vector = [uniform(generator), uniform(generator)];
      return (x, y) => {
        const off = coordinates([x, y], a, b).map((one, i) => one - phase[i]! - Math.round(one - phase[i]!));
        const fields = [-1, 0, 1].flatMap((i) => [-1, 0, 1].map((j) => combined(off[0]! + i, a, off[1]! + j, b)));
        return fields.reduce((sum, [dx, dy]) => sum + Math.exp(-(dx * dx + dy * dy) / (2 * width ** 2)), 0);
      };
    };
    const along = (places: number, sharpness: number): Rate => {
      const phase = uniform(generator);
      return (x) => Math.exp(sharpness * (Math.cos(2 * Math.PI * (x / places - phase)) - 1));
    };
    const place = (width: number): Rate => {
      const [cx, cy] = [box * (uniform(generator) - 0.5), box * (uniform(generator) - 0.5)];
      return (x, y) => Math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * width ** 2));
    };
    const cylinder = (): Rate => {
      const [round, middle] = [along(2.3, 2), box * (uniform(generator) - 0.5)];
      return (x, y) => round(x, y) * Math.exp(-((y - middle) ** 2) / (2 * 0.7 ** 2));
    };
    const lattice = (spacing: number, second = spacing, angle = 60, width = 0.2) => {
      return (): Rate => onLattice(polar(spacing, 10), polar(second, 10 + angle), width * spacing);
    };
    /** Activity of units at random places, with noise, each state of length one. */
    const activity = (make: () => Rate, noise: number, units = 30): Samples => {
      const rates = Array.from({ length: units }, make);
      const positions = Float32Array.from({ length: 4000 }, () => box * (uniform(generator) - 0.5));
      const states = new Float32Array(2000 * units);
      for (let s = 0; s < 2000; s++) {
        const row = rates.map((rate) =>
          Math.max(0, rate(positions[2 * s]!, positions[2 * s + 1]!) + noise * normal(generator)),
        );
        const size = Math.hypot(...row) || 1;
        states.set(
          row.map((value) => value / size),
          s * units,
        );
      }
      return { positions, states };
    };
    const cases: [string, boolean, Samples][] = [
      ["fine lattice", true, activity(lattice(1.2), 0.1)],
      ["coarse lattice", true, activity(lattice(3), 0.1)],
      ["sheared lattice", true, activity(lattice(2.3, 2.7, 75), 0.1)],
      ["wide fields", true, activity(lattice(2.3, 2.3, 60, 0.25), 0.1)],
      ["many units", true, activity(lattice(2.3), 0.1, 60)],
      ["stripes", false, activity(() => along(2.3, 1), 0.05)],
      ["place cells", false, activity(() => place(0.6), 0.05)],
      ["a cylinder", false, activity(cylinder, 0.05)],
      ["a lattice twice as long as the box", false, activity(lattice(9), 0.05)],
    ];
    for (const landmarks of [150, 250]) {
      for (const [name, torus, population] of cases) {
        const shuffles = [1, 2].map(() => homology(shuffledPopulation(population, generator), landmarks).barcode);
        const confidence = torusConfidence(homology(population, landmarks).barcode, shuffles);
        expect([landmarks, name, confidence >= LEAST_CONFIDENCE]).toEqual([landmarks, name, torus]);
      }
    }
  });

  test("C5 two tori far apart, and loops that are closed before all points hang together, are no torus (mutant: connectedness not asked for)", () => {
    const torus: Barcode = [
      [
        [0, Infinity],
        [0, 0.3],
      ],
      [
        [0.4, 1],
        [0.4, 0.9],
      ],
      [[0.5, 0.8]],
    ];
    const noise: Barcode = [
      [
        [0, Infinity],
        [0, 0.3],
      ],
      [[0.4, 0.5]],
      [[0.5, 0.55]],
    ];
    expect(torusConfidence(torus, [noise])).toBeCloseTo(0.8);
    expect(
      torusConfidence(
        [
          [
            [0, Infinity],
            [0, 2],
          ],
          torus[1]!,
          torus[2]!,
        ],
        [noise],
      ),
    ).toBe(0);
    expect(torusConfidence([torus[0]!, torus[1]!, [[0.9, 1.2]]], [noise])).toBe(0);
    expect(torusConfidence([torus[0]!, torus[1]!.slice(0, 1), torus[2]!], [noise])).toBe(0);
  });
});
