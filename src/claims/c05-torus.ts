import { xoroshiro128plus } from "pure-rand/generator/XoroShiro";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { euclideanDistances, landmarks } from "../measure/homology/landmarks.ts";
import { persistence } from "../measure/homology/persistence.ts";
import type { Barcode } from "../measure/homology/bar.ts";
import { significance, type Significance } from "../measure/homology/significance.ts";
import { waves } from "../measure/phase.ts";
import { principal } from "../measure/principal.ts";
import { wholeBelow } from "../measure/random.ts";
import { ring } from "../measure/ring.ts";
import type { Samples } from "../measure/survey.ts";
import { dot, modulo, type Vector } from "../measure/vector.ts";
import type { Cell, Figure, Finding } from "./claim.ts";
import type { Study, TrainedModel } from "./study.ts";
import { spectrumOf } from "./c03-hexagonal.ts";
import { figureOf, short } from "./figures.ts";
import { latticeModules } from "./modules.ts";
import { SHARES, verdictOver } from "./verdict.ts";

/** Principal components that a torus of a hexagonal lattice fills: two for each of k1, k2, k3. */
const DIMENSIONS = 6;

/** States that the principal components and the rings are taken of, and points that stand for them in the homology. */
const STATES = 2000;
const LANDMARKS = 150;

/** Shuffled populations of the null. */
const SHUFFLES = 6;

/** Betti numbers of a torus. */
const TORUS = [1, 2, 1];

/** Points of a cloud or of a ring in a figure. */
const SHOWN = 800;

/** The activity of some units at the first `count` evenly spaced samples; the units are then 0, 1, .. in it. */
function populationOf({ positions, states }: Samples, units: readonly number[], wanted: number): Samples {
  const all = positions.length / 2;
  const count = Math.min(wanted, all);
  const width = states.length / all;
  const chosen = Array.from({ length: count }, (_, i) => Math.floor((i * all) / count));
  return {
    positions: Float32Array.from(chosen.flatMap((s) => [positions[2 * s]!, positions[2 * s + 1]!])),
    states: Float32Array.from(chosen.flatMap((s) => units.map((unit) => states[s * width + unit]!))),
  };
}

/** The same activity with every unit's values in an order of their own: what each unit does stays, what they do together is lost. */
function shuffledPopulation({ positions, states }: Samples, generator: RandomGenerator): Samples {
  const count = positions.length / 2;
  const width = states.length / count;
  const shuffled = states.slice();
  for (let unit = 0; unit < width; unit++) {
    for (let i = count - 1; i > 0; i--) {
      const j = wholeBelow(generator, i + 1);
      const [p, q] = [i * width + unit, j * width + unit];
      [shuffled[p], shuffled[q]] = [shuffled[q]!, shuffled[p]!];
    }
  }
  return { positions, states: shuffled };
}

/** Homology of a population's first principal components, on landmarks. */
function homology(
  states: ArrayLike<number>,
  width: number,
): { barcode: Barcode; share: number; coordinates: Float64Array } {
  const dimensions = Math.min(DIMENSIONS, width);
  const { coordinates, shares } = principal(states, width, dimensions);
  const count = coordinates.length / dimensions;
  const cloud = { count, dimensions, values: coordinates };
  const points = landmarks(cloud, Math.min(LANDMARKS, count));
  const barcode = persistence(euclideanDistances(cloud, points), points.length);
  return { barcode, share: shares.reduce((sum, share) => sum + share, 0), coordinates };
}

interface Measured {
  member: TrainedModel;
  units: number;
  /** Share of the variance in six dimensions, and the largest share of a shuffled population. */
  share: number;
  nullShare: number;
  /** By k1, k2, k3; empty without six peaks. */
  rings: { score: number; fidelity: number; nullScore: number; points: [number, number][] }[];
  homology: Significance[];
  betti: number[];
  barcode: Barcode;
  coordinates: Float64Array;
  colours: number[];
  torus: boolean;
}

/** The largest module with a lattice of one member; undefined without any. */
function measure(study: Study, member: TrainedModel, generator: RandomGenerator): Measured | undefined {
  const view = study.view(member);
  const [largest] = latticeModules(view);
  if (largest === undefined) return undefined;
  const { units } = largest.module;
  const population = populationOf(view.samples, units, STATES);
  const own = units.map((_, i) => i);
  const { barcode, share, coordinates } = homology(population.states, units.length);
  const shuffled = Array.from({ length: SHUFFLES }, () => shuffledPopulation(population, generator));
  const nulls = shuffled.map(({ states }) => homology(states, units.length));
  const tests = significance(
    barcode,
    nulls.map((one) => one.barcode),
  );
  const k = spectrumOf(view, units).six?.k ?? [];
  const rings = k.map((vector: Vector) => {
    const along = waves(view.analysis.smoothedMaps, units, vector);
    const nullScore = Math.max(...shuffled.map((one) => ring(one, own, along, vector).score));
    return { ...ring(population, own, along, vector), nullScore };
  });
  const betti = tests.map((one) => one.betti);
  const ringed = rings.length === 3 && rings.every(({ score, nullScore }) => score > nullScore);
  return {
    member,
    units: units.length,
    share,
    nullShare: Math.max(...nulls.map((one) => one.share)),
    rings,
    homology: tests,
    betti,
    barcode,
    coordinates,
    colours: k[0] ? phasesAlong(population, k[0]) : [],
    torus: ringed && TORUS.every((wanted, dimension) => betti[dimension] === wanted),
  };
}

