import { capacity, conformalIsometry, invariance, separation } from "../../../spec/oracle.ts";
import type { Counted, Mat, Reduction, Vec } from "../../../spec/oracle.ts";
import { norm, squaredDistance, subtract } from "../../../spec/oracle-arrays.ts";
import { edited } from "./edited.ts";
import type { Misreading } from "./misreading.ts";
import { mean } from "../../statistics/statistics.ts";

const distance = (x: Vec, y: Vec): number => Math.sqrt(squaredDistance(x, y));

/** The sum or the mean of f over the pairs [i, j] that pass a test. */
function overPairs(
  size: number,
  passes: (i: number, j: number) => boolean,
  f: (i: number, j: number) => number,
  reduction: Reduction,
): Counted {
  let [value, count] = [0, 0];
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      if (!passes(i, j)) continue;
      value += f(i, j);
      count += 1;
    }
  }
  return { value: reduction === "mean" && count > 0 ? value / count : value, count };
}

const gaussian =
  (states: Mat, sigmaG: number) =>
  (i: number, j: number): number =>
    Math.exp(-squaredDistance(states[i]!, states[j]!) / (2 * sigmaG ** 2));

const apart =
  (states: Mat) =>
  (i: number, j: number): number =>
    squaredDistance(states[i]!, states[j]!);

/** L1 with another function in place of the Gaussian. */
function separationWith(bump: (squared: number, sigmaG: number) => number): Misreading["change"] {
  return {
    separation: (states, x, sigmaX, sigmaG, reduction) =>
      overPairs(
        states.length,
        (i, j) => i !== j && distance(x[i]!, x[j]!) > sigmaX,
        (i, j) => bump(squaredDistance(states[i]!, states[j]!), sigmaG),
        reduction,
      ),
  };
}

/** L1 and L2 with another rule for which pairs count. */
function pairsWhere(
  far: (d: number, sigmaX: number, i: number, j: number) => boolean,
  near: (d: number, sigmaX: number, i: number, j: number) => boolean,
): Misreading["change"] {
  return {
    separation: (states, x, sigmaX, sigmaG, reduction) =>
      overPairs(
        states.length,
        (i, j) => far(distance(x[i]!, x[j]!), sigmaX, i, j),
        gaussian(states, sigmaG),
        reduction,
      ),
    invariance: (states, x, sigmaX, reduction) =>
      overPairs(states.length, (i, j) => near(distance(x[i]!, x[j]!), sigmaX, i, j), apart(states), reduction),
  };
}

const isFar = (d: number, sigmaX: number, i: number, j: number): boolean => i !== j && d > sigmaX;
const isNear = (d: number, sigmaX: number, i: number, j: number): boolean => i !== j && d < sigmaX;

/** L4 with another choice of steps, another ratio of a step, or another measure of how much the ratios spread. */
function conformalWith(parts: {
  counts?: (speed: number, sigmaS: number, sigmaC: number, t: number) => boolean;
  ratio?: (length: number, speed: number) => number;
  spread?: (ratios: Vec) => number;
}): Misreading["change"] {
  const {
    counts = (speed, sigmaS, sigmaC) => speed > sigmaS && speed < sigmaC,
    ratio = (l, speed) => l / speed,
    spread = variance,
  } = parts;
  return {
    conformalIsometry: (initial, states, velocities, order, sigmaS, sigmaC) => {
      const ratios = states.flatMap((now, t) =>
        now.flatMap((after, b) => {
          const speed = norm(velocities[order[b]![t]!]!);
          const before = t === 0 ? initial : states[t - 1]![b]!;
          return counts(speed, sigmaS, sigmaC, t) ? [ratio(norm(subtract(after, before)), speed)] : [];
        }),
      );
      return { value: ratios.length === 0 ? 0 : spread(ratios), count: ratios.length };
    },
  };
}

/** The sum of squared deviations from the mean, divided by n - `lost`. */
function variance(values: Vec, lost = 0): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - lost);
}

