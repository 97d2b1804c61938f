import { xoroshiro128plus } from "pure-rand/generator/XoroShiro";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { euclideanDistances, landmarks } from "../measure/homology/landmarks.ts";
import { persistence } from "../measure/homology/persistence.ts";
import type { Barcode } from "../measure/homology/bar.ts";
import { outlasting, significance, type Significance } from "../measure/homology/significance.ts";
import { waves } from "../measure/phase.ts";
import { wholeBelow } from "../measure/random.ts";
import { ring } from "../measure/ring.ts";
import type { Samples } from "../measure/survey.ts";
import type { Vector } from "../measure/vector.ts";
import type { Figure, Outcome } from "./claim.ts";
import type { Study, TrainedModel } from "./study.ts";
import { figureOf, short, shortPoint } from "./figures.ts";
import { moduleSpectrum } from "./module-spectrum.ts";
import { cloudFigure, components, DIMENSIONS, populationOf, shownPoints, STATES } from "./module-states.ts";
import { latticeModules } from "./modules.ts";
import { shareMet, SHARES, verdictOver } from "./shares.ts";

/** Landmarks that stand for the states in the homology. From 150 on verdicts hardly depend on their number. */
const LANDMARKS = 200;

/** Shuffled populations of the null. */
const SHUFFLES = 6;

/** Loops and cavities of a torus. */
const LOOPS = 2;
const CAVITIES = 1;

/** Share by which these must outlast all other bars. Populations of known make decided on it: see spec/claims.md. */
export const LEAST_CONFIDENCE = 0.2;

/** Bars of each dimension in a figure. */
const SHOWN_BARS = 30;

