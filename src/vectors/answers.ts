import { gradients } from "../../spec/oracle-gradients.ts";
import { train } from "../../spec/oracle-training-step.ts";
import * as oracle from "../../spec/oracle.ts";
import type { PlateauState } from "../../spec/oracle.ts";
import type { OperationName, Operations } from "../port/operations.ts";
import { columns, measureAnswers } from "../port/wire.ts";
import type { Case } from "./case.ts";

type Answers = { [Name in OperationName]: (input: Operations[Name]["input"]) => Operations[Name]["output"] };

/** The oracle's function for each operation. */
const answers: Answers = {
  ...measureAnswers,
  positions: ({ velocities, order }) => ({ positions: oracle.positions(velocities, order) }),
  transition: ({ parameters, velocity, velocityScale }) => ({
    W: oracle.transition(parameters, velocity, velocityScale),
  }),
  initialState: ({ gamma }) => ({ state: oracle.initialState(gamma) }),
  step: ({ W, state }) => ({ state: oracle.step(W, state) }),
  rollout: (i) => oracle.rollout(i.parameters, i.velocities, i.order, i.velocityScale),
  separation: (i) => oracle.separation(i.states, i.positions, i.sigmaX, i.sigmaG, i.reduction),
  invariance: (i) => oracle.invariance(i.states, i.positions, i.sigmaX, i.reduction),
  capacity: ({ states }) => ({ value: oracle.capacity(states) }),
  conformalIsometry: (i) => oracle.conformalIsometry(i.initial, i.states, i.velocities, i.order, i.sigmaS, i.sigmaC),
  losses: ({ parameters, velocityScale, settings, ...batch }) =>
    oracle.losses(parameters, batch, velocityScale, settings),
  gradients: ({ parameters, velocityScale, settings, ...batch }) =>
    gradients(parameters, batch, velocityScale, settings),
  adamw: ({ parameters, gradients: given, m, v, step, ...settings }) => {
    const next = oracle.adamw({ parameters, firstMoment: m, secondMoment: v, step }, given, settings);
    return { parameters: next.parameters, m: next.firstMoment, v: next.secondMoment };
  },
  clip: (i) => oracle.clipByGlobalNorm(i.gradients, i.clipNorm),
  accumulate: (i) => ({ gradients: oracle.accumulate(i.gradients) }),
  schedule: ({ at, ...settings }) => ({ learningRates: at.map((step) => oracle.warmupCosine(step, settings)) }),
  plateau: ({ learningRate, losses, ...settings }) => {
    let state: PlateauState = { learningRate, best: Infinity, badSteps: 0 };
    const learningRates = losses.map((loss) => {
      state = oracle.reduceOnPlateau(state, loss, settings);
      return state.learningRate;
    });
    return { learningRates };
  },
  curriculum: ({ at, ...settings }) => columns(at.map((step) => oracle.settingsAt(step, settings))),
  train: ({ parameters, batches, settings }) => {
    const result = train(parameters, batches, settings);
    return {
      parameters: result.parameters,
      learningRates: result.reports.map((report) => report.learningRate),
      gradientNorms: result.reports.map((report) => report.gradientNorm),
      totals: result.reports.map((report) => report.losses.map((losses) => losses.total)),
    };
  },
};

/** The oracle's output for an operation and its input. */
export function answer(operation: Case["operation"], input: Case["input"]): object {
  return (answers[operation] as (input: Case["input"]) => object)(input);
}
