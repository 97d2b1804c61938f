import { gradients } from "../../../spec/oracle-gradients.ts";
import { initialState, rollout, step, transition } from "../../../spec/oracle.ts";
import type { Batch, LossSettings, Mat, Parameters, Rollout, Vec } from "../../../spec/oracle.ts";
import { add, matVec, norm, relu, reshape, scale, vecMat, zeros } from "../../../spec/oracle-arrays.ts";
import { transitionValues } from "../../../spec/oracle-network.ts";
import { lossesOfStates } from "../evaluate.ts";
import { rightReading } from "../reading.ts";
import type { Reading } from "../reading.ts";
import { edited } from "./edited.ts";
import type { Misreading } from "./misreading.ts";
import { deviation } from "../../statistics/statistics.ts";

/**
 * The step of trajectory b at time t from the state before it, in which some part keeps the value that it has at the
 * point of differentiation.
 */
type PartlyHeldStep = (W: Mat, before: Vec, t: number, b: number) => Vec;

/** The total of a rollout in which some part is held constant, as `detach` does in a framework. */
function holding(
  heldStep: (held: Rollout, W: Mat[], order: number[][]) => PartlyHeldStep,
  start: (gamma: Vec, held: Vec) => Vec = initialState,
): NonNullable<Reading["slopeOf"]> {
  return (p, batch, velocityScale, settings) => {
    const matrices = (q: Parameters): Mat[] =>
      batch.velocities.map((velocity) => transition(q, velocity, velocityScale));
    const held = rollout(p, batch.velocities, batch.order, velocityScale);
    const makeStep = heldStep(held, matrices(p), batch.order);
    return (moved) => {
      const W = matrices(moved);
      const initial = start(moved.gamma, p.gamma);
      let current = batch.order.map(() => initial);
      const states = batch.order[0]!.map((_, t) => {
        current = current.map((g, b) => makeStep(W[batch.order[b]![t]!]!, g, t, b));
        return current;
      });
      return lossesOfStates(rightReading, { ...held, initial, states }, batch, settings).total;
    };
  };
}

function divided(z: Vec, length: number): Vec {
  return length === 0 ? zeros(z.length) : scale(z, 1 / length);
}

/** A ReLU whose slope is 1 everywhere, around the point of differentiation. */
function unmasked(u: Vec, held: Vec): Vec {
  return relu(held).map((value, i) => value + u[i]! - held[i]!);
}

/** Norm(relu(u)) with such a ReLU. A dead state passes nothing back. */
function unmaskedState(u: Vec, held: Vec): Vec {
  if (norm(relu(held)) === 0) return zeros(held.length);
  const z = unmasked(u, held);
  return divided(z, norm(z));
}

const before = ({ initial, states }: Rollout, t: number, b: number): Vec => (t === 0 ? initial : states[t - 1]![b]!);

