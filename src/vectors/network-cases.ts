import { independentOrder } from "../../spec/oracle.ts";
import type { Parameters } from "../../spec/oracle.ts";
import { casesOf } from "./case.ts";
import type { Case } from "./case.ts";
import { Draws } from "./draws.ts";
import { dying, squareWalk, withDeadStart } from "./fixtures.ts";

/** N1: transition matrices. */
function transitions(): Case[] {
  const transition = casesOf("transition");
  const draws = new Draws(21);
  const parameters = draws.parameters(3, 4);
  const velocity = draws.vector(2, -0.15, 0.15);
  const single: Parameters = { A1: [[2], [0]], a1: [1], A2: [[3]], a2: [-1], A3: [[0.5]], a3: [0.25], gamma: [2] };
  return [
    transition("scaled", "the velocity is divided by 0.15 before the first layer", {
      parameters,
      velocity,
      velocityScale: 0.15,
    }),
    transition("unscaled", "the same with a scale of 1", { parameters, velocity, velocityScale: 1 }),
    transition("zero-velocity", "the velocity is 0, so that only the biases and the later weights matter", {
      parameters,
      velocity: [0, 0],
      velocityScale: 0.15,
    }),
    transition("hidden-off", "no unit of the first hidden layer is active", {
      parameters: { ...parameters, a1: parameters.a1.map(() => -20) },
      velocity,
      velocityScale: 0.15,
    }),
    transition("single", "one unit and one hidden unit, computed by hand: 4.25", {
      parameters: single,
      velocity: [0.5, 7],
      velocityScale: 0.5,
    }),
    transition("row-major", "W is filled row by row: 1 2 / 3 4", {
      parameters: { ...dying, A3: [[0, 0, 0, 0]], a3: [1, 2, 3, 4] },
      velocity: [0.1, 0.2],
      velocityScale: 1,
    }),
  ];
}

/** N2: initial states. */
function initialStates(): Case[] {
  const initialState = casesOf("initialState");
  return [
    initialState("mixed", "gamma has entries of both signs", { gamma: new Draws(22).vector(6, -1, 1) }),
    initialState("by-hand", "(3, -1, 4) becomes (0.6, 0, 0.8)", { gamma: [3, -1, 4] }),
    initialState("single", "one unit", { gamma: [0.3] }),
    initialState("small", "all entries are tiny, and nothing is added to the length", {
      gamma: [3 * 2 ** -29, 2 ** -27, -1],
    }),
    initialState("dead", "no entry is positive, which gives the zero vector", { gamma: [-1, 0, -0.25] }),
  ];
}

/** N3: single steps. */
function steps(): Case[] {
  const step = casesOf("step");
  const draws = new Draws(23);
  const W = draws.matrix(5, 5, -0.6, 1);
  return [
    step("any", "five units, W without symmetry", { W, state: draws.states(1, 5)[0]! }),
    step("column", "W[i][j] leads from unit j to unit i", {
      W: [
        [3, 7],
        [4, 9],
      ],
      state: [1, 0],
    }),
    step("rectified-first", "rectified before it is normalised", {
      W: [
        [3, 0],
        [-4, 0],
      ],
      state: [1, 0],
    }),
    step("dies", "no entry of W g is positive, which gives the zero vector", {
      W: [
        [-1, -2],
        [-0.5, 0],
      ],
      state: [0.6, 0.8],
    }),
    step("stays-dead", "the state before the step is the zero vector", { W, state: [0, 0, 0, 0, 0] }),
    step("small", "W g is tiny, and nothing is added to the length", {
      W: [
        [3 * 2 ** -29, 0],
        [2 ** -27, 0],
      ],
      state: [1, 0],
    }),
    step("single", "one unit", { W: [[0.7]], state: [1] }),
  ];
}

/** N2, N3: rollouts. */
function rollouts(): Case[] {
  const rollout = casesOf("rollout");
  const draws = new Draws(24);
  const small = draws.parameters(4, 3);
  const large = draws.parameters(8, 8);
  const many = new Draws(25);
  const scale = { velocityScale: 0.15 };
  return [
    rollout("permuted", "N 4, H 3, T 5, B 3", { parameters: small, ...draws.batch(3, 5, 0.15), ...scale }),
    rollout("larger", "N 8, H 8, T 8, B 2", { parameters: large, ...draws.batch(2, 8, 0.15), ...scale }),
    rollout("one-step-one-trajectory", "T = 1, B = 1", { parameters: small, ...draws.batch(1, 1, 0.15), ...scale }),
    rollout("one-trajectory", "B = 1", { parameters: small, ...draws.batch(1, 4, 0.15), ...scale }),
    rollout("without-permutation", "K = B T velocities (D4)", {
      parameters: small,
      velocities: draws.velocities(6, 0.15),
      order: independentOrder(2, 3),
      ...scale,
    }),
    rollout("zero-velocity", "all velocities are 0", {
      parameters: small,
      velocities: [
        [0, 0],
        [0.1, -0.05],
        [0, 0],
      ],
      order: [
        [0, 1, 2],
        [1, 2, 0],
      ],
      ...scale,
    }),
    rollout("dying", "each trajectory dies at its first step to the right", {
      parameters: dying,
      velocities: squareWalk,
      order: [
        [0, 1, 2, 3],
        [2, 1, 3, 0],
        [1, 2, 0, 3],
      ],
      velocityScale: 0.25,
    }),
    rollout("large", "N 12, H 10, T 20, B 16: more than fits into a tile", {
      parameters: many.parameters(12, 10),
      ...many.batch(16, 20, 0.15),
      ...scale,
    }),
    rollout("dead-start", "g_0 is dead, and so are all states after it", {
      parameters: withDeadStart(small),
      ...draws.batch(2, 2, 0.15),
      ...scale,
    }),
  ];
}

/** N1 to N4. */
export function networkCases(): Case[] {
  return [...transitions(), ...initialStates(), ...steps(), ...rollouts()];
}
