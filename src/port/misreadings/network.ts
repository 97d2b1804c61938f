import { isDead, positions, step, transition } from "../../../spec/oracle.ts";
import type { Mat, Parameters, Vec } from "../../../spec/oracle.ts";
import { add, matVec, norm, relu, reshape, scale, transpose, vecMat } from "../../../spec/oracle-arrays.ts";
import { edited } from "./edited.ts";
import type { Misreading } from "./misreading.ts";

const matrixTimesState = (W: Mat, g: Vec): Vec => relu(matVec(W, g));

function normalisedBy(length: (z: Vec) => number): (z: Vec) => Vec {
  return (z) => (length(z) === 0 ? z : scale(z, 1 / length(z)));
}

const normalised = normalisedBy(norm);
const byLargest = normalisedBy((z) => Math.max(...z.map(Math.abs)));
const bySum = normalisedBy((z) => z.reduce((sum, value) => sum + Math.abs(value), 0));

function softmax(z: Vec): Vec {
  const e = z.map((value) => Math.exp(value - Math.max(...z)));
  return scale(e, 1 / e.reduce((sum, value) => sum + value, 0));
}

/** The inverse of a permutation. Its entries stay as they are if it is no permutation. */
function inverse(order: number[]): number[] {
  const places = order.map((_, place) => order.indexOf(place));
  return places.includes(-1) ? order : places;
}

/** N1 with other activations after the first, the second and the third layer. */
function mlp(p: Parameters, velocity: Vec, velocityScale: number, activations: ((z: Vec) => Vec)[]): Mat {
  const units = p.gamma.length;
  const layers: [Mat, Vec][] = [
    [p.A1, p.a1],
    [p.A2, p.a2],
    [p.A3, p.a3],
  ];
  const last = layers.reduce(
    (h, [A, a], k) => activations[k]!(add(vecMat(h, A), a)),
    scale(velocity, 1 / velocityScale),
  );
  return reshape(last, units, units);
}

const same = (z: Vec): Vec => z;
const tanh = (z: Vec): Vec => z.map(Math.tanh);