/** Misreadings of the gradient alone, under which the losses are right. */
export const gradientMisreadings: Misreading[] = [
  {
    name: "gradient-one-side-of-pairs",
    requirement: "L1",
    says: "the gradient of the pair losses reaches only one state of each pair: it is half of what it should be",
    change: {
      gradients: (p, batch, velocityScale, s) =>
        gradients(p, batch, velocityScale, { ...s, lambdaSep: s.lambdaSep / 2, lambdaInv: s.lambdaInv / 2 }),
    },
  },
  {
    name: "gradient-misses-gamma",
    requirement: "N2",
    says: "gamma gets no gradient",
    change: {
      gradients: (p, batch, velocityScale, settings) => ({
        ...gradients(p, batch, velocityScale, settings),
        gamma: zeros(p.gamma.length),
      }),
    },
  },
  {
    name: "gradient-through-one-step",
    requirement: "N3",
    says: "the gradient goes back through one step only: earlier states are taken as constants",
    change: {
      slopeOf: holding((held) => (W, _, t, b) => step(W, before(held, t, b))),
    },
  },
  {
    name: "gradient-norm-constant",
    requirement: "N3",
    says: "the length that states are divided by is taken as a constant",
    change: {
      slopeOf: holding(
        (held, heldW, order) => (W, g, t, b) => {
          const length = norm(relu(matVec(heldW[order[b]![t]!]!, before(held, t, b))));
          return divided(relu(matVec(W, g)), length);
        },
        (gamma, heldGamma) => divided(relu(gamma), norm(relu(heldGamma))),
      ),
    },
  },
  {
    name: "gradient-unmasked-states",
    requirement: "N3",
    says: "the gradient passes back through the ReLU of a state where it has cut off",
    change: {
      slopeOf: holding(
        (held, heldW, order) => (W, g, t, b) =>
          unmaskedState(matVec(W, g), matVec(heldW[order[b]![t]!]!, before(held, t, b))),
        unmaskedState,
      ),
    },
  },
  {
    name: "gradient-unmasked-layers",
    requirement: "N1",
    says: "the gradient passes back through the ReLUs of the hidden layers where they have cut off",
    change: {
      slopeOf: (p, { velocities, order, ...batch }, velocityScale, settings) => {
        const held = velocities.map((velocity) => transitionValues(p, velocity, velocityScale));
        const { deadStates } = rollout(p, velocities, order, velocityScale);
        return (moved) => {
          const W = held.map(({ input, u1, u2 }) => {
            const h1 = unmasked(add(vecMat(input, moved.A1), moved.a1), u1);
            const h2 = unmasked(add(vecMat(h1, moved.A2), moved.a2), u2);
            return reshape(add(vecMat(h2, moved.A3), moved.a3), moved.gamma.length, moved.gamma.length);
          });
          const initial = initialState(moved.gamma);
          let current = order.map(() => initial);
          const states = order[0]!.map((_, t) => {
            current = current.map((g, b) => step(W[order[b]![t]!]!, g));
            return current;
          });
          return lossesOfStates(
            rightReading,
            { initial, states, deadStates },
            { velocities, order, ...batch },
            settings,
          ).total;
        };
      },
    },
  },
  {
    name: "gradient-conformal-misses-before",
    requirement: "L4",
    says: "in the gradient of conformal isometry the state before each step is taken as a constant",
    change: {
      slopeOf: (p, batch, velocityScale, settings) => {
        const held = rollout(p, batch.velocities, batch.order, velocityScale);
        return (moved) => {
          const now = rollout(moved, batch.velocities, batch.order, velocityScale);
          const others = lossesOfStates(rightReading, now, batch, { ...settings, lambdaCon: 0 }).total;
          return others + settings.lambdaCon * conformalFrom(held, now, batch, settings);
        };
      },
    },
  },
  {
    name: "gradient-capacity-halved",
    requirement: "L3",
    says: "the gradient of the capacity loss is half of what it should be",
    change: edited(
      ["gradients"],
      "gradients",
      "scale(centre, -2 / states.length)",
      "scale(centre, -1 / states.length)",
    ),
  },
  {
    name: "gradient-through-the-dead",
    requirement: "N3",
    says: "the gradient passes through a dead state unchanged",
    change: edited(
      ["gradients"],
      "gradients",
      "if (length === 0) return zeros(u.length);",
      "if (length === 0) return d_g;",
    ),
  },
  {
    name: "gradient-passes-at-zero",
    requirement: "N1",
    says: "the derivative of a state's ReLU at exactly 0 is taken as 1",
    change: edited(
      ["gradients"],
      "gradients",
      "u.map((value, i) => (value > 0 ? (d_g[i]!",
      "u.map((value, i) => (value >= 0 ? (d_g[i]!",
    ),
  },
  {
    name: "gradient-of-no-move-undefined",
    requirement: "L4",
    says: "the gradient of conformal isometry is NaN where a state did not move",
    change: edited(["gradients"], "gradients", "if (length === 0) continue;", ""),
  },
];

/** L4 with the states before each step taken from one rollout and those after it from another. */
function conformalFrom(
  earlier: Rollout,
  later: Rollout,
  { velocities, order }: Batch,
  { sigmaS, sigmaC }: LossSettings,
): number {
  const ratios = later.states.flatMap((now, t) =>
    now.flatMap((after, b) => {
      const speed = norm(velocities[order[b]![t]!]!);
      const move = after.map((value, unit) => value - before(earlier, t, b)[unit]!);
      return speed > sigmaS && speed < sigmaC ? [norm(move) / speed] : [];
    }),
  );
  return ratios.length === 0 ? 0 : deviation(ratios) ** 2;
}
