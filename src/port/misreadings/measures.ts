import { measureAnswers } from "../wire.ts";
import { edited } from "./edited.ts";
import type { Misreading } from "./misreading.ts";
import type { Reading } from "../reading.ts";

/** The operations that look for the end of the central peak. */
const CENTRAL_PEAK: (keyof Reading)[] = ["gridness", "lattice", "modules"];

/** Misreadings of the measures. */
export const measureMisreadings: Misreading[] = [
  {
    name: "rate-map-unvisited-zero",
    requirement: "M2",
    says: "bins that were never visited have a rate of 0, not null",
    change: edited(["rateMap"], "measures", "here.length === 0 ? NaN", "here.length === 0 ? 0"),
  },
  {
    name: "rate-map-axes-swapped",
    requirement: "M2",
    says: "rate maps are transposed: their rows are x, not y",
    change: edited(
      ["rateMap"],
      "measures",
      "bin(positions[p]![0]!) === x && bin(positions[p]![1]!) === y",
      "bin(positions[p]![0]!) === y && bin(positions[p]![1]!) === x",
    ),
  },
  {
    name: "rate-map-upper-edges",
    requirement: "M2",
    says: "a bin contains its upper edges, not its lower ones",
    change: edited(
      ["rateMap"],
      "measures",
      "min(bins - 1, floor((coordinate / box + 1 / 2) * bins))",
      "max(0, ceil((coordinate / box + 1 / 2) * bins) - 1)",
    ),
  },
  {
    name: "rate-map-nearest-edges",
    requirement: "M2",
    says: "a position is counted in the bin whose lower edge is nearest, not in the bin that contains it",
    change: edited(
      ["rateMap"],
      "measures",
      "floor((coordinate / box + 1 / 2) * bins)",
      "round((coordinate / box + 1 / 2) * bins)",
    ),
  },
  {
    name: "lattice-kernel-cut-short",
    requirement: "M2",
    says: "the reach of the smoothing kernel is rounded down to whole bins, not up",
    change: edited(["lattice"], "measures", "const reach = ceil(3 * sigma)", "const reach = floor(3 * sigma)"),
  },
  {
    name: "autocorrelogram-one-mean",
    requirement: "M3",
    says: "each lag is normalised by the mean and variance of the whole map, not by those of its overlap",
    change: edited(
      ["autocorrelogram"],
      "measures",
      "return least < 1e-9 * whole ? NaN : pearson(pairs)",
      `const centre = mean<number>(map.flat().filter((rate) => !Number.isNaN(rate)));
return least < 1e-9 * whole ? NaN : mean<number>(pairs.map(([p, q]) => (p! - centre) * (q! - centre))) / whole`,
    ),
  },
  {
    name: "autocorrelogram-undefined-zero",
    requirement: "M3",
    says: "a lag without a correlation is 0, not null",
    change: {
      autocorrelogram: (input) => ({
        autocorrelogram: measureAnswers.autocorrelogram(input).autocorrelogram.map((row) => row.map((r) => r ?? 0)),
      }),
    },
  },
  {
    name: "autocorrelogram-without-floor",
    requirement: "M3",
    says: "a lag is left out only where the variance is 0, not where it is below 1e-9 of the whole map's",
    change: edited(["autocorrelogram"], "measures", "least < 1e-9 * whole", "least === 0"),
  },
  {
    name: "autocorrelogram-floor-of-its-own",
    requirement: "M3",
    says: "a lag is left out where the variance is below 1e-9, not below 1e-9 of the whole map's variance",
    change: edited(
      ["autocorrelogram"],
      "measures",
      "const whole = variance(map.flat().filter((rate) => !Number.isNaN(rate)))",
      "const whole = 1",
    ),
  },
  {
    name: "autocorrelogram-fixed-overlap",
    requirement: "M3",
    says: "a lag always needs 20 bins that overlap, whatever `minimumOverlap` is",
    change: edited(["autocorrelogram"], "measures", "pairs.length < max(2, minimumOverlap)", "pairs.length < 20"),
  },
  {
    name: "autocorrelogram-covariance",
    requirement: "M3",
    says: "lags have the covariance over the variance of the whole map, not the correlation",
    change: edited(
      ["autocorrelogram"],
      "measures",
      "NaN : pearson(pairs)",
      "NaN : dot(centred(pairs.map(([p]) => p!)), centred(pairs.map(([, q]) => q!))) / pairs.length / whole",
    ),
  },
  {
    name: "gridness-none-as-zero",
    requirement: "M4",
    says: "lags without a value are read as 0",
    change: edited(
      ["gridness"],
      "measures",
      "export function gridness(correlogram: Mat): number {",
      `export function gridness(given: Mat): number {
const correlogram = given.map((row) => row.map((value) => value || 0));`,
    ),
  },
  {
    name: "gridness-with-central-peak",
    requirement: "M4",
    says: "the central peak is not left out of the annuli",
    change: edited(
      ["gridness"],
      "measures",
      "const annulus = lags(correlogram).filter(([x, y]) => hypot(x!, y!) > inner && ",
      "const annulus = lags(correlogram).filter(([x, y]) => ",
    ),
  },
  {
    name: "gridness-of-means",
    requirement: "M4",
    says: "the means of the correlations are compared, not the least at 60 and 120 with the greatest at 30, 90 and 150 degrees",
    change: edited(
      ["gridness"],
      "measures",
      "min(r(60), r(120)) - max(r(30), r(90), r(150))",
      "mean<number>([r(60), r(120)]) - mean<number>([r(30), r(90), r(150)])",
    ),
  },
  {
    name: "gridness-undefined-annulus-decides",
    requirement: "M4",
    says: "there is no gridness if the first annulus has an undefined correlation; that annulus does not just not count",
    change: edited(
      ["gridness"],
      "measures",
      "return defined.length === 0 ? NaN",
      "return defined.length === 0 || Number.isNaN(scores[0]) ? NaN",
    ),
  },
  {
    name: "gridness-mean-of-annuli",
    requirement: "M4",
    says: "the gridness is the mean over the annuli, not the best of them",
    change: edited(["gridness"], "measures", "NaN : max(...defined)", "NaN : mean<number>(defined)"),
  },
  {
    name: "gridness-central-without-rise",
    requirement: "M4",
    says: "the central peak ends only where the mean over a ring is 0 or less, not where it rises again",
    change: edited(
      CENTRAL_PEAK,
      "measures",
      "ring(radius) <= 0 || ring(radius + 1) > ring(radius)",
      "ring(radius) <= 0",
    ),
  },
  {
    name: "gridness-central-to-the-rise",
    requirement: "M4",
    says: "the central peak ends only where the mean over rings rises again, not where it is 0 or less",
    change: edited(
      CENTRAL_PEAK,
      "measures",
      "ring(radius) <= 0 || ring(radius + 1) > ring(radius)",
      "ring(radius + 1) > ring(radius)",
    ),
  },
  {
    name: "gridness-central-floor",
    requirement: "M4",
    says: "the rings of the central peak are distances rounded down, not to the nearest",
    change: edited(CENTRAL_PEAK, "measures", "round(hypot(x!, y!)) === radius", "floor(hypot(x!, y!)) === radius"),
  },
  {
    name: "gridness-central-none-as-zero",
    requirement: "M4",
    says: "lags without a value count as 0 in the means over rings",
    change: edited(
      CENTRAL_PEAK,
      "measures",
      `.filter(([x, y, value]) => round(hypot(x!, y!)) === radius && !Number.isNaN(value!))
      .map(([, , value]) => value!)`,
      `.filter(([x, y]) => round(hypot(x!, y!)) === radius)
      .map(([, , value]) => value || 0)`,
    ),
  },
  {
    name: "gridness-central-always",
    requirement: "M4",
    says: "an autocorrelogram whose central peak has no end gets a gridness, with the end taken at one bin",
    change: edited(
      ["gridness"],
      "measures",
      `const inner = centralRadius(correlogram);
  const middle`,
      `const inner = centralRadius(correlogram) || 1;
  const middle`,
    ),
  },
  {
    name: "gridness-annuli-from-sum",
    requirement: "M4",
    says: "the annuli begin at R0 + 5, also where 3 R0 is more",
    change: edited(
      ["gridness"],
      "measures",
      "between(max(3 * inner, inner + 5), middle)",
      "between(inner + 5, middle)",
    ),
  },
  {
    name: "gridness-annuli-from-triple",
    requirement: "M4",
    says: "the annuli begin at 3 R0, also where R0 + 5 is more",
    change: edited(
      ["gridness"],
      "measures",
      "between(max(3 * inner, inner + 5), middle)",
      "between(3 * inner, middle)",
    ),
  },
  {
    name: "gridness-annuli-end-early",
    requirement: "M4",
    says: "the last annulus ends one bin too early",
    change: edited(
      ["gridness"],
      "measures",
      "between(max(3 * inner, inner + 5), middle)",
      "between(max(3 * inner, inner + 5), middle - 1)",
    ),
  },
  {
    name: "gridness-annulus-with-edge",
    requirement: "M4",
    says: "the annuli contain the lags at exactly R0",
    change: edited(
      ["gridness"],
      "measures",
      "const annulus = lags(correlogram).filter(([x, y]) => hypot(x!, y!) > inner",
      "const annulus = lags(correlogram).filter(([x, y]) => hypot(x!, y!) >= inner",
    ),
  },
  {
    name: "gridness-nearest-lag",
    requirement: "M4",
    says: "a rotated lag takes the value of the nearest lag, and is not interpolated",
    change: edited(
      ["gridness"],
      "measures",
      "abs(coordinate - round(coordinate)) < 1e-6 ? round(coordinate) : coordinate",
      "floor(coordinate + 0.5001)",
    ),
  },
  {
    name: "lattice-offset-not-cut",
    requirement: "M6",
    says: "the top of the paraboloid may lie more than one bin away",
    change: edited(["lattice"], "measures", "max(-1, min(1, offset))", "offset"),
  },
  {
    name: "lattice-offset-dropped",
    requirement: "M6",
    says: "an offset of more than one bin is set to 0, not to one bin",
    change: edited(["lattice"], "measures", "max(-1, min(1, offset))", "(abs(offset) > 1 ? 0 : offset)"),
  },
  {
    name: "lattice-limit-kept",
    requirement: "M6",
    says: "the second fit takes near peaks only, not all peaks",
    change: edited(
      ["lattice"],
      "measures",
      "latticeShape(fit(close, vectors)",
      "latticeShape(fit(close, vectors.filter((v) => norm(v) <= 2.5 * norm(b)))",
    ),
  },
  {
    name: "lattice-fitted-once",
    requirement: "M6",
    says: "the lattice is fitted once, to near peaks, and not again to all",
    change: edited(["lattice"], "measures", "latticeShape(fit(close, vectors)", "latticeShape(close"),
  },
  {
    name: "lattice-central-always",
    requirement: "M6",
    says: "an autocorrelogram whose central peak has no end gets a lattice, with the end taken at one bin",
    change: edited(
      ["lattice"],
      "measures",
      `const inner = centralRadius(correlogram);
  if (Number.isNaN(inner)) return [];`,
      "const inner = centralRadius(correlogram) || 1;",
    ),
  },
  {
    name: "lattice-narrow-kernel",
    requirement: "M6",
    says: "the autocorrelogram is always smoothed by a Gaussian of one bin, whatever R0 is",
    change: edited(["lattice"], "measures", "smooth(correlogram, max(1, inner / 4))", "smooth(correlogram, 1)"),
  },
  {
    name: "lattice-halves-to-even",
    requirement: "M6",
    says: "halves are rounded to even numbers, as NumPy's rint does, not up",
    change: edited(
      ["lattice"],
      "measures",
      "const { hypot, round, ",
      `const round = (x: number): number => (abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x));
const { hypot, `,
    ),
  },
  {
    name: "lattice-holes-low",
    requirement: "M6",
    says: "lags without a value count as low in the square around a peak, instead of ruling it out",
    change: edited(
      ["lattice"],
      "measures",
      "return later ? value(x! + dx, y! + dy) < height! : value(x! + dx, y! + dy) <= height!",
      `const other = value(x! + dx, y! + dy);
return !Number.isNaN(height) && (Number.isNaN(other) || (later ? other < height! : other <= height!))`,
    ),
  },
  {
    name: "lattice-peaks-inside-central",
    requirement: "M6",
    says: "peaks may lie within the central peak",
    change: edited(
      ["lattice"],
      "measures",
      ".filter(([x, y]) => hypot(x!, y!) > inner && hypot(x!, y!) <= 0.8 * (middle + 1))",
      ".filter(([x, y]) => hypot(x!, y!) <= 0.8 * (middle + 1))",
    ),
  },
  {
    name: "lattice-peaks-far-out",
    requirement: "M6",
    says: "peaks may lie up to n bins out, not 0.8 n",
    change: edited(["lattice"], "measures", "0.8 * (middle + 1)", "(middle + 1)"),
  },
  {
    name: "lattice-top-of-raw",
    requirement: "M6",
    says: "the paraboloid is fitted to the values before smoothing",
    change: edited(["lattice"], "measures", "value(x! + i, y! + j)", "correlogram[y! + j + middle]![x! + i + middle]!"),
  },
  {
    name: "lattice-no-top",
    requirement: "M6",
    says: "a peak lies at its lag, and not at the top of a paraboloid",
    change: edited(
      ["lattice"],
      "measures",
      "return turning.map((offset) => max(-1, min(1, offset)))",
      "return turning.map(() => 0)",
    ),
  },
  {
    name: "lattice-low-peaks",
    requirement: "M6",
    says: "peaks may be lower than 0.1, if they have half the height of the highest",
    change: edited(["lattice"], "measures", "max(0.1, highest / 2)", "highest / 2"),
  },
  {
    name: "lattice-half-peaks",
    requirement: "M6",
    says: "every peak of at least 0.1 counts, also below half the height of the highest",
    change: edited(["lattice"], "measures", "max(0.1, highest / 2)", "0.1"),
  },
  {
    name: "lattice-height-of-raw",
    requirement: "M6",
    says: "the height of a peak is taken before smoothing",
    change: edited(
      ["lattice"],
      "measures",
      "return [x! + dx!, y! + dy!, height!]",
      "return [x! + dx!, y! + dy!, correlogram[y! + middle]![x! + middle]!]",
    ),
  },
  {
    name: "lattice-forty-degrees",
    requirement: "M6",
    says: "the second peak's direction must differ by 40 degrees, not by 25",
    change: edited(["lattice"], "measures", "sin((25 * PI) / 180)", "sin((40 * PI) / 180)"),
  },
  {
    name: "lattice-five-degrees",
    requirement: "M6",
    says: "the second peak's direction need differ by 5 degrees only, not by 25",
    change: edited(["lattice"], "measures", "sin((25 * PI) / 180)", "sin((5 * PI) / 180)"),
  },
  {
    name: "lattice-first-fit-of-all",
    requirement: "M6",
    says: "the first fit takes all peaks, not only those within 2.5 times the longer vector",
    change: edited(["lattice"], "measures", "vectors.filter((v) => norm(v) <= 2.5 * norm(b))", "vectors"),
  },
  {
    name: "lattice-first-fit-near",
    requirement: "M6",
    says: "the first fit takes peaks within 1.5 times the longer vector, not 2.5 times",
    change: edited(
      ["lattice"],
      "measures",
      "vectors.filter((v) => norm(v) <= 2.5 * norm(b))",
      "vectors.filter((v) => norm(v) <= 1.5 * norm(b))",
    ),
  },
  {
    name: "lattice-misfits-kept",
    requirement: "M6",
    says: "peaks far from every lattice point take part in the fit",
    change: edited(["lattice"], "measures", "const near = min(...basis.map(norm)) / 4", "const near = Infinity"),
  },
  {
    name: "lattice-quarter-of-longer",
    requirement: "M6",
    says: "a peak is left out beyond a quarter of the longer vector, not of the shorter one",
    change: edited(
      ["lattice"],
      "measures",
      "const near = min(...basis.map(norm)) / 4",
      "const near = max(...basis.map(norm)) / 4",
    ),
  },
  {
    name: "lattice-not-reduced",
    requirement: "M6",
    says: "the fitted vectors are not replaced by the two shortest of the lattice",
    change: edited(["lattice"], "measures", "const [a, b] = shortest(basis)", "const [a, b] = basis"),
  },
  {
    name: "lattice-orientation-signed",
    requirement: "M6",
    says: "the orientation may be negative",
    change: edited(
      ["lattice"],
      "measures",
      "((Math.atan2(a[1]!, a[0]!) * 180) / PI + 360) % 180",
      "(Math.atan2(a[1]!, a[0]!) * 180) / PI",
    ),
  },
  {
    name: "lattice-orientation-from-y",
    requirement: "M6",
    says: "the orientation is measured from the y axis, not from the x axis",
    change: edited(["lattice"], "measures", "Math.atan2(a[1]!, a[0]!)", "Math.atan2(a[0]!, a[1]!)"),
  },
  {
    name: "lattice-ellipticity-squared",
    requirement: "M6",
    says: "the ellipticity is squared",
    change: edited(["lattice"], "measures", "ellipticity: sqrt(", "ellipticity: abs("),
  },
  {
    name: "modules-single-linkage",
    requirement: "M8",
    says: "clusters are joined by their nearest units (single linkage), not by the average",
    change: edited(
      ["modules"],
      "measures",
      "mean<number>(p.flatMap((i) => q.map((j) => apart[i]![j]!)))",
      "min(...p.flatMap((i) => q.map((j) => apart[i]![j]!)))",
    ),
  },
  {
    name: "modules-complete-linkage",
    requirement: "M8",
    says: "clusters are joined by their furthest units (complete linkage), not by the average",
    change: edited(
      ["modules"],
      "measures",
      "mean<number>(p.flatMap((i) => q.map((j) => apart[i]![j]!)))",
      "max(...p.flatMap((i) => q.map((j) => apart[i]![j]!)))",
    ),
  },
  {
    name: "modules-middle-of-extremes",
    requirement: "M8",
    says: "clusters are joined by the middle between their nearest and furthest units, not by the average",
    change: edited(
      ["modules"],
      "measures",
      "mean<number>(p.flatMap((i) => q.map((j) => apart[i]![j]!)))",
      "mean<number>([min(...p.flatMap((i) => q.map((j) => apart[i]![j]!))), max(...p.flatMap((i) => q.map((j) => apart[i]![j]!)))])",
    ),
  },
  {
    name: "modules-last-unit-first",
    requirement: "M8",
    says: "of two modules of equal size the one with the highest unit stands first, not the one with the lowest",
    change: edited(
      ["modules"],
      "measures",
      "q.length - p.length || p[0]! - q[0]!",
      "q.length - p.length || q.at(-1)! - p.at(-1)!",
    ),
  },
  {
    name: "modules-by-lowest-unit",
    requirement: "M8",
    says: "modules are in the order of their lowest units, not of their sizes",
    change: edited(["modules"], "measures", "q.length - p.length || p[0]! - q[0]!", "p[0]! - q[0]!"),
  },
  {
    name: "modules-larger-than-minimum",
    requirement: "M8",
    says: "a module needs more than `minimumSize` units, not as many",
    change: edited(["modules"], "measures", "one.length >= minimumSize", "one.length > minimumSize"),
  },
  {
    name: "modules-to-the-edge",
    requirement: "M8",
    says: "autocorrelograms are compared up to n bins out, not up to 0.7 n",
    change: edited(["modules"], "measures", "const outer = 0.7 * ((", "const outer = (("),
  },
  {
    name: "modules-with-central-peak",
    requirement: "M8",
    says: "autocorrelograms are compared with their central peaks",
    change: edited(
      ["modules"],
      "measures",
      `lags(correlogram)
      .filter(([x, y]) => hypot(x!, y!) > inner`,
      `lags(correlogram)
      .filter(([x, y]) => hypot(x!, y!) >= 0`,
    ),
  },
  {
    name: "modules-upper-median",
    requirement: "M8",
    says: "of two middle values of R0 the larger one is taken for the median, not the smaller one",
    change: edited(["modules"], "measures", "radii[floor((radii.length - 1) / 2)]", "radii[floor(radii.length / 2)]"),
  },
  {
    name: "modules-largest-radius",
    requirement: "M8",
    says: "the largest R0 is left out, not the median",
    change: edited(["modules"], "measures", "radii[floor((radii.length - 1) / 2)]", "radii.at(-1)"),
  },
  {
    name: "modules-smallest-radius",
    requirement: "M8",
    says: "the smallest R0 is left out, not the median",
    change: edited(["modules"], "measures", "radii[floor((radii.length - 1) / 2)]", "radii[0]"),
  },
  {
    name: "modules-no-radius-as-zero",
    requirement: "M8",
    says: "an autocorrelogram without R0 counts as 0 in the median",
    change: edited(
      ["modules"],
      "measures",
      `.map(centralRadius)
    .filter((radius) => !Number.isNaN(radius))`,
      ".map((correlogram) => centralRadius(correlogram) || 0)",
    ),
  },
  {
    name: "modules-no-radius-as-largest",
    requirement: "M8",
    says: "an autocorrelogram without R0 counts as the largest in the median",
    change: edited(
      ["modules"],
      "measures",
      `.map(centralRadius)
    .filter((radius) => !Number.isNaN(radius))`,
      ".map((correlogram) => centralRadius(correlogram) || 99)",
    ),
  },
  {
    name: "modules-no-radius-as-one",
    requirement: "M8",
    says: "if no autocorrelogram has an R0, it is taken as 1, not as 0",
    change: edited(["modules"], "measures", "/ 2)] ?? 0", "/ 2)] ?? 1"),
  },
  {
    name: "modules-gaps-as-zero",
    requirement: "M8",
    says: "lags without a value count as 0 in the comparison of two autocorrelograms",
    change: edited(
      ["modules"],
      "measures",
      `<= outer)
      .map(([, , value]) => value!)`,
      `<= outer)
      .map(([, , value]) => value || 0)`,
    ),
  },
  {
    name: "modules-undefined-joined",
    requirement: "M8",
    says: "units whose correlation is undefined count as alike",
    change: edited(["modules"], "measures", "(correlation(p, q) || 0)", "(correlation(p, q) || 1)"),
  },
  {
    name: "modules-either-sign",
    requirement: "M8",
    says: "the magnitude of the correlation is taken, so that opposite maps are alike",
    change: edited(["modules"], "measures", "1 - (correlation(p, q) || 0)", "1 - abs(correlation(p, q) || 0)"),
  },
];
