import { independentOrder } from "../../spec/oracle.ts";
import type { BatchInput } from "../port/operations.ts";
import { casesOf } from "./case.ts";
import type { Case } from "./case.ts";
import { Draws } from "./draws.ts";
import { dying, settings, squareWalk, still, withDeadStart, withUndrivenUnit } from "./fixtures.ts";

/**
 * Batches with parameters. Each has a name, a few words on what is special about it, and the input of `losses` and
 * `gradients`.
 */
function batches(): [name: string, about: string, input: BatchInput][] {
  const draws = new Draws(91);
  const parameters = draws.parameters(4, 3);
  const large = draws.parameters(8, 6);
  const base: BatchInput = { parameters, ...draws.batch(3, 5, 0.15), velocityScale: 0.15, settings };
  const only = { lambdaSep: 0, lambdaInv: 0, lambdaCap: 0, lambdaCon: 0 };
  const square = {
    parameters,
    velocities: squareWalk,
    order: [
      [0, 1, 2, 3],
      [1, 0, 3, 2],
    ],
    velocityScale: 0.25,
  };
  return [
    ["mean", "N 4, H 3, T 5, B 3, all four terms", base],
    ["sum", "the same, with sums over the pairs", { ...base, settings: { ...settings, reduction: "sum" } }],
    ["separation-only", "the other weights are 0", { ...base, settings: { ...settings, ...only, lambdaSep: 1 } }],
    ["invariance-only", "the other weights are 0", { ...base, settings: { ...settings, ...only, lambdaInv: 1 } }],
    ["capacity-only", "the other weights are 0", { ...base, settings: { ...settings, ...only, lambdaCap: 1 } }],
    ["conformal-only", "the other weights are 0", { ...base, settings: { ...settings, ...only, lambdaCon: 1 } }],
    [
      "pairs",
      "seven states drawn for L1, out of order; L2 is over all states",
      { ...base, pairs: [12, 3, 4, 0, 9, 14, 7] },
    ],
    ["larger", "N 8, H 6, T 7, B 2", { ...base, parameters: large, ...draws.batch(2, 7, 0.15) }],
    ["one-trajectory", "B = 1", { ...base, ...draws.batch(1, 4, 0.15) }],
    ["one-step", "T = 1: all states are at one place, and no pair is far", { ...base, ...draws.batch(3, 1, 0.15) }],
    ["one-state", "T = 1, B = 1: there is one step and no pair", { ...base, ...draws.batch(1, 1, 0.15) }],
    [
      "without-permutation",
      "K = B T velocities (D4)",
      { ...base, velocities: draws.velocities(6, 0.15), order: independentOrder(2, 3) },
    ],
    ["all-near", "sigmaX larger than the walk: no far pair", { ...base, settings: { ...settings, sigmaX: 5 } }],
    ["all-far", "sigmaX smaller than any distance but 0", { ...base, settings: { ...settings, sigmaX: 0.001 } }],
    ["all-fast", "no step below sigmaC", { ...base, settings: { ...settings, sigmaS: 0, sigmaC: 0.001 } }],
    ["all-slow", "no step above sigmaS", { ...base, settings: { ...settings, sigmaS: 1 } }],
    [
      "zero-velocity",
      "a velocity of 0, whose step does not count in L4",
      {
        ...base,
        settings: { ...settings, sigmaS: 0 },
        velocities: [
          [0, 0],
          [0.1, -0.05],
          [-0.075, 0.125],
        ],
        order: [
          [0, 1, 2],
          [2, 0, 1],
        ],
      },
    ],
    [
      "at-sigma",
      "distances and speeds of exactly sigmaX and sigmaC",
      { ...square, settings: { ...settings, sigmaX: 0.25, sigmaC: 0.25 } },
    ],
    [
      "dying",
      "some states die, at different times",
      { ...square, parameters: dying, settings: { ...settings, sigmaC: 0.5, sigmaX: 0.125 } },
    ],
    [
      "dead-start",
      "g_0 is dead: separation is 1, capacity is 0, and there is no gradient",
      { ...base, parameters: withDeadStart(parameters) },
    ],
    [
      "still",
      "no state ever moves, and a change of 0 passes on no gradient",
      { ...square, parameters: still, settings },
    ],
    [
      "at-zero",
      "units that nothing drives: their sum and their gamma are exactly 0, and no gradient passes through them",
      { ...square, parameters: withUndrivenUnit(parameters), settings },
    ],
    [
      "paper",
      "the paper's own settings of L4: sigmaS = 0, sigmaC = sigmaX; all pairs",
      { ...base, settings: { ...settings, sigmaS: 0, sigmaC: settings.sigmaX } },
    ],
  ];
}

/**
 * Batches that are too large for the loops of a small port: more trajectories, steps and units than fit into a tile.
 */
function largeBatches(): { losses: BatchInput; gradients: BatchInput } {
  const draws = new Draws(94);
  const rest = { velocityScale: 0.15, settings };
  return {
    losses: { parameters: draws.parameters(64, 2), ...draws.batch(16, 20, 0.15), ...rest },
    gradients: { parameters: draws.parameters(12, 6), ...draws.batch(9, 17, 0.15), ...rest },
  };
}

/** L1 to L5 and their gradients, for given parameters and batches. */
export function batchCases(): Case[] {
  const losses = casesOf("losses");
  const gradients = casesOf("gradients");
  const large = largeBatches();
  return [
    ...batches().map((batch) => losses(...batch)),
    losses("glimpse", "N 64, T 20, B 16, as the preset `glimpse`; H 2", large.losses),
    ...batches().map((batch) => gradients(...batch)),
    gradients("large", "N 12, H 6, T 17, B 9", large.gradients),
  ];
}
