import type { Grid } from "../port/operations.ts";
import { casesOf } from "./case.ts";
import type { Case } from "./case.ts";
import { thousandths } from "./thousandths.ts";

/** A peak of an autocorrelogram at a lag (x, y) and at its opposite, with its height and its width in bins. */
type Peak = [x: number, y: number, height: number, width: number];

/** What lies around the peaks, in bins. */
interface Ground {
  /** Bins of the map along each axis. */
  bins?: number;
  /** Width of the peak at the zero lag. */
  central: number;
  /** What the ground lies below 0. */
  depth: number;
  /** Lags without a value, each with its opposite. */
  holes?: [x: number, y: number][];
}

/** An autocorrelogram that is made of Gaussian peaks, to three decimals. The zero lag has about 1. */
function bumps(peaks: Peak[], { bins = 12, central, depth, holes = [] }: Ground): Grid {
  const lags = Array.from({ length: 2 * bins - 1 }, (_, k) => k - bins + 1);
  const bump = (x: number, y: number, width: number): number => Math.exp(-(x * x + y * y) / (2 * width * width));
  return lags.map((y) =>
    lags.map((x) => {
      if (holes.some(([px, py]) => (x === px && y === py) || (x === -px && y === -py))) return null;
      const around = peaks.map(
        ([px, py, height, width]) => height * (bump(x - px, y - py, width) + bump(x + px, y + py, width)),
      );
      return thousandths(-depth + (1 + depth) * bump(x, y, central) + around.reduce((sum, one) => sum + one, 0));
    }),
  );
}

/** Three peaks of one height and width around the zero lag, 60 degrees apart. */
function hexagon(spacing: number, turn: number, height: number, width: number): Peak[] {
  return [0, 60, 120].map((degrees) => {
    const angle = ((turn + degrees) * Math.PI) / 180;
    return [spacing * Math.cos(angle), spacing * Math.sin(angle), height, width];
  });
}

/** M4: where the central peak ends, and which annuli there are. */
function annuli(): Case[] {
  const gridness = casesOf("gridness");
  const ground = (autocorrelogram: Grid): { autocorrelogram: Grid } => ({ autocorrelogram });
  return [
    gridness(
      "positive",
      "no ring has a mean below 0: the central peak ends where the means rise again, and the annuli begin at 3 R0",
      ground(bumps(hexagon(6, 20, 0.3, 1), { central: 2, depth: -0.9 })),
    ),
    gridness(
      "ring-with-gaps",
      "lags without a value next to the zero lag, which are left out of the mean over their ring",
      ground(
        bumps(hexagon(8, 5, 0.5, 2), {
          ...{ central: 1, depth: -0.2 },
          holes: [
            [1, 0],
            [0, 1],
            [1, -1],
          ],
        }),
      ),
    ),
    gridness(
      "narrow-rings",
      "the lags of a ring are those whose distance is rounded to its radius",
      ground(bumps(hexagon(9, 10, 0.05, 1.5), { central: 1, depth: 0.1 })),
    ),
    gridness(
      "always-falling",
      "the means over rings fall to the last one and stay above 0, so that there is no annulus",
      ground(bumps(hexagon(8, 10, 0.1, 1.5), { central: 5, depth: -0.3 })),
    ),
  ];
}

