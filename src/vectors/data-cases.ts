import { independentOrder } from "../../spec/oracle.ts";
import { casesOf } from "./case.ts";
import type { Case } from "./case.ts";
import { Draws } from "./draws.ts";
import { squareWalk } from "./fixtures.ts";

/** D3, D4: positions. */
export function dataCases(): Case[] {
  const positions = casesOf("positions");
  const draws = new Draws(11);
  return [
    positions("permuted", "three permutations of four velocities, which end at one place", draws.batch(3, 4, 0.15)),
    positions("one-step-one-trajectory", "T = 1, B = 1", { velocities: [[0.125, -0.25]], order: [[0]] }),
    positions("zero-velocity", "one velocity is 0", {
      velocities: [
        [0, 0],
        [0.5, 0.25],
      ],
      order: [
        [0, 1],
        [1, 0],
      ],
    }),
    positions("closed", "a walk around a square, which ends at the origin", {
      velocities: squareWalk,
      order: [
        [0, 1, 2, 3],
        [3, 0, 1, 2],
      ],
    }),
    positions("without-permutation", "K = B T: each trajectory has its own velocities", {
      velocities: draws.velocities(6, 0.3),
      order: independentOrder(2, 3),
    }),
  ];
}
