import type { Batch, Losses, LossSettings, Mat, Parameters, PlateauState, Rollout } from "../../spec/oracle.ts";
import type { TrainSettings } from "../../spec/oracle-training-step.ts";
import type { JsonObject } from "./compare.ts";
import { CentralDifferences } from "./differences.ts";
import type { BatchInput, OperationName, Operations } from "./operations.ts";
import type { Reading } from "./reading.ts";
import { columns } from "./wire.ts";

/** One function for each operation, from its input to its output, both as in the protocol. */
export type Evaluation = {
  [Name in OperationName]: (input: Operations[Name]["input"]) => Operations[Name]["output"];
};

/**
 * P4: the answers of a port whose author reads the paper in the given way.
 * @spec P4
 */
export function evaluation(reading: Reading): Evaluation {
  return {
    positions: ({ velocities, order }) => ({ positions: reading.positions(velocities, reading.path(order)) }),
    transition: ({ parameters, velocity, velocityScale }) => ({
      W: reading.transition(parameters, velocity, velocityScale),
    }),
    initialState: ({ gamma }) => ({ state: reading.initialState(gamma) }),
    step: ({ W, state }) => ({ state: reading.step(W, state) }),
    rollout: ({ parameters, velocities, order, velocityScale }) =>
      rollout(reading, parameters, velocities, order, velocityScale),
    separation: (i) => reading.separation(i.states, i.positions, i.sigmaX, i.sigmaG, i.reduction),
    invariance: (i) => reading.invariance(i.states, i.positions, i.sigmaX, i.reduction),
    capacity: ({ states }) => ({ value: reading.capacity(states) }),
    conformalIsometry: (i) =>
      reading.conformalIsometry(i.initial, i.states, i.velocities, reading.path(i.order), i.sigmaS, i.sigmaC),
    losses: (i) => losses(reading, i.parameters, i, i.velocityScale, i.settings),
    gradients: (i) => gradients(reading, i.parameters, i, i.velocityScale, i.settings),
    adamw: ({ parameters, gradients, m, v, step, ...settings }) => {
      const next = reading.adamw({ parameters, firstMoment: m, secondMoment: v, step }, gradients, settings);
      return { parameters: next.parameters, m: next.firstMoment, v: next.secondMoment };
    },
    clip: (i) => reading.clipByGlobalNorm(i.gradients, i.clipNorm),
    accumulate: (i) => ({ gradients: reading.accumulate(i.gradients) }),
    schedule: ({ at, ...settings }) => ({ learningRates: at.map((s) => reading.warmupCosine(s, settings)) }),
    plateau: ({ learningRate, losses, ...settings }) => {
      let state: PlateauState = { learningRate, best: Infinity, badSteps: 0 };
      return {
        learningRates: losses.map((loss) => (state = reading.reduceOnPlateau(state, loss, settings)).learningRate),
      };
    },
    curriculum: ({ at, ...settings }) => columns(at.map((s) => reading.settingsAt(s, settings))),
    train: ({ parameters, batches, settings }) => train(reading, parameters, batches, settings),
    rateMap: reading.rateMap,
    autocorrelogram: reading.autocorrelogram,
    gridness: reading.gridness,
    lattice: reading.lattice,
    modules: reading.modules,
  };
}

/** The answer to an operation under a reading. The input must be a valid one of that operation. */
export function evaluate(reading: Reading, operation: OperationName, input: JsonObject): JsonObject {
  const evaluateOne = evaluation(reading)[operation] as unknown as (input: JsonObject) => JsonObject;
  return evaluateOne(input);
}

/** N2, N3 under a reading. */
function rollout(reading: Reading, p: Parameters, velocities: Mat, order: number[][], velocityScale: number): Rollout {
  const W = velocities.map((velocity) => reading.transition(p, velocity, velocityScale));
  const path = reading.path(order);
  const initial = reading.initialState(p.gamma);
  let current = path.map(() => initial);
  const states = path[0]!.map((_, t) => {
    current = current.map((g, b) => reading.step(W[path[b]![t]!]!, g));
    return current;
  });
  return { initial, states, deadStates: reading.deadStates(states) };
}

/** L1 to L5 under a reading. */
function losses(reading: Reading, p: Parameters, batch: Batch, velocityScale: number, settings: LossSettings): Losses {
  return lossesOfStates(reading, rollout(reading, p, batch.velocities, batch.order, velocityScale), batch, settings);
}

