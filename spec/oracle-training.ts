import { mean, norm } from "mathjs";
import { scale } from "./oracle-arrays.ts";
import type { Mat, Vec } from "./oracle-arrays.ts";
import type { Parameters } from "./oracle-network.ts";

/** The names of the parameters, in the order in which they are listed everywhere. */
export const parameterNames = ["A1", "a1", "A2", "a2", "A3", "a3", "gamma"] as const;

/** What T1 keeps from step to step: parameters, running moments, and how many steps were made. */
export interface AdamwState {
  parameters: Parameters;
  firstMoment: Parameters;
  secondMoment: Parameters;
  step: number;
}

/** The constants of T1. */
export interface AdamwSettings {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
}

/** The constants of T4: the peak learning rate, the warm-up's and the whole run's length in steps, the end's share of the peak. */
export interface WarmupCosineSettings {
  learningRate: number;
  warmup: number;
  cosineFloor: number;
  steps: number;
}

/** What T5 keeps from step to step; `best` is Infinity before the first value. */
export interface PlateauState {
  learningRate: number;
  best: number;
  badSteps: number;
}

/** The constants of T5. */
export interface PlateauSettings {
  plateauFactor: number;
  plateauPatience: number;
  plateauThreshold: number;
}

/** The settings that T6 moves. */
export interface CurriculumSettings {
  timesteps: number;
  sigmaG: number;
  lambdaInv: number;
  lambdaCap: number;
}

/** A knot of T6: the settings at a share of the training. A setting that it does not give has its own value. */
export interface Knot extends Partial<CurriculumSettings> {
  at: number;
}

/** The constants of T6: the training's length in steps, its own settings, and the knots in the order of their shares. */
export interface Curriculum extends CurriculumSettings {
  steps: number;
  curriculum: Knot[];
}

/** T1 to T3: applies f to the numbers that stand at the same place in each of the given sets of parameters. */
export function combine(f: (...values: number[]) => number, ...sets: Parameters[]): Parameters {
  const vectors = (lists: Vec[]): Vec => lists[0]!.map((_, k) => f(...lists.map((list) => list[k]!)));
  const matrices = (lists: Mat[]): Mat => lists[0]!.map((_, row) => vectors(lists.map((list) => list[row]!)));
  return {
    A1: matrices(sets.map((set) => set.A1)),
    a1: vectors(sets.map((set) => set.a1)),
    A2: matrices(sets.map((set) => set.A2)),
    a2: vectors(sets.map((set) => set.a2)),
    A3: matrices(sets.map((set) => set.A3)),
    a3: vectors(sets.map((set) => set.a3)),
    gamma: vectors(sets.map((set) => set.gamma)),
  };
}

/** T1 to T3: all numbers of a set of parameters in one list. */
export function flatten(p: Parameters): Vec {
  return parameterNames.flatMap((name) => p[name].flat());
}

/**
 * T1 AdamW: the state before the first step, with both moments zero.
 * @spec T1
 */
export function adamwStart(parameters: Parameters): AdamwState {
  const none = combine(() => 0, parameters);
  return { parameters, firstMoment: none, secondMoment: none, step: 0 };
}

/** x^n for a whole n. A product, because the operator ** differs in its last bit between versions of Node. */
function power(x: number, n: number): number {
  let product = 1;
  for (let k = 0; k < n; k++) product *= x;
  return product;
}

/**
 * T1 AdamW: one step with decoupled weight decay and bias-corrected moments.
 * p <- p (1 - lr wd) - lr mhat / (sqrt(vhat) + eps), for every parameter.
 * @spec T1
 */
export function adamw(state: AdamwState, gradients: Parameters, settings: AdamwSettings): AdamwState {
  const { learningRate, beta1, beta2, epsilon, weightDecay } = settings;
  const step = state.step + 1;
  const firstMoment = combine((m, g) => beta1 * m + (1 - beta1) * g, state.firstMoment, gradients);
  const secondMoment = combine((v, g) => beta2 * v + (1 - beta2) * g ** 2, state.secondMoment, gradients);
  const [power1, power2] = [power(beta1, step), power(beta2, step)];
  const parameters = combine(
    (p, m, v) => {
      const mhat = m / (1 - power1);
      const vhat = v / (1 - power2);
      return p * (1 - learningRate * weightDecay) - (learningRate * mhat) / (Math.sqrt(vhat) + epsilon);
    },
    state.parameters,
    firstMoment,
    secondMoment,
  );
  return { parameters, firstMoment, secondMoment, step };
}

/**
 * T2 Clipping: all gradients times min(1, clip / ||g||), with the norm taken over all parameters together; a clip of 0 is none.
 * @returns the clipped gradients and the norm before clipping
 * @spec T2
 */
export function clipByGlobalNorm(gradients: Parameters, clip: number): { gradients: Parameters; norm: number } {
  const length = norm(flatten(gradients)) as number;
  const factor = clip === 0 ? 1 : Math.min(1, clip / length);
  return { gradients: combine((g) => g * factor, gradients), norm: length };
}

/**
 * T3 Accumulation: the mean of the gradients of several batches.
 * @spec T3
 */
export function accumulate(batches: Parameters[]): Parameters {
  return combine((...values) => mean(values), ...batches);
}

/**
 * T4 Warm-up and cosine: the share of the peak learning rate that the warm-up allows at the 0-based step s.
 * @spec T4
 */
export function warmupShare(step: number, warmup: number): number {
  return Math.min(1, (step + 1) / warmup);
}