/** Misreadings of the data and of the network. */
export const networkMisreadings: Misreading[] = [
  {
    name: "order-inverted",
    requirement: "D2",
    says: "the inverse of the order is applied: step order[b][t] of trajectory b takes velocity t",
    change: { path: (order) => order.map(inverse) },
  },
  {
    name: "order-ignored",
    requirement: "D2",
    says: "the order is ignored: every trajectory takes the velocities as they stand in the list",
    change: { path: (order) => order.map((indices) => indices.map((_, t) => t)) },
  },
  {
    name: "positions-shifted",
    requirement: "D3",
    says: "positions are one step late: x_t leaves out the velocity of step t",
    change: {
      positions: (velocities, order) => [order.map(() => [0, 0]), ...positions(velocities, order).slice(0, -1)],
    },
  },
  {
    name: "positions-not-summed",
    requirement: "D3",
    says: "positions are the velocities themselves, not their running sum",
    change: {
      positions: (velocities, order) => order[0]!.map((_, t) => order.map((indices) => velocities[indices[t]!]!)),
    },
  },
  {
    name: "velocity-not-scaled",
    requirement: "N1",
    says: "the velocity is not divided by velocityScale",
    change: { transition: (p, velocity) => transition(p, velocity, 1) },
  },
  {
    name: "velocity-multiplied",
    requirement: "N1",
    says: "the velocity is multiplied by velocityScale instead of divided",
    change: { transition: (p, velocity, velocityScale) => transition(p, velocity, 1 / velocityScale) },
  },
  {
    name: "transition-column-major",
    requirement: "N1",
    says: "W is transposed: the MLP's output is read column by column",
    change: { transition: (p, velocity, velocityScale) => transpose(transition(p, velocity, velocityScale)) },
  },
  {
    name: "mlp-without-relu",
    requirement: "N1",
    says: "the MLP's hidden layers have no ReLU",
    change: { transition: (p, velocity, velocityScale) => mlp(p, velocity, velocityScale, [same, same, same]) },
  },
  {
    name: "mlp-relu-at-end",
    requirement: "N1",
    says: "the MLP has a ReLU after its last layer too",
    change: { transition: (p, velocity, velocityScale) => mlp(p, velocity, velocityScale, [relu, relu, relu]) },
  },
  {
    name: "mlp-tanh",
    requirement: "N1",
    says: "the MLP's hidden layers have tanh instead of ReLU",
    change: { transition: (p, velocity, velocityScale) => mlp(p, velocity, velocityScale, [tanh, tanh, same]) },
  },
  {
    name: "transition-residual",
    requirement: "N1",
    says: "the identity matrix is added to W",
    change: {
      transition: (p, velocity, velocityScale) =>
        transition(p, velocity, velocityScale).map((row, i) => row.map((value, j) => (i === j ? value + 1 : value))),
    },
  },
  {
    name: "initial-without-relu",
    requirement: "N2",
    says: "gamma is normalised without a ReLU before",
    change: { initialState: normalised },
  },
  {
    name: "initial-not-normalised",
    requirement: "N2",
    says: "the initial state is relu(gamma), not normalised",
    change: { initialState: relu },
  },
  {
    name: "step-transposed",
    requirement: "N3",
    says: "the state is multiplied with W transposed (g W instead of W g)",
    change: { step: (W, g) => step(transpose(W), g) },
  },
  {
    name: "norm-before-relu",
    requirement: "N3",
    says: "the state is normalised before the ReLU, not after",
    change: { step: (W, g) => relu(normalised(matVec(W, g))), initialState: (gamma) => relu(normalised(gamma)) },
  },
  {
    name: "step-without-relu",
    requirement: "N3",
    says: "a step has no ReLU",
    change: { step: (W, g) => normalised(matVec(W, g)) },
  },
  {
    name: "step-not-normalised",
    requirement: "N3",
    says: "a step's state is not normalised",
    change: { step: matrixTimesState },
  },
  {
    name: "norm-l1",
    requirement: "N3",
    says: "states are divided by their sum (L1 norm), not by their length",
    change: { step: (W, g) => bySum(matrixTimesState(W, g)), initialState: (gamma) => bySum(relu(gamma)) },
  },
  {
    name: "norm-max",
    requirement: "N3",
    says: "states are divided by their largest entry, not by their length",
    change: { step: (W, g) => byLargest(matrixTimesState(W, g)), initialState: (gamma) => byLargest(relu(gamma)) },
  },
  ...[1e-5, 1e-6, 1e-7, 1e-8].map((small) => ({
    name: `norm-plus-${small}`,
    requirement: "N3",
    says: `${small} is added to the length that states are divided by`,
    change: {
      step: (W: Mat, g: Vec): Vec => normalisedBy((z) => norm(z) + small)(matrixTimesState(W, g)),
      initialState: (gamma: Vec): Vec => normalisedBy((z) => norm(z) + small)(relu(gamma)),
    },
  })),
  {
    name: "dead-trajectories-counted",
    requirement: "N3",
    says: "deadStates counts the trajectories that have died, not the states that are dead",
    change: { deadStates: (states) => states.at(-1)!.filter(isDead).length },
  },
  {
    name: "step-softmax",
    requirement: "N3",
    says: "a step ends in a softmax instead of ReLU and norm",
    change: { step: (W, g) => softmax(matVec(W, g)) },
  },
  {
    name: "step-residual",
    requirement: "N3",
    says: "the last state is added: relu(g + W g)",
    change: { step: (W, g) => normalised(relu(add(g, matVec(W, g)))) },
  },
  {
    name: "dead-state-replaced",
    requirement: "N3",
    says: "a dead state is replaced by one in which all units are equally active",
    change: edited(
      ["initialState", "step"],
      "network",
      "length === 0 ? z :",
      "length === 0 ? z.map(() => z.length ** -0.5) :",
    ),
  },
];
