import { xoroshiro128plus } from "pure-rand/generator/XoroShiro";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { LARGEST_DEPARTURE, LARGEST_RATIO } from "../measure/classify.ts";
import { shuffleFields } from "../measure/field-shuffle.ts";
import { mapOf, type RateMaps } from "../measure/rate-map.ts";
import {
  LARGEST_REST,
  LEAST_POWER,
  meanSpectrum,
  sixPeaks,
  type SixPeaks,
  type Spectrum,
} from "../measure/spectrum.ts";
import { length } from "../measure/vector.ts";
import type { Cell, Figure, Outcome } from "./claim.ts";
import type { Study, TrainedModel, View } from "./study.ts";
import { figureOf, short } from "./figures.ts";
import { moduleSpectrum, peakDistance } from "./module-spectrum.ts";
import { distinctModules, type LatticeModule } from "./modules.ts";
import { shareMet, SHARES, verdictOver } from "./shares.ts";

/** How many shuffled modules the null has, and how many units each of them has at most. */
const SHUFFLES = 10;
const SHUFFLED_UNITS = 8;

/** The largest wave vector that a figure shows, in cycles a metre. */
const EXTENT = 3;

/** The share of shuffled modules, made of the same fields at random places (M10), whose spectra have the six peaks of a hexagon. */
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
    return sixPeaks(spectrum, peakDistance(view))?.hexagonal === true;
  });
  return hits.filter(Boolean).length / SHUFFLES;
}

/**
 * The lattice of each module is hexagonal: its mean Fourier spectrum has six peaks, +-k1, +-k2, +-k3, 60 degrees apart.
 * @spec C3
 */
export function hexagonalLattice(study: Study): Outcome {
  const modules = study.baselines.flatMap((model) => {
    const view = study.view(model);
    return distinctModules(view).map((one) => ({ model, view, one, ...moduleSpectrum(view, one.module.units) }));
  });
  const hexagonal = modules.filter(({ six }) => six?.hexagonal === true);
  const seeds = new Set(hexagonal.map(({ model }) => model.name)).size;
  const generator = xoroshiro128plus(3);
  const nulls = modules
    .filter(({ model }) => study.first.includes(model))
    .map(({ model, view, one }) => ({ model, one, share: nullShare(view, one.module.units, generator) }));
  return {
    verdict: verdictOver(hexagonal.length, modules.length),
    reason: `${hexagonal.length} of ${modules.length} modules have six peaks at 60 degrees. ${seeds} of ${study.baselines.length} seeds have at least one such module.`,
    rule:
      `A module meets the rule if the three highest peaks of the upper half plane are within ${LARGEST_DEPARTURE} degrees of 60 degrees apart, the longest wave vector is at most ${LARGEST_RATIO} times the shortest, ` +
      `the third peak has at least 1/${(1 / LEAST_POWER).toFixed(0)} of the first one's power, and the next peak that is not the lattice's own has at most ${LARGEST_REST} of the third one's power. ` +
      `The tolerances are those of M7, and the heights say that six peaks stand out. Modules with different lattices of all baselines are taken alike. ${SHARES}`,
    deciding: [
      shareMet("Modules", hexagonal.length, modules.length),
      {
        what: "Largest share of shuffled modules with six peaks of a hexagon",
        value: nulls.length === 0 ? null : Math.max(...nulls.map(({ share }) => share)),
        limit: null,
      },
    ],
    evidence: {
      columns: [
        "seed",
        "units",
        "|k1|, |k2|, |k3| (1/m)",
        "angles (degrees)",
        "third peak / first",
        "fourth peak / third",
        "power in six peaks",
        "hexagonal",
        "class (M7)",
      ],
      rows: modules.map(({ model, one, six }) => rowOf(model, one, six)),
    },
    null: {
      columns: ["seed", "units", "share of shuffled modules with six peaks of a hexagon"],
      rows: nulls.map(({ model, one, share }) => [model.config.seed, one.module.units.length, share]),
    },
    figures: modules.map(({ model, one, spectrum }, i) => spectrumFigure(model, one, spectrum, i)),
  };
}

function rowOf(model: TrainedModel, { module, class: name }: LatticeModule, six: SixPeaks | undefined): Cell[] {
  const start = [model.config.seed, module.units.length];
  if (six === undefined) return [...start, null, null, null, null, null, false, name];
  return [...start, six.k.map(length), six.angles, six.evenness, six.rest, six.share, six.hexagonal, name];
}

/** The middle of a spectrum, relative to its highest value. */
function spectrumFigure(
  model: TrainedModel,
  { module }: LatticeModule,
  { size, spacing, power }: Spectrum,
  i: number,
): Figure {
  const reach = Math.min(size / 2 - 1, Math.round(EXTENT / spacing));
  const side = 2 * reach + 1;
  const highest = power.reduce((most, value) => Math.max(most, value), 0);
  return {
    ...figureOf("C3", model, `spectrum-${i}`, `Mean power spectrum of a module of ${module.units.length} units.`),
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