/**
 * T4 Warm-up and cosine: the learning rate of the 0-based step s.
 * @spec T4
 */
export function warmupCosine(step: number, settings: WarmupCosineSettings): number {
  const { learningRate, warmup, cosineFloor, steps } = settings;
  const cosine = cosineFloor + ((1 - cosineFloor) * (1 + Math.cos((Math.PI * step) / steps))) / 2;
  return learningRate * warmupShare(step, warmup) * cosine;
}

/**
 * T5 Reduce on plateau: the learning rate falls by the factor once the value has not come below best (1 - threshold) for more than
 * `plateauPatience` steps on end.
 * @spec T5
 */
export function reduceOnPlateau(state: PlateauState, value: number, settings: PlateauSettings): PlateauState {
  const isFirst = state.best === Infinity;
  if (isFirst || value < state.best * (1 - settings.plateauThreshold)) return { ...state, best: value, badSteps: 0 };
  const badSteps = state.badSteps + 1;
  if (badSteps <= settings.plateauPatience) return { ...state, badSteps };
  return { ...state, learningRate: state.learningRate * settings.plateauFactor, badSteps: 0 };
}

/**
 * T6 Curriculum: the settings at the 0-based step s of the run.
 * @spec T6
 */
export function settingsAt(step: number, { steps, curriculum, ...own }: Curriculum): CurriculumSettings {
  const share = step / steps;
  const knots = curriculum.map((knot) => ({ ...own, ...knot }));
  const before = knots.filter(({ at }) => at <= share).at(-1) ?? knots[0];
  if (before === undefined) return settingsOf(own);
  const after = knots.find(({ at }) => at > share) ?? before;
  if (before === after) return settingsOf(before);
  const q = (share - before.at) / (after.at - before.at);
  const line = (x: number, y: number): number => x + (y - x) * q;
  return {
    timesteps: before.timesteps + Math.floor((after.timesteps - before.timesteps) * q),
    sigmaG: line(before.sigmaG, after.sigmaG),
    lambdaInv: line(before.lambdaInv, after.lambdaInv),
    lambdaCap: line(before.lambdaCap, after.lambdaCap),
  };
}

function settingsOf({ timesteps, sigmaG, lambdaInv, lambdaCap }: CurriculumSettings): CurriculumSettings {
  return { timesteps, sigmaG, lambdaInv, lambdaCap };
}

/**
 * T7 Initialisation: the first parameters made of independent draws, uniform in [-1, 1) for the layers and standard normal for gamma.
 * "library": each layer's weights and biases are its draws divided by the root of its number of inputs.
 * "identity": as that, but A2 is sqrt 3 times and the last layer 0.1 times as large, the identity matrix is added to the last bias, so
 * that W(v) starts near it, and gamma loses its sign.
 * @spec T7
 */
export function initialise(draws: Parameters, init: "identity" | "library"): Parameters {
  const units = draws.gamma.length;
  const nearIdentity = init === "identity";
  const first = 1 / Math.sqrt(2);
  const later = 1 / Math.sqrt(draws.a1.length);
  const middle = nearIdentity ? Math.sqrt(3) * later : later;
  const last = nearIdentity ? 0.1 * later : later;
  const a3 = scale(draws.a3, last);
  return {
    A1: draws.A1.map((row) => scale(row, first)),
    a1: scale(draws.a1, first),
    A2: draws.A2.map((row) => scale(row, middle)),
    a2: scale(draws.a2, later),
    A3: draws.A3.map((row) => scale(row, last)),
    a3: nearIdentity ? a3.map((value, k) => (k % (units + 1) === 0 ? 1 + value : value)) : a3,
    gamma: nearIdentity ? draws.gamma.map(Math.abs) : draws.gamma,
  };
}

/** T8: bounds on the mean of a term of the losses at a share of an attempt's steps. A bound that is left out always holds. */
export interface AcceptanceCriterion {
  at: number;
  term: "total" | "sep" | "inv" | "cap" | "con";
  least?: number | undefined;
  most?: number | undefined;
}

/**
 * T8 Restarts: how many steps are made of each attempt, given the losses of all steps that it would make alone. An attempt is rejected at
 * the first criterion that it does not meet. The mean there is over the last fiftieth of its steps, at least one. The first attempt that
 * meets all criteria is the last one made, and it is whole; so is the last attempt that there is, whatever its losses.
 * @spec T8
 */
export function attemptLengths(
  attempts: Record<AcceptanceCriterion["term"], number>[][],
  acceptanceCriteria: AcceptanceCriterion[],
): number[] {
  const lengths: number[] = [];
  for (const [attempt, losses] of attempts.entries()) {
    const steps = losses.length;
    const window = Math.max(1, Math.floor(steps / 50));
    const rejectedAt = acceptanceCriteria
      .map((criterion) => ({ ...criterion, end: Math.max(1, Math.round(criterion.at * steps)) }))
      .filter(({ end, term, least, most }) => {
        const before = losses.slice(Math.max(0, end - window), end).map((step) => step[term]);
        const mean = before.reduce((sum, loss) => sum + loss, 0) / before.length;
        return (least !== undefined && mean < least) || (most !== undefined && mean > most);
      })
      .map(({ end }) => end);
    const isKept = rejectedAt.length === 0 || attempt === attempts.length - 1;
    lengths.push(isKept ? steps : Math.min(...rejectedAt));
    if (isKept) break;
  }
  return lengths;
}