/** How far each sample's place is along a wave, within [0, 1). */
function phasesAlong({ positions }: Samples, k: Vector): number[] {
  return Array.from({ length: positions.length / 2 }, (_, s) =>
    modulo(dot(k, [positions[2 * s]!, positions[2 * s + 1]!]), 1),
  );
}

/**
 * C5. The activity of a module's units together lies on a torus.
 * @spec C5
 */
export function populationTorus(study: Study): Finding {
  const generator = xoroshiro128plus(5);
  const measured = study.few.map((member) => measure(study, member, generator));
  const found = measured.flatMap((one) => one ?? []);
  const met = found.filter(({ torus }) => torus).length;
  const ringed = found.filter(
    ({ rings }) => rings.length > 0 && rings.every((one) => one.score > one.nullScore),
  ).length;
  const betti = found.map(({ betti: [b0, b1, b2] }) => `(${b0!}, ${b1!}, ${b2!})`).join(" ");
  const list = (values: readonly number[]): Cell => values.map((x) => x.toFixed(2)).join(", ");
  return {
    number: "C5",
    title: "Population activity on a torus",
    statement:
      "The states that the units of one module take together lie on a torus: six dimensions hold them, along k1, k2 and k3 they run around rings, and their homology is that of a torus.",
    source: "experiments, low-dimensional structure of the states of a module",
    verdict: verdictOver(met, measured.length),
    reason: `The largest module of ${met} of ${measured.length} seeds is a torus; Betti numbers ${betti || "of none"}, rings along k1, k2, k3 in ${ringed}.`,
    threshold: `A module's activity is on a torus if each ring score (1 - deviation / mean of the distance from the middle; 1 on a ring) is above that of ${SHUFFLES} populations whose units were shuffled in time, each for itself, and the bars that stand out, over the longest of these populations, number 1, 2 and 1 in dimensions 0, 1 and 2 (M13; ${LANDMARKS} landmarks of the first six principal components). Measured for the largest module with a lattice of the first ${study.few.length} seeds; a seed without one does not count as met. ${SHARES}`,
    evidence: {
      columns: [
        "seed",
        "units",
        "variance in six",
        "ring scores",
        "angle tells place",
        "Betti numbers",
        "longest bars H1",
        "longest bars H2",
      ],
      rows: measured.map((one, i) => {
        if (one === undefined) return [study.few[i]!.config.seed, 0, null, null, null, null, null, null];
        return [
          one.member.config.seed,
          one.units,
          one.share,
          list(one.rings.map(({ score }) => score)),
          list(one.rings.map(({ fidelity }) => fidelity)),
          one.betti.join(", "),
          list(one.homology[1]!.lengths.slice(0, 4)),
          list(one.homology[2]!.lengths.slice(0, 3)),
        ];
      }),
    },
    null: {
      columns: ["seed", "variance in six", "ring scores", "longest bar H1", "longest bar H2"],
      rows: found.map((one) => [
        one.member.config.seed,
        one.nullShare,
        list(one.rings.map(({ nullScore }) => nullScore)),
        one.homology[1]!.threshold,
        one.homology[2]!.threshold,
      ]),
    },
    figures: found.flatMap(figures),
  };
}

function figures({ member, units, coordinates, colours, rings, barcode, homology: tests }: Measured): Figure[] {
  const width = Math.min(DIMENSIONS, units);
  const step = Math.max(1, Math.floor(coordinates.length / width / SHOWN));
  const shown = Array.from({ length: Math.floor(coordinates.length / width / step) }, (_, i) => i * step);
  const at = (point: number, axis: number): number => short(coordinates[point * width + axis] ?? 0) ?? 0;
  const names = ["H0", "H1", "H2"];
  return [
    {
      ...figureOf(
        "C5",
        member,
        "cloud",
        `States of a module of ${units} units along three principal components, coloured by the place along k1.`,
      ),
      kind: "cloud",
      points: shown.map((point) => [at(point, 0), at(point, 1), at(point, 2)]),
      colours: shown.map((point) => short(colours[point] ?? 0) ?? 0),
    },
    ...(rings.length === 0
      ? []
      : [
          {
            ...figureOf("C5", member, "rings", "The same states in the planes of k1, k2 and k3."),
            kind: "scatter" as const,
            xLabel: "cosine part",
            yLabel: "sine part",
            square: true,
            series: rings.map(({ points }, i) => ({
              label: `k${i + 1}`,
              points: shown.map((point): [number, number] => [
                short(points[point]![0]) ?? 0,
                short(points[point]![1]) ?? 0,
              ]),
            })),
          },
        ]),
    {
      ...figureOf(
        "C5",
        member,
        "barcode",
        `Persistent homology on ${LANDMARKS} landmarks, with the longest bar of the shuffled populations.`,
      ),
      kind: "barcode",
      series: barcode.map((bars, dimension) => ({
        label: names[dimension]!,
        bars: bars.slice(0, 30).map(([birth, death]): [number, number | null] => [short(birth) ?? 0, short(death)]),
      })),
      nullLengths: tests.map(({ threshold }) => threshold),
    },
  ];
}