/** Misreadings of the losses. */
export const lossMisreadings: Misreading[] = [
  {
    name: "invariance-over-drawn",
    requirement: "L5",
    says: "L2 is taken over the states drawn for L1 only, not over all states",
    change: { invarianceStates: (drawn) => drawn },
  },
  {
    name: "self-pairs-counted",
    requirement: "L2",
    says: "the pairs i = i are counted among the near ones",
    change: pairsWhere(isFar, (d, sigmaX) => d < sigmaX),
  },
  {
    name: "pairs-unordered",
    requirement: "L1",
    says: "each pair is counted once (i < j), not as (i, j) and (j, i)",
    change: pairsWhere(
      (d, sigmaX, i, j) => i < j && d > sigmaX,
      (d, sigmaX, i, j) => i < j && d < sigmaX,
    ),
  },
  {
    name: "far-includes-edge",
    requirement: "L1",
    says: "pairs at exactly sigmaX count as far (>= for >)",
    change: pairsWhere((d, sigmaX, i, j) => i !== j && d >= sigmaX, isNear),
  },
  {
    name: "near-includes-edge",
    requirement: "L2",
    says: "pairs at exactly sigmaX count as near (<= for <)",
    change: pairsWhere(isFar, (d, sigmaX, i, j) => i !== j && d <= sigmaX),
  },
  {
    name: "near-and-far-swapped",
    requirement: "L1",
    says: "the masks are swapped: near pairs are separated, and far pairs are made alike",
    change: pairsWhere(isNear, isFar),
  },
  {
    name: "distance-not-rooted",
    requirement: "L1",
    says: "the squared distance of two positions is compared with sigmaX",
    change: pairsWhere(
      (d, sigmaX, i, j) => isFar(d * d, sigmaX, i, j),
      (d, sigmaX, i, j) => isNear(d * d, sigmaX, i, j),
    ),
  },
  {
    name: "always-sum",
    requirement: "L1",
    says: "the pairs are summed although the reduction is the mean",
    change: {
      separation: (states, x, sigmaX, sigmaG) => separation(states, x, sigmaX, sigmaG, "sum"),
      invariance: (states, x, sigmaX) => invariance(states, x, sigmaX, "sum"),
    },
  },
  {
    name: "always-mean",
    requirement: "L1",
    says: "the mean is taken over the pairs although the reduction is the sum",
    change: {
      separation: (states, x, sigmaX, sigmaG) => separation(states, x, sigmaX, sigmaG, "mean"),
      invariance: (states, x, sigmaX) => invariance(states, x, sigmaX, "mean"),
    },
  },
  {
    name: "mean-over-all-pairs",
    requirement: "L1",
    says: "the mean divides by the number of all pairs, not by the number in the mask",
    change: {
      separation: (states, x, sigmaX, sigmaG, reduction) =>
        dividedByAll(separation(states, x, sigmaX, sigmaG, "sum"), states.length, reduction),
      invariance: (states, x, sigmaX, reduction) =>
        dividedByAll(invariance(states, x, sigmaX, "sum"), states.length, reduction),
    },
  },
  {
    name: "gaussian-without-2",
    requirement: "L1",
    says: "the Gaussian lacks its factor 2: exp(-D / sigmaG^2)",
    change: separationWith((squared, sigmaG) => Math.exp(-squared / sigmaG ** 2)),
  },
  {
    name: "gaussian-sigma-not-squared",
    requirement: "L1",
    says: "the Gaussian has sigmaG in place of its square: exp(-D / (2 sigmaG))",
    change: separationWith((squared, sigmaG) => Math.exp(-squared / (2 * sigmaG))),
  },
  {
    name: "gaussian-distance-not-squared",
    requirement: "L1",
    says: "the Gaussian has the distance in place of its square: exp(-||g_i - g_j|| / (2 sigmaG^2))",
    change: separationWith((squared, sigmaG) => Math.exp(-Math.sqrt(squared) / (2 * sigmaG ** 2))),
  },
  {
    name: "gaussian-normalised",
    requirement: "L1",
    says: "the Gaussian is divided by sqrt(2 pi) sigmaG, as a density is",
    change: separationWith(
      (squared, sigmaG) => Math.exp(-squared / (2 * sigmaG ** 2)) / (Math.sqrt(2 * Math.PI) * sigmaG),
    ),
  },
  {
    name: "invariance-not-squared",
    requirement: "L2",
    says: "the distance of two states is not squared",
    change: {
      invariance: (states, x, sigmaX, reduction) =>
        overPairs(
          states.length,
          (i, j) => isNear(distance(x[i]!, x[j]!), sigmaX, i, j),
          (i, j) => distance(states[i]!, states[j]!),
          reduction,
        ),
    },
  },
  {
    name: "invariance-mean-over-units",
    requirement: "L2",
    says: "the squared distance of two states is the mean over units, not the sum",
    change: {
      invariance: (states, x, sigmaX, reduction) => {
        const { value, count } = invariance(states, x, sigmaX, reduction);
        return { value: value / states[0]!.length, count };
      },
    },
  },
  {
    name: "capacity-not-squared",
    requirement: "L3",
    says: "the length of the mean state is not squared",
    change: { capacity: (states) => -Math.sqrt(-capacity(states)) },
  },
  {
    name: "capacity-mean-of-norms",
    requirement: "L3",
    says: "the mean of the states' squared lengths is taken, not the squared length of their mean",
    change: { capacity: (states) => -mean(states.map((g) => norm(g) ** 2)) },
  },
  {
    name: "capacity-sign",
    requirement: "L3",
    says: "capacity has the wrong sign",
    change: { capacity: (states) => -capacity(states) },
  },
  {
    name: "capacity-sum",
    requirement: "L3",
    says: "the states are summed, not averaged",
    change: { capacity: (states) => capacity(states) * states.length ** 2 },
  },
  {
    name: "variance-n-minus-1",
    requirement: "L4",
    says: "the variance divides by n - 1 instead of n",
    change: conformalWith({ spread: (ratios) => (ratios.length === 1 ? 0 : variance(ratios, 1)) }),
  },
  {
    name: "conformal-standard-deviation",
    requirement: "L4",
    says: "the standard deviation is taken in place of the variance",
    change: conformalWith({ spread: (ratios) => Math.sqrt(variance(ratios)) }),
  },
  {
    name: "conformal-relative-variance",
    requirement: "L4",
    says: "the variance is divided by the squared mean",
    change: conformalWith({ spread: (ratios) => (mean(ratios) === 0 ? 0 : variance(ratios) / mean(ratios) ** 2) }),
  },
  {
    name: "conformal-without-first-step",
    requirement: "L4",
    says: "the first step of each trajectory, from g_0 to g_1, is left out",
    change: conformalWith({ counts: (speed, sigmaS, sigmaC, t) => t > 0 && speed > sigmaS && speed < sigmaC }),
  },
  {
    name: "conformal-without-mask",
    requirement: "L4",
    says: "every moving step is counted, whatever its speed",
    change: conformalWith({ counts: (speed) => speed > 0 }),
  },
  {
    name: "conformal-includes-edge",
    requirement: "L4",
    says: "steps of a speed of exactly sigmaC are counted (<= for <)",
    change: conformalWith({ counts: (speed, sigmaS, sigmaC) => speed > sigmaS && speed <= sigmaC }),
  },
  {
    name: "conformal-without-floor",
    requirement: "L4",
    says: "every moving step below sigmaC is counted, those below sigmaS too",
    change: conformalWith({ counts: (speed, _, sigmaC) => speed > 0 && speed < sigmaC }),
  },
  {
    name: "conformal-zero-steps-counted",
    requirement: "L4",
    says: "steps of speed 0 are counted, with a ratio of 0",
    change: conformalWith({
      counts: (speed, sigmaS, sigmaC) => speed === 0 || (speed > sigmaS && speed < sigmaC),
      ratio: (length, speed) => (speed === 0 ? 0 : length / speed),
    }),
  },
  {
    name: "conformal-not-divided",
    requirement: "L4",
    says: "the moves of the state are not divided by the speed",
    change: conformalWith({ ratio: (length) => length }),
  },
  {
    name: "conformal-squared-ratio",
    requirement: "L4",
    says: "the ratios are squared: ||g_t - g_{t-1}||^2 / ||v_t||^2",
    change: conformalWith({ ratio: (length, speed) => (length / speed) ** 2 }),
  },
  {
    name: "conformal-per-trajectory",
    requirement: "L4",
    says: "the variance is taken within each trajectory, then averaged over trajectories",
    change: {
      conformalIsometry: (initial, states, velocities, order, sigmaS, sigmaC) => {
        const each = order.map((indices, b) =>
          conformalIsometry(
            initial,
            states.map((now) => [now[b]!]),
            velocities,
            [indices],
            sigmaS,
            sigmaC,
          ),
        );
        return { value: mean(each.map(({ value }) => value)), count: each.reduce((sum, { count }) => sum + count, 0) };
      },
    },
  },
  {
    name: "conformal-below-sigma-x",
    requirement: "L4",
    says: "conformal isometry counts steps slower than sigmaX, not sigmaC",
    change: { settings: (s) => ({ ...s, sigmaC: s.sigmaX }) },
  },
  {
    name: "capacity-over-pairs",
    requirement: "L5",
    says: "capacity sees only the states that were drawn for the pairs",
    change: { capacityStates: (_, drawn) => drawn },
  },
  {
    name: "capacity-weight-negated",
    requirement: "L5",
    says: "capacity is subtracted from the total, not added",
    change: {
      total: (terms, s) =>
        s.lambdaSep * terms.sep + s.lambdaInv * terms.inv - s.lambdaCap * terms.cap + s.lambdaCon * terms.con,
    },
  },
  {
    name: "total-unweighted",
    requirement: "L5",
    says: "the terms are added without their weights",
    change: { total: ({ sep, inv, cap, con }) => sep + inv + cap + con },
  },
  {
    name: "total-without-conformal",
    requirement: "L5",
    says: "the total leaves out conformal isometry",
    change: { total: (t, s) => s.lambdaSep * t.sep + s.lambdaInv * t.inv + s.lambdaCap * t.cap },
  },
  {
    name: "dead-states-at-two",
    requirement: "L1",
    says: "squared distances are taken as 2 - 2 g_i . g_j, which is wrong for dead states",
    change: edited(
      ["separation"],
      "losses",
      "Math.exp(-squaredDistance(states[i]!, states[j]!) / (2 * sigmaG ** 2))",
      "Math.exp((dot(states[i]!, states[j]!) - 1) / sigmaG ** 2)",
    ),
  },
  {
    name: "separation-over-all",
    requirement: "L5",
    says: "separation is taken over all states, not over those in `pairs`",
    change: { separationStates: (_, count) => Array.from({ length: count }, (__, index) => index) },
  },
  {
    name: "mask-of-none-undefined",
    requirement: "L1",
    says: "a mean over no pairs is NaN, not 0",
    change: edited(
      ["separation", "invariance"],
      "losses",
      `if (terms.length === 0) return { value: 0, count: 0 };
  return { value: reduction`,
      `if (terms.length === 0) return { value: reduction === "mean" ? NaN : 0, count: 0 };
  return { value: reduction`,
    ),
  },
  {
    name: "near-pairs-apart",
    requirement: "L2",
    says: "pairs at exactly one place do not count",
    change: edited(
      ["invariance"],
      "losses",
      "(distance) => distance < sigmaX",
      "(distance) => distance > 0 && distance < sigmaX",
    ),
  },
  {
    name: "capacity-of-the-living",
    requirement: "L3",
    says: "the mean state is taken over the states that are not dead",
    change: edited(
      ["capacity"],
      "losses",
      "const centre = mean(states, 0) as unknown as Vec;",
      `const alive = states.filter((g) => norm(g) > 0);
  const centre = mean(alive.length > 0 ? alive : states, 0) as unknown as Vec;`,
    ),
  },
  {
    name: "capacity-of-the-sum",
    requirement: "L3",
    says: 'with `reduction` "sum", capacity is that of the sum of the states, not of their mean',
    change: { capacityTerm: (value, count, reduction) => (reduction === "sum" ? value * count ** 2 : value) },
  },
  {
    name: "conformal-sum",
    requirement: "L4",
    says: 'with `reduction` "sum", the variance is multiplied by the number of steps',
    change: { conformalTerm: (value, count, reduction) => (reduction === "sum" ? value * count : value) },
  },
  {
    name: "conformal-of-none-undefined",
    requirement: "L4",
    says: "the variance over one step, or over none, is NaN, not 0",
    change: edited(
      ["conformalIsometry"],
      "losses",
      "if (ratios.length === 0) return { value: 0, count: 0 };",
      "if (ratios.length <= 1) return { value: NaN, count: ratios.length };",
    ),
  },
];

function dividedByAll({ value, count }: Counted, size: number, reduction: Reduction): Counted {
  return { value: reduction === "mean" && count > 0 ? value / (size * (size - 1)) : value, count };
}