/** M6: which lags are peaks, which peaks count, and which are fitted. */
function peaks(): Case[] {
  const lattice = casesOf("lattice");
  const given = (autocorrelogram: Grid): { autocorrelogram: Grid; binWidth: number } => ({
    autocorrelogram,
    binWidth: 0.125,
  });
  const low = { central: 1, depth: 0.05 };
  return [
    lattice(
      "always-falling",
      "two high places, but the means over rings fall to the last one and stay above 0: without R0 there are no peaks",
      given(
        bumps(
          [
            [7, 1, 0.5, 1],
            [-2, 7, 0.5, 1],
          ],
          { central: 5, depth: -0.3 },
        ),
      ),
    ),
    lattice(
      "wide-square",
      "R0 = 5: a peak is the highest value up to 3 bins away, as halves are rounded up",
      given(
        bumps(
          [
            [-7, 0.5, 0.2, 1.5],
            [-8, 0.5, 0.5, 1.5],
            [6, 7, 0.9, 1.5],
            [1, 9, 0.7, 1.5],
          ],
          { central: 2, depth: 0.05 },
        ),
      ),
    ),
    lattice(
      "inside-central",
      "a peak within R0, which does not count",
      given(
        bumps(
          [
            [5, 4, 0.3, 1.5],
            [-6.5, 4.5, 0.15, 1],
            [-5.5, 7.5, 0.5, 1.5],
            [0.5, 5.5, 0.9, 1],
            [-1, 3, 0.9, 1],
          ],
          low,
        ),
      ),
    ),
    lattice(
      "hole",
      "a peak with a lag without a value beside it, which is no peak",
      given(
        bumps(
          [
            [-7.5, 1, 0.7, 1.5],
            [-4, 6, 0.9, 1.5],
            [5.5, 7, 0.7, 1.5],
          ],
          { central: 1, depth: 0.1, holes: [[-6, 8]] },
        ),
      ),
    ),
    lattice(
      "low",
      "a peak below 0.1, which does not count although it is above half of the highest",
      given(
        bumps(
          [
            [8, 1, 0.7, 0.5],
            [2.5, 4, 0.15, 0.5],
            [4.5, 3.5, 0.3, 1],
            [-5.5, 4, 0.3, 1.5],
          ],
          low,
        ),
      ),
    ),
    lattice(
      "half",
      "a peak below half of the highest, which does not count although it is above 0.1",
      given(
        bumps(
          [
            [1, 6.5, 0.9, 0.5],
            [7, 3.5, 0.9, 1],
            [-3, 6, 0.5, 1],
          ],
          { ...low, holes: [[-8, 4]] },
        ),
      ),
    ),
    lattice(
      "narrow",
      "a narrow peak, whose height is that of the smoothed value",
      given(
        bumps(
          [
            [-4, 5, 0.9, 0.5],
            [-7, 3, 0.3, 1],
          ],
          low,
        ),
      ),
    ),
    lattice(
      "thirty-degrees",
      "two peaks whose directions differ by 30 degrees",
      given(
        bumps(
          [
            [-1, 8, 0.7, 1],
            [3.5, 8, 0.7, 1],
          ],
          low,
        ),
      ),
    ),
    lattice(
      "twenty-degrees",
      "the second peak's direction differs by less than 25 degrees from the first one's, so the third is taken",
      given(
        bumps(
          [
            [7, 3.5, 0.9, 1],
            [-3, 7.5, 0.9, 1.5],
            [-8, 0, 0.7, 1],
            [7, 0.5, 0.3, 1],
          ],
          { central: 1.5, depth: 0.2 },
        ),
      ),
    ),
    lattice(
      "far-peak",
      "an irregular lattice: the first fit leaves out a peak beyond 2.5 times the longer vector",
      given(
        bumps(
          [
            [-5, 3, 0.7, 1],
            [6, 3, 0.7, 1],
            [-3, 10, 0.7, 1],
            [-7, 13, 0.7, 1],
            [-12, 9, 0.7, 1],
            [12, 12, 0.7, 1],
          ],
          { ...low, bins: 24 },
        ),
      ),
    ),
    lattice(
      "near-peaks",
      "an irregular lattice: the first fit takes a peak within 2.5 times the longer vector",
      given(
        bumps(
          [
            [4, 4, 0.7, 1],
            [-8, 1.5, 0.7, 1],
            [-11, 8, 0.7, 1],
            [4.5, 15, 0.7, 1],
            [-16.5, 3, 0.7, 1],
            [12.5, 12.5, 0.7, 1],
          ],
          { ...low, bins: 24 },
        ),
      ),
    ),
  ];
}

/** An autocorrelogram with one wide peak, whose means over rings stay above 0 and never rise: it has no R0. */
function wide(along: number, across: number, degrees: number): Grid {
  const angle = (degrees * Math.PI) / 180;
  const lags = Array.from({ length: 23 }, (_, k) => k - 11);
  return lags.map((y) =>
    lags.map((x) => {
      const u = (x * Math.cos(angle) + y * Math.sin(angle)) / along;
      const v = (y * Math.cos(angle) - x * Math.sin(angle)) / across;
      return thousandths(0.1 + 0.9 * Math.exp(-(u * u + v * v) / 2));
    }),
  );
}

/** M8: the median radius where some units, or all, have no central peak's end. */
function withoutRadius(): Case[] {
  const modules = casesOf("modules");
  const lattice = bumps(hexagon(7.7, 10, 0.7, 1.5), { central: 2, depth: 0.3 });
  return [
    modules("no-radius", "three of four units have no R0, and are left out of the median", {
      autocorrelograms: [lattice, wide(5, 7, 90), wide(7, 5, 90), wide(5, 7, 30)],
      cut: 0.3,
      minimumSize: 2,
    }),
    modules("no-radius-at-all", "no unit has an R0, so that only the zero lag is left out", {
      autocorrelograms: [wide(7, 7, 90), wide(5, 7, 60), wide(7, 9, 30), wide(5, 9, 90)],
      cut: 0.2,
      minimumSize: 2,
    }),
  ];
}

/** M4, M6, M8, on autocorrelograms of single peaks. */
export function peakCases(): Case[] {
  return [...annuli(), ...peaks(), ...withoutRadius()];
}
