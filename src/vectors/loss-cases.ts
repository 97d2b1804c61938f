import { casesOf } from "./case.ts";
import type { Case } from "./case.ts";
import { Draws } from "./draws.ts";

/** Four positions on a line, a quarter of a metre apart, exact in float32. */
const line = [0, 0.25, 0.5, 0.75].map((x) => [x, 0]);

const axes = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
  [1, 0, 0],
];

/** L1: separation. */
function separations(): Case[] {
  const separation = casesOf("separation");
  const draws = new Draws(31);
  const states = draws.states(8, 5);
  const positions = draws.matrix(8, 2, -0.2, 0.2);
  const base = { states, positions, sigmaX: 0.15, sigmaG: 0.4 };
  const withDead = [[0, 0, 0, 0, 0], ...states.slice(1, 7), [0, 0, 0, 0, 0]];
  const many = new Draws(35);
  return [
    separation("mean", "eight states, mean over the far pairs", { ...base, reduction: "mean" }),
    separation("sum", "the same, summed", { ...base, reduction: "sum" }),
    separation("wide-kernel", "sigmaG = 1", { ...base, sigmaG: 1, reduction: "mean" }),
    separation("dead", "two dead states, at distance 0 of each other and at distance 1 of all others", {
      ...base,
      states: withDead,
      reduction: "mean",
    }),
    separation("at-sigma", "pairs at exactly sigmaX do not count", {
      states: axes,
      positions: line,
      sigmaX: 0.25,
      sigmaG: 0.5,
      reduction: "mean",
    }),
    separation("empty", "no far pair", { ...base, sigmaX: 3, reduction: "mean" }),
    separation("large", "P = 100, N = 10", {
      states: many.states(100, 10),
      positions: many.matrix(100, 2, -0.4, 0.4),
      sigmaX: 0.1503,
      sigmaG: 0.4,
      reduction: "mean",
    }),
    separation("one-state", "P = 1", {
      states: [[1, 0]],
      positions: [[0, 0]],
      sigmaX: 0.25,
      sigmaG: 0.4,
      reduction: "sum",
    }),
  ];
}

/** L2: invariance. */
function invariances(): Case[] {
  const invariance = casesOf("invariance");
  const draws = new Draws(32);
  const states = draws.states(8, 5);
  const positions = draws.matrix(8, 2, -0.2, 0.2);
  const base = { states, positions, sigmaX: 0.15 };
  const withDead = [[0, 0, 0, 0, 0], ...states.slice(1)];
  const many = new Draws(36);
  return [
    invariance("mean", "eight states, mean over the near pairs", { ...base, reduction: "mean" }),
    invariance("sum", "the same, summed", { ...base, reduction: "sum" }),
    invariance("dead", "a dead state is at distance 1 of all others", { ...base, states: withDead, reduction: "mean" }),
    invariance("one-place", "all states are at one place: every pair counts, but no state with itself", {
      states: axes,
      positions: line.map(() => [0.3, -0.1]),
      sigmaX: 0.05,
      reduction: "mean",
    }),
    invariance("at-sigma", "pairs at exactly sigmaX do not count", {
      states: axes,
      positions: line,
      sigmaX: 0.5,
      reduction: "mean",
    }),
    invariance("empty", "no near pair", { states: axes, positions: line, sigmaX: 0.125, reduction: "mean" }),
    invariance("large", "P = 100, N = 10", {
      states: many.states(100, 10),
      positions: many.matrix(100, 2, -0.4, 0.4),
      sigmaX: 0.1503,
      reduction: "mean",
    }),
    invariance("one-state", "P = 1", { states: [[1, 0]], positions: [[0, 0]], sigmaX: 0.25, reduction: "sum" }),
  ];
}

/** L3: capacity. */
function capacities(): Case[] {
  const capacity = casesOf("capacity");
  return [
    capacity("any", "nine states of six units", { states: new Draws(33).states(9, 6) }),
    capacity("orthogonal", "two orthogonal states, which give -1/2", { states: axes.slice(0, 2) }),
    capacity("equal", "equal states, which give -1", { states: [axes[1]!, axes[1]!, axes[1]!] }),
    capacity("dead", "dead states count in the mean", {
      states: [
        [1, 0],
        [0, 0],
        [0, 0],
        [0, 1],
      ],
    }),
    capacity("large", "P = 100, N = 10", { states: new Draws(37).states(100, 10) }),
    capacity("one-state", "P = 1", { states: [[0.6, 0.8]] }),
  ];
}

/** L4: conformal isometry. */
function conformalIsometries(): Case[] {
  const conformalIsometry = casesOf("conformalIsometry");
  const draws = new Draws(34);
  const initial = draws.states(1, 4)[0]!;
  const states = Array.from({ length: 5 }, () => draws.states(3, 4));
  const base = { initial, states, ...draws.batch(3, 5, 0.3), sigmaS: 0.05, sigmaC: 0.25 };
  const many = new Draws(38);
  const alternating = [[[0, 1]], [[1, 0]], [[0, 1]], [[0.6, 0.8]]];
  const speeds = [
    [0.25, 0],
    [0, 0],
    [0, -0.5],
    [0.125, 0],
  ];
  const single = { initial: [1, 0], states: alternating, velocities: speeds, order: [[0, 1, 2, 3]], sigmaS: 0 };
  return [
    conformalIsometry("any", "three trajectories of five steps", base),
    conformalIsometry("all-steps", "every step counts", { ...base, sigmaS: 0, sigmaC: 2 }),
    conformalIsometry("some-steps", "some steps are too slow, some too fast, and some count", {
      ...base,
      velocities: many.velocities(5, 0.3),
      sigmaS: 0.15,
      sigmaC: 0.2497,
    }),
    conformalIsometry("large", "T 20, B 16, N 9", {
      initial: many.states(1, 9)[0]!,
      states: Array.from({ length: 20 }, () => many.states(16, 9)),
      ...many.batch(16, 20, 0.3),
      sigmaS: 0.1297,
      sigmaC: 0.2497,
    }),
    conformalIsometry("at-sigma", "a speed of 0 and one of exactly sigmaC do not count", { ...single, sigmaC: 0.5 }),
    conformalIsometry("at-slow", "a speed of exactly sigmaS does not count", { ...single, sigmaS: 0.125, sigmaC: 1 }),
    conformalIsometry("one-counted", "one step counts, and its variance is 0", { ...single, sigmaC: 0.25 }),
    conformalIsometry("empty", "no step is slow enough", { ...single, sigmaC: 0.0625 }),
    conformalIsometry("one-step", "T = 1: there are only the steps from g_0", {
      initial,
      states: [draws.states(3, 4)],
      velocities: [[0.125, 0.0625]],
      order: [[0], [0], [0]],
      sigmaS: 0,
      sigmaC: 0.5,
    }),
    conformalIsometry("dead", "a state that dies moves by 1, and then by 0", {
      initial: [0.6, 0.8],
      states: [[[1, 0]], [[0, 0]], [[0, 0]]],
      velocities: [
        [0.25, 0],
        [0.125, 0],
        [0, 0.25],
      ],
      order: [[0, 1, 2]],
      sigmaS: 0,
      sigmaC: 0.5,
    }),
  ];
}

/** L1 to L4, each for given states. */
export function lossCases(): Case[] {
  return [...separations(), ...invariances(), ...capacities(), ...conformalIsometries()];
}
