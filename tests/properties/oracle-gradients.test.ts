import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dot, matVec, norm, relu, subtract } from "../../spec/oracle-arrays.ts";
import { gradients } from "../../spec/oracle-gradients.ts";
import { transitionValues } from "../../spec/oracle-network.ts";
import { combine, flatten, losses, parameterNames, rollout } from "../../spec/oracle.ts";
import type { LossSettings, Parameters } from "../../spec/oracle.ts";
import { parametersOf, scenario } from "./oracle-arbitraries.ts";
import type { Scenario } from "./oracle-arbitraries.ts";

/** Half the distance of the two losses of a central difference. */
const STEP = 1e-6;

/** How far from 0 a rectified value, and any length that is not exactly 0, must be for the difference quotient to see no kink. */
const MARGIN = 2e-3;

/** Whether no rectification and no length in the scenario's rollout is so close to its kink that a small step could cross it. */
function isSmooth({ p, batch, velocityScale }: Scenario): boolean {
  const { initial, states } = rollout(p, batch.velocities, batch.order, velocityScale);
  const layers = batch.velocities.map((velocity) => transitionValues(p, velocity, velocityScale));
  const rectified = [p.gamma, ...layers.flatMap(({ u1, u2 }) => [u1, u2])];
  const lengths = [norm(relu(p.gamma))];
  batch.order.forEach((indices, b) => {
    indices.forEach((k, t) => {
      const before = t === 0 ? initial : states[t - 1]![b]!;
      const u = matVec(layers[k]!.W, before);
      if (norm(before) > 0) rectified.push(u);
      lengths.push(norm(relu(u)), norm(subtract(states[t]![b]!, before)));
    });
  });
  return (
    rectified.flat().every((value) => Math.abs(value) > MARGIN) &&
    lengths.every((length) => length < 1e-12 || length > 10 * MARGIN)
  );
}

/** The central difference of the total loss along a direction in parameter space. */
function slope({ p, batch, velocityScale, settings }: Scenario, direction: Parameters): number {
  const at = (h: number): number =>
    losses(
      combine((value, d) => value + h * d, p, direction),
      batch,
      velocityScale,
      settings,
    ).total;
  return (at(STEP) - at(-STEP)) / (2 * STEP);
}

/** Checks the exact slope of the total along a direction against the central difference, to what rounding lets that show. */
function expectSlope(drawn: Scenario, direction: Parameters): void {
  const { p, batch, velocityScale, settings } = drawn;
  const exact = dot(flatten(gradients(p, batch, velocityScale, settings)), flatten(direction));
  const size = 1 + Math.abs(losses(p, batch, velocityScale, settings).total);
  expect(Math.abs(exact - slope(drawn, direction))).toBeLessThan(1e-6 * size + 1e-5 * Math.abs(exact));
}

const weights: (keyof LossSettings)[] = ["lambdaSep", "lambdaInv", "lambdaCap", "lambdaCon"];

/** A scenario away from kinks with a direction for its parameters. */
const smooth = scenario.filter(isSmooth).chain((drawn) =>
  fc.record({
    drawn: fc.constant(drawn),
    direction: parametersOf({
      units: drawn.p.gamma.length,
      hidden: drawn.p.a1.length,
      timesteps: 1,
      trajectories: 1,
    }),
  }),
);

describe("gradients", () => {
  for (const name of parameterNames) {
    it(`N1, N2, N3, L5: the derivative along ${name} is the central difference (mutant: any term of its chain rule changed)`, () => {
      fc.assert(
        fc.property(smooth, ({ drawn, direction }) => {
          const only = { ...combine(() => 0, drawn.p), [name]: direction[name] };
          expectSlope(drawn, only);
        }),
        { numRuns: 25 },
      );
    });
  }

  for (const [k, weight] of weights.entries()) {
    it(`L${k + 1}: alone, its derivative is the central difference (mutant: its weight dropped on the way back)`, () => {
      fc.assert(
        fc.property(smooth, ({ drawn, direction }) => {
          const none = { lambdaSep: 0, lambdaInv: 0, lambdaCap: 0, lambdaCon: 0 };
          const alone = { ...drawn, settings: { ...drawn.settings, ...none, [weight]: 3 } };
          expectSlope(alone, direction);
        }),
        { numRuns: 25 },
      );
    });
  }

  const batch = {
    velocities: [
      [0.1, 0],
      [0, 0.2],
    ],
    order: [[0, 1]],
  };
  const settings: LossSettings = {
    sigmaX: 0.05,
    sigmaG: 0.4,
    sigmaS: 0,
    sigmaC: 1,
    lambdaSep: 1,
    lambdaInv: 1,
    lambdaCap: 1,
    lambdaCon: 1,
    reduction: "mean",
  };

  /** Two units with a constant matrix: a multiple of the identity. */
  const multiple = (factor: number): Parameters => ({
    A1: [[1], [1]],
    a1: [1],
    A2: [[1]],
    a2: [1],
    A3: [[0, 0, 0, 0]],
    a3: [factor, 0, 0, factor],
    gamma: [1, 0],
  });

  it("N3: nothing comes back through a dead state", () => {
    const found = gradients(multiple(-1), batch, 1, { ...settings, lambdaCon: 0 });
    expect(flatten(found).every((value) => value === 0)).toBe(true);
  });

  it("L4: a state that did not move passes no derivative on, and none is NaN", () => {
    const alone = { ...settings, lambdaSep: 0, lambdaInv: 0, lambdaCap: 0 };
    expect(flatten(gradients(multiple(1), batch, 1, alone)).every((value) => value === 0)).toBe(true);
  });
});