/** The same activity with each unit's values in a random order of their own. What each unit does stays, and what the units do together is lost. */
export function shuffledPopulation({ positions, states }: Samples, generator: RandomGenerator): Samples {
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

/** The homology of a population's first principal components, on landmarks, and the share of the variance in them. */
export function homology(population: Samples, most = LANDMARKS): { barcode: Barcode; share: number } {
  const { coordinates, dimensions, shares } = components(population);
  const count = coordinates.length / dimensions;
  const cloud = { count, dimensions, values: coordinates };
  const points = landmarks(cloud, Math.min(most, count));
  const barcode = persistence(euclideanDistances(cloud, points), points.length);
  return { barcode, share: shares.reduce((sum, share) => sum + share, 0) };
}

/**
 * How clearly a barcode is that of a torus: the share by which two loops, and one cavity, outlast all others and all of the null (M13), the
 * lower of the two; 0 if there is no scale at which all points hang together and these three are there.
 * @spec C5
 */
export function torusConfidence(barcode: Barcode, shuffled: readonly Barcode[]): number {
  const [, loops, cavities] = significance(barcode, shuffled);
  const wanted = [...barcode[1]!.slice(0, LOOPS), ...barcode[2]!.slice(0, CAVITIES)]; // bars come longest first
  if (wanted.length < LOOPS + CAVITIES) return 0;
  const deaths = barcode[0]!.map(([, death]) => death).filter(Number.isFinite);
  const from = Math.max(...wanted.map(([birth]) => birth), ...deaths);
  const to = Math.min(...wanted.map(([, death]) => death));
  return from < to ? Math.min(outlasting(loops!, LOOPS), outlasting(cavities!, CAVITIES)) : 0;
}

interface Measured {
  model: TrainedModel;
  units: number;
  /** Share of the variance in six dimensions, and the largest share of a shuffled population. */
  share: number;
  nullShare: number;
  /** Along k1, k2 and k3; empty where the spectrum lacks six peaks. */
  rings: { score: number; fidelity: number; nullScore: number; points: [number, number][] }[];
  homology: Significance[];
  /** That the states lie on a torus. */
  confidence: number;
  betti: number[];
  barcode: Barcode;
  population: Samples;
  k: Vector[];
  torus: boolean;
}

/** The largest module of a model that has a lattice; undefined where there is none. */
function measure(study: Study, model: TrainedModel, generator: RandomGenerator): Measured | undefined {
  const view = study.view(model);
  const [largest] = latticeModules(view);
  if (largest === undefined) return undefined;
  const { units } = largest.module;
  const population = populationOf(view.samples, units, STATES);
  const own = units.map((_, i) => i);
  const { barcode, share } = homology(population);
  const shuffled = Array.from({ length: SHUFFLES }, () => shuffledPopulation(population, generator));
  const nulls = shuffled.map((one) => homology(one));
  const nullBarcodes = nulls.map((one) => one.barcode);
  const tests = significance(barcode, nullBarcodes);
  const confidence = torusConfidence(barcode, nullBarcodes);
  const k: Vector[] = moduleSpectrum(view, units).six?.k ?? [];
  const rings = k.map((vector) => {
    const along = waves(view.analysis.smoothedMaps, units, vector);
    const nullScore = Math.max(...shuffled.map((one) => ring(one, own, along, vector).score));
    return { ...ring(population, own, along, vector), nullScore };
  });
  const betti = tests.map((one) => one.betti);
  const ringed = rings.length === 3 && rings.every(({ score, nullScore }) => score > nullScore);
  return {
    model,
    units: units.length,
    share,
    nullShare: Math.max(...nulls.map((one) => one.share)),
    rings,
    homology: tests,
    confidence,
    betti,
    barcode,
    population,
    k,
    torus: ringed && confidence >= LEAST_CONFIDENCE,
  };
}

/**
 * The activity of a module's units together lies on a torus.
 * @spec C5
 */
export function populationTorus(study: Study): Outcome {
  const generator = xoroshiro128plus(5);
  const measured = study.first.map((model) => measure(study, model, generator));
  const found = measured.flatMap((one) => one ?? []);
  const met = found.filter(({ torus }) => torus).length;
  const ringed = found.filter(
    ({ rings }) => rings.length > 0 && rings.every((one) => one.score > one.nullScore),
  ).length;
  const betti = found.map((one) => `(${one.betti.join(", ")})`).join(" ");
  return {
    verdict: verdictOver(met, measured.length),
    reason: `The largest module is a torus in ${met} of ${measured.length} seeds. The Betti numbers that stand out most are ${betti || "unknown"}, and the states run around rings along k1, k2 and k3 in ${ringed}.`,
    rule:
      `A module's activity is on a torus if two things are so. Each ring score (1 - deviation / mean of the distance from the middle, 1 on a ring) is above that of ${SHUFFLES} populations whose units were shuffled in time, each by itself. ` +
      `In the homology (${LANDMARKS} landmarks of the first ${DIMENSIONS} principal components) there is a scale at which the states hang together around ${LOOPS} loops and ${CAVITIES} cavity, ` +
      `and these outlast all other loops and cavities, and all of the shuffled populations, by at least ${LEAST_CONFIDENCE} of their length (M13). ` +
      `The largest module with a lattice of the first ${study.first.length} seeds is measured, and a seed without one does not meet the rule. ${SHARES}`,
    deciding: [
      shareMet("Seeds", met, measured.length),
      {
        what: "Confidence in a torus, by seed",
        value: found.map((one) => one.confidence),
        limit: `at least ${LEAST_CONFIDENCE}`,
      },
      {
        what: "Lowest ring score less the highest of the shuffled populations, by seed",
        value: found.map(({ rings }) =>
          rings.length === 0 ? null : Math.min(...rings.map((one) => one.score - one.nullScore)),
        ),
        limit: "above 0",
      },
    ],
    evidence: {
      columns: [
        "seed",
        "units",
        "variance in six components",
        "ring scores",
        "angle tells the place",
        "Betti numbers",
        "confidence in a torus",
        "longest bars H1",
        "longest bars H2",
      ],
      rows: measured.map((one, i) => {
        if (one === undefined) return [study.first[i]!.config.seed, 0, null, null, null, null, null, null, null];
        return [
          one.model.config.seed,
          one.units,
          one.share,
          one.rings.map(({ score }) => score),
          one.rings.map(({ fidelity }) => fidelity),
          one.betti,
          one.confidence,
          one.homology[1]!.lengths.slice(0, 4),
          one.homology[2]!.lengths.slice(0, 3),
        ];
      }),
    },
    null: {
      columns: ["seed", "variance in six components", "ring scores", "longest bar H1", "longest bar H2"],
      rows: found.map((one) => [
        one.model.config.seed,
        one.nullShare,
        one.rings.map(({ nullScore }) => nullScore),
        one.homology[1]!.threshold,
        one.homology[2]!.threshold,
      ]),
    },
    figures: found.flatMap(figures),
  };
}

function figures({ model, units, population, k, rings, barcode, homology: tests }: Measured): Figure[] {
  const names = ["H0", "H1", "H2"];
  const shown = shownPoints(population.positions.length / 2);
  const caption = `States of a module of ${units} units along three principal components, coloured by the place along k1.`;
  return [
    cloudFigure(figureOf("C5", model, "cloud", caption), population, k[0]),
    ...(rings.length === 0
      ? []
      : [
          {
            ...figureOf("C5", model, "rings", "The same states in the planes that belong to k1, k2 and k3."),
            kind: "scatter" as const,
            xLabel: "cosine part",
            yLabel: "sine part",
            square: true,
            series: rings.map(({ points }, i) => ({
              label: `k${i + 1}`,
              points: shown.map((point) => shortPoint(points[point]!)),
            })),
          },
        ]),
    {
      ...figureOf(
        "C5",
        model,
        "barcode",
        `Persistent homology on ${LANDMARKS} landmarks, with the longest bar of the shuffled populations.`,
      ),
      kind: "barcode",
      series: barcode.map((bars, dimension) => ({
        label: names[dimension]!,
        bars: bars
          .slice(0, SHOWN_BARS)
          .map(([birth, death]): [number, number | null] => [short(birth) ?? 0, short(death)]),
      })),
      nullLengths: tests.map(({ threshold }) => threshold),
    },
  ];
}
