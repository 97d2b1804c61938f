import { xoroshiro128plus } from "pure-rand/generator/XoroShiro";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { shuffleFields } from "../measure/field-shuffle.ts";
import { mapOf, type RateMaps } from "../measure/rate-map.ts";
import { meanSpectrum, sixPeaks, type SixPeaks, type Spectrum } from "../measure/spectrum.ts";
import { length } from "../measure/vector.ts";
import type { Cell, Figure, Finding } from "./claim.ts";
import type { Study, TrainedModel, View } from "./study.ts";
import { figureOf, short } from "./figures.ts";
import { distinctModules, type LatticeModule } from "./modules.ts";
import { SHARES, verdictOver } from "./verdict.ts";

/** Shuffled modules of the null, and most units of each. */
const SHUFFLES = 10;
const SHUFFLED_UNITS = 8;

/** Wave vectors shown in a figure: up to this many cycles a metre. */
const EXTENT = 3;

/** Peaks are told apart from this distance on, in cycles a metre: half the width of one under Hann's window, 2 / L. */
export function reachOf(view: View): number {
  return 2 / view.box;
}

/** The spectrum of a module and its six peaks. */
export function spectrumOf(view: View, units: readonly number[]): { spectrum: Spectrum; six: SixPeaks | undefined } {
  const spectrum = meanSpectrum(view.analysis.smoothedMaps, units);
  return { spectrum, six: sixPeaks(spectrum, reachOf(view)) };
}

/** The share of modules made of the same fields put anywhere (M10) whose spectra have six peaks of a hexagon. */
function nullShare(view: View, units: readonly number[], generator: RandomGenerator): number {
  const { smoothedMaps: maps } = view.analysis;
  const some = units.slice(0, SHUFFLED_UNITS);
  const hits = Array.from({ length: SHUFFLES }, () => {
    const values = new Float64Array(some.length * maps.bins * maps.bins);
    some.forEach((unit, i) => {
      values.set(shuffleFields(mapOf(maps, unit), maps.bins, generator), i * maps.bins * maps.bins);
    });
    const shuffled: RateMaps = { ...maps, units: some.length, values };
    const spectrum = meanSpectrum(
      shuffled,
      some.map((_, i) => i),
    );
    return sixPeaks(spectrum, reachOf(view))?.hexagonal === true;
  });
  return hits.filter(Boolean).length / SHUFFLES;
}

/**
 * C3. Each module's lattice is hexagonal: its mean Fourier spectrum has six peaks, +-k1, +-k2, +-k3, 60 degrees apart.
 * @spec C3
 */
export function hexagonalLattice(study: Study): Finding {
  const modules = study.baselines.flatMap((member) => {
    const view = study.view(member);
    return distinctModules(view).map((one) => ({ member, view, one, ...spectrumOf(view, one.module.units) }));
  });
  const hexagonal = modules.filter(({ six }) => six?.hexagonal === true);
  const seeds = new Set(hexagonal.map(({ member }) => member.name)).size;
  const generator = xoroshiro128plus(3);
  const nulls = modules.filter(({ member }) => study.few.includes(member));
  return {
    number: "C3",
    title: "Hexagonal lattices",
    statement:
      "The lattice of each module is hexagonal: the mean Fourier spectrum of its units' rate maps has six peaks, at wave vectors k1, k2, k3 of equal length 60 degrees apart and at their negatives.",
    source: "experiments, emergence of grid cells and analysis of their Fourier spectra",
    verdict: verdictOver(hexagonal.length, modules.length),
    reason: `${hexagonal.length} of ${modules.length} modules have six peaks at 60 degrees; ${seeds} of ${study.baselines.length} seeds have at least one such module.`,
    threshold: `A module is hexagonal if the three highest peaks of the upper half plane are 60 +- 6 degrees apart, the longest at most 1.1 times the shortest, the third at least a third as high as the first, and the fourth at most half of the third: M7's tolerances, and six peaks that stand out. Modules of the baselines with different lattices count alike. ${SHARES}`,
    evidence: {
      columns: [
        "seed",
        "units",
        "|k1|, |k2|, |k3| (1/m)",
        "angles (degrees)",
        "evenness",
        "next peak",
        "power in six",
        "hexagonal",
        "class (M7)",
      ],
      rows: modules.map(({ member, one, six }) => rowOf(member, one, six)),
    },
    null: {
      columns: ["seed", "units", "share of shuffled modules with six peaks of a hexagon"],
      rows: nulls.map(({ member, view, one }) => [
        member.config.seed,
        one.module.units.length,
        nullShare(view, one.module.units, generator),
      ]),
    },
    figures: modules.map(({ member, one, spectrum }, i) => spectrumFigure(member, one, spectrum, i)),
  };
}

function rowOf(member: TrainedModel, { module, class: name }: LatticeModule, six: SixPeaks | undefined): Cell[] {
  const start = [member.config.seed, module.units.length];
  if (six === undefined) return [...start, null, null, null, null, null, "fewer than six peaks", name];
  const list = (values: readonly number[], digits: number): string => values.map((x) => x.toFixed(digits)).join(", ");
  return [
    ...start,
    list(six.k.map(length), 2),
    list(six.angles, 1),
    six.evenness,
    six.rest,
    six.share,
    six.hexagonal ? "yes" : "no",
    name,
  ];
}

/** The middle of a spectrum, relative to its highest value. */
function spectrumFigure(
  member: TrainedModel,
  { module }: LatticeModule,
  { size, spacing, power }: Spectrum,
  i: number,
): Figure {
  const reach = Math.min(size / 2 - 1, Math.round(EXTENT / spacing));
  const side = 2 * reach + 1;
  const highest = power.reduce((most, value) => Math.max(most, value), 0);
  return {
    ...figureOf("C3", member, `spectrum-${i}`, `Mean power spectrum of a module of ${module.units.length} units.`),
    kind: "image",
    size: side,
    extent: reach * spacing,
    xLabel: "cycles a metre along x",
    yLabel: "cycles a metre along y",
    values: Array.from({ length: side * side }, (_, pixel) => {
      const x = (pixel % side) - reach + size / 2;
      const y = Math.floor(pixel / side) - reach + size / 2;
      return short(power[y * size + x]! / highest);
    }),
  };
}