/** L1 to L5 under a reading, of given states. */
export function lossesOfStates(
  reading: Reading,
  { initial, states, deadStates }: Rollout,
  { velocities, order, pairs }: Batch,
  settings: LossSettings,
): Losses {
  const s = reading.settings(settings);
  const path = reading.path(order);
  const allStates = states.flat();
  const allPositions = reading.positions(velocities, path).flat();
  const drawn = pairs ?? allStates.map((_, index) => index);
  const far = reading.separationStates(drawn, allStates.length);
  const sep = reading.separation(
    far.map((index) => allStates[index]!),
    far.map((index) => allPositions[index]!),
    s.sigmaX,
    s.sigmaG,
    s.reduction,
  );
  const near = reading.invarianceStates(drawn, allStates.length);
  const inv = reading.invariance(
    near.map((index) => allStates[index]!),
    near.map((index) => allPositions[index]!),
    s.sigmaX,
    s.reduction,
  );
  const con = reading.conformalIsometry(initial, states, velocities, path, s.sigmaS, s.sigmaC);
  const ofDrawn = drawn.map((index) => allStates[index]!);
  const cap = reading.capacity(reading.capacityStates(allStates, ofDrawn));
  const terms = {
    sep: sep.value,
    inv: inv.value,
    cap: reading.capacityTerm(cap, allStates.length, s.reduction),
    con: reading.conformalTerm(con.value, con.count, s.reduction),
  };
  return {
    ...terms,
    total: reading.total(terms, s),
    nearCount: inv.count,
    farCount: sep.count,
    conCount: con.count,
    deadStates,
  };
}

/** L5's gradient under a reading. */
function gradients(
  reading: Reading,
  p: Parameters,
  batch: Batch,
  velocityScale: number,
  settings: LossSettings,
): Parameters {
  if (reading.gradients) return reading.gradients(p, batch, velocityScale, settings);
  return differences(reading, { ...batch, parameters: p, velocityScale, settings }).all();
}

/** The slopes that stand for the gradient of L5 under a reading, one parameter after the other. */
export function differences(
  reading: Reading,
  { parameters, velocityScale, settings, ...batch }: BatchInput,
): CentralDifferences {
  const total =
    reading.slopeOf?.(parameters, batch, velocityScale, settings) ??
    ((moved: Parameters): number => losses(reading, moved, batch, velocityScale, settings).total);
  return new CentralDifferences(parameters, total);
}

/** T1 to T6 together under a reading. */
function train(
  reading: Reading,
  initial: Parameters,
  batches: Batch[][],
  settings: TrainSettings,
): Operations["train"]["output"] {
  const steps = trainingSteps(reading, initial, batches, settings);
  const totals: number[][] = [];
  const rates: { learningRate: number; gradientNorm: number }[] = [];
  for (let next = steps.next(); ; next = steps.next()) {
    if (next.done) {
      const [learningRates, gradientNorms] = [rates.map((s) => s.learningRate), rates.map((s) => s.gradientNorm)];
      return { parameters: next.value, learningRates, gradientNorms, totals };
    }
    if ("totals" in next.value) totals.push(next.value.totals);
    else rates.push(next.value);
  }
}

/** What a training step comes to: first the totals of its batches, and then, which takes longer, its rate and gradient. */
export type StepPart = { totals: number[] } | { learningRate: number; gradientNorm: number };

/**
 * T1 to T6 together under a reading, in parts, so that somebody who compares may stop at the first one that differs.
 * Returns the parameters after the last step.
 */
export function* trainingSteps(
  reading: Reading,
  initial: Parameters,
  batches: Batch[][],
  settings: TrainSettings,
): Generator<StepPart, Parameters> {
  let state = reading.adamwStart(initial);
  let plateau: PlateauState = { learningRate: settings.learningRate, best: Infinity, badSteps: 0 };
  for (const ofStep of batches) {
    const p = state.parameters;
    const now = reading.lossSettingsAt(state.step, settings, reading.settingsAt);
    const totals = ofStep.map((batch) => losses(reading, p, batch, settings.velocityScale, now).total);
    yield { totals };
    const each = ofStep.map((batch) => gradients(reading, p, batch, settings.velocityScale, now));
    const clipped = reading.clippedMean(each, settings.clipNorm, reading);
    const learningRate =
      settings.schedule === "cosine"
        ? reading.warmupCosine(state.step, settings)
        : plateau.learningRate * reading.warmupOf(state.step, settings);
    yield { learningRate, gradientNorm: clipped.norm };
    state = reading.adamw(state, clipped.gradients, { ...settings, learningRate });
    if (settings.schedule === "plateau")
      plateau = reading.reduceOnPlateau(plateau, reading.lossOfStep(totals), settings);
  }
  return state.parameters;
}
