import {
  accumulate,
  adamw,
  clipByGlobalNorm,
  combine,
  parameterNames,
  reduceOnPlateau,
  settingsAt,
  warmupCosine,
  warmupShare,
} from "../../../spec/oracle.ts";
import type { AdamwSettings, AdamwState, Curriculum, CurriculumSettings, Parameters } from "../../../spec/oracle.ts";
import { edited } from "./edited.ts";
import type { Misreading } from "./misreading.ts";
import type { Reading } from "../reading.ts";

/** The parts of T1's update of one parameter. */
interface Update {
  p: number;
  m: number;
  v: number;
  /** 1 - beta1^k and 1 - beta2^k at the k-th step, counted from 1. */
  correction1: number;
  correction2: number;
}

/** T1 with another formula for the new parameter, from the right moments. */
function adamwWith(formula: (update: Update, settings: AdamwSettings) => number): Reading["adamw"] {
  return (state, gradients, settings) => {
    const next = adamw(state, gradients, settings);
    const correction1 = 1 - settings.beta1 ** next.step;
    const correction2 = 1 - settings.beta2 ** next.step;
    const parameters = combine(
      (p, m, v) => formula({ p: p, m: m, v: v, correction1, correction2 }, settings),
      state.parameters,
      next.firstMoment,
      next.secondMoment,
    );
    return { ...next, parameters };
  };
}

/** What T1's weight decay leaves of a parameter. */
const kept = (p: number, { learningRate, weightDecay }: AdamwSettings): number => p * (1 - learningRate * weightDecay);

/** T2 applied to each tensor separately. The norm that is reported is the global one. */
function clipEach(clip: (tensor: number[], clipNorm: number) => number[]): Reading["clipByGlobalNorm"] {
  return (gradients, clipNorm) => {
    if (clipNorm === 0) return clipByGlobalNorm(gradients, 0);
    const clipped = Object.fromEntries(
      parameterNames.map((name) => {
        const tensor = gradients[name];
        const flat = clip(tensor.flat(), clipNorm);
        let next = 0;
        const take = (): number => flat[next++]!;
        return [name, tensor.map((row) => (typeof row === "number" ? take() : row.map(take)))];
      }),
    ) as unknown as Parameters;
    return { gradients: clipped, norm: clipByGlobalNorm(gradients, clipNorm).norm };
  };
}

const lengthOf = (tensor: number[]): number => Math.sqrt(tensor.reduce((sum, value) => sum + value * value, 0));

/** T6 with another rounding of T. */
function curriculumWith(round: (x: number) => number): Reading["settingsAt"] {
  return (step, curriculum) => {
    // The lines' ends are multiplied by a thousand, so that rounding down changes T by a thousandth of a time step only.
    const fine = ({ timesteps = curriculum.timesteps }): number => 1000 * timesteps;
    const knots = curriculum.curriculum.map((knot) => ({ ...knot, timesteps: fine(knot) }));
    const settings = settingsAt(step, { ...curriculum, timesteps: fine(curriculum), curriculum: knots });
    return { ...settings, timesteps: round(settings.timesteps / 1000) };
  };
}

/** T6 where a setting that a knot does not give keeps its value from the knot before. */
function keeping({ curriculum, ...own }: Curriculum): Curriculum {
  let now: Partial<CurriculumSettings> = {};
  return { ...own, curriculum: curriculum.map((knot) => (now = { ...now, ...knot })) };
}

/** Misreadings of the optimiser and its schedules. */
export const trainingMisreadings: Misreading[] = [
  {
    name: "adamw-decay-coupled",
    requirement: "T1",
    says: "the decay goes into the gradient (L2 penalty) and so through the moments: Adam, not AdamW",
    change: {
      adamw: (state: AdamwState, gradients, settings) =>
        adamw(
          state,
          combine((g, p) => g + settings.weightDecay * p, gradients, state.parameters),
          {
            ...settings,
            weightDecay: 0,
          },
        ),
    },
  },
  {
    name: "adamw-decay-without-rate",
    requirement: "T1",
    says: "the decay is not multiplied by the learning rate",
    change: {
      adamw: adamwWith(
        ({ p, m, v, correction1, correction2 }, s) =>
          p * (1 - s.weightDecay) - (s.learningRate * (m / correction1)) / (Math.sqrt(v / correction2) + s.epsilon),
      ),
    },
  },
  {
    name: "adamw-without-decay",
    requirement: "T1",
    says: "there is no weight decay",
    change: { adamw: (state, gradients, settings) => adamw(state, gradients, { ...settings, weightDecay: 0 }) },
  },
  {
    name: "adamw-decay-of-matrices-only",
    requirement: "T1",
    says: "only the matrices A1, A2, A3 decay, not the biases and gamma",
    change: {
      adamw: (state, gradients, settings) => {
        const decayed = adamw(state, gradients, settings);
        const { A1, A2, A3 } = decayed.parameters;
        const undecayed = adamw(state, gradients, { ...settings, weightDecay: 0 }).parameters;
        return { ...decayed, parameters: { ...undecayed, A1, A2, A3 } };
      },
    },
  },
  {
    name: "adamw-without-bias-correction",
    requirement: "T1",
    says: "the moments are not corrected for their bias",
    change: {
      adamw: adamwWith(({ p, m, v }, s) => kept(p, s) - (s.learningRate * m) / (Math.sqrt(v) + s.epsilon)),
    },
  },
  {
    name: "adamw-epsilon-inside-root",
    requirement: "T1",
    says: "epsilon stands inside the square root",
    change: {
      adamw: adamwWith(
        ({ p, m, v, correction1, correction2 }, s) =>
          kept(p, s) - (s.learningRate * (m / correction1)) / Math.sqrt(v / correction2 + s.epsilon),
      ),
    },
  },
  {
    name: "adamw-epsilon-before-correction",
    requirement: "T1",
    says: "epsilon is added to sqrt(v) before the bias correction, not to sqrt(vhat)",
    change: {
      adamw: adamwWith(
        ({ p, m, v, correction1, correction2 }, s) =>
          kept(p, s) - (s.learningRate * Math.sqrt(correction2) * m) / (correction1 * (Math.sqrt(v) + s.epsilon)),
      ),
    },
  },
  {
    name: "adamw-root-missing",
    requirement: "T1",
    says: "the update is divided by vhat, not by its square root",
    change: {
      adamw: adamwWith(
        ({ p, m, v, correction1, correction2 }, s) =>
          kept(p, s) - (s.learningRate * (m / correction1)) / (v / correction2 + s.epsilon),
      ),
    },
  },
  {
    name: "adamw-step-one-ahead",
    requirement: "T1",
    says: "the bias correction is one step ahead: the first step counts as the second",
    change: {
      adamw: (state, gradients, settings) => {
        const next = adamw({ ...state, step: state.step + 1 }, gradients, settings);
        return { ...next, step: state.step + 1 };
      },
    },
  },
  {
    name: "adamw-step-one-late",
    requirement: "T1",
    says: "after the first step the bias correction is one step late: the second step counts as the first",
    change: {
      adamw: (state, gradients, settings) => {
        const next = adamw({ ...state, step: Math.max(0, state.step - 1) }, gradients, settings);
        return { ...next, step: state.step + 1 };
      },
    },
  },
  {
    name: "adamw-betas-swapped",
    requirement: "T1",
    says: "beta1 and beta2 are swapped",
    change: {
      adamw: (state, gradients, s) => adamw(state, gradients, { ...s, beta1: s.beta2, beta2: s.beta1 }),
    },
  },
  {
    name: "clip-per-tensor",
    requirement: "T2",
    says: "each tensor is clipped by its own norm, not all by the norm of all",
    change: {
      clipByGlobalNorm: clipEach((tensor, clipNorm) => {
        const factor = Math.min(1, clipNorm / lengthOf(tensor));
        return tensor.map((value) => (factor === 1 ? value : value * factor));
      }),
    },
  },
  {
    name: "clip-by-value",
    requirement: "T2",
    says: "each entry is cut to [-clipNorm, clipNorm]; the norm is not looked at",
    change: {
      clipByGlobalNorm: clipEach((tensor, clipNorm) => tensor.map((g) => Math.min(clipNorm, Math.max(-clipNorm, g)))),
    },
  },
  {
    name: "clip-plus-1e-6",
    requirement: "T2",
    says: "1e-6 is added to the norm before clipNorm is divided by it, as PyTorch does",
    change: {
      clipByGlobalNorm: (gradients, clipNorm) => {
        const { norm } = clipByGlobalNorm(gradients, clipNorm);
        const factor = clipNorm === 0 ? 1 : Math.min(1, clipNorm / (norm + 1e-6));
        return { gradients: combine((g) => g * factor, gradients), norm };
      },
    },
  },
  {
    name: "clip-missing",
    requirement: "T2",
    says: "gradients are not clipped",
    change: { clipByGlobalNorm: clipEach((tensor) => tensor) },
  },
  {
    name: "clip-always-rescales",
    requirement: "T2",
    says: "gradients shorter than clipNorm are stretched to it",
    change: {
      clipByGlobalNorm: (gradients, clipNorm) => {
        const { norm } = clipByGlobalNorm(gradients, clipNorm);
        return {
          gradients: combine((g) => (norm === 0 || clipNorm === 0 ? g : (g * clipNorm) / norm), gradients),
          norm,
        };
      },
    },
  },
  {
    name: "accumulate-sum",
    requirement: "T3",
    says: "accumulated gradients are summed, not averaged",
    change: {
      accumulate: (gradients) => combine((g) => g * gradients.length, accumulate(gradients)),
    },
  },
  {
    name: "warmup-from-zero",
    requirement: "T4",
    says: "the warm-up is one step late: its first learning rate is 0",
    change: {
      warmupCosine: (s, { learningRate, warmup, steps, cosineFloor }) =>
        learningRate * (warmup === 0 ? 1 : Math.min(1, s / warmup)) * cosine(s / steps, cosineFloor),
    },
  },
  {
    name: "warmup-missing",
    requirement: "T4",
    says: "there is no warm-up",
    change: {
      warmupCosine: (s, { learningRate, steps, cosineFloor }) => learningRate * cosine(s / steps, cosineFloor),
    },
  },
  {
    name: "cosine-after-warmup",
    requirement: "T4",
    says: "the cosine begins only when the warm-up ends",
    change: {
      warmupCosine: (s, { learningRate, warmup, steps, cosineFloor }) =>
        learningRate * warmupShare(s, warmup) * cosine(Math.max(0, (s - warmup) / (steps - warmup)), cosineFloor),
    },
  },
  {
    name: "cosine-one-step-early",
    requirement: "T4",
    says: "the cosine is one step ahead: it is taken at s + 1",
    change: {
      warmupCosine: (s, { learningRate, warmup, steps, cosineFloor }) =>
        learningRate * warmupShare(s, warmup) * cosine((s + 1) / steps, cosineFloor),
    },
  },
  {
    name: "cosine-floor-ignored",
    requirement: "T4",
    says: "the cosine falls to 0, not to its floor",
    change: {
      warmupCosine: (s, { learningRate, warmup, steps }) =>
        learningRate * warmupShare(s, warmup) * cosine(s / steps, 0),
    },
  },
  {
    name: "plateau-one-early",
    requirement: "T5",
    says: "the rate falls when bad losses reach the patience, not when they exceed it",
    change: {
      reduceOnPlateau: plateauWith({ runsOut: (bad, patience) => bad >= patience }),
    },
  },
  {
    name: "plateau-threshold-of-magnitude",
    requirement: "T5",
    says: "the threshold is a share of the best loss's magnitude, which differs below zero: best - threshold |best|",
    change: {
      reduceOnPlateau: plateauWith({ beats: (loss, best, threshold) => loss < best - threshold * Math.abs(best) }),
    },
  },
  {
    name: "plateau-threshold-absolute",
    requirement: "T5",
    says: "the threshold is taken as an absolute difference, not as a share of the best loss",
    change: {
      reduceOnPlateau: plateauWith({ beats: (loss, best, threshold) => loss < best - threshold }),
    },
  },
  {
    name: "plateau-threshold-ignored",
    requirement: "T5",
    says: "any smaller loss counts as better, whatever the threshold",
    change: { reduceOnPlateau: plateauWith({ beats: (loss, best) => loss < best }) },
  },
  {
    name: "plateau-best-always-lowered",
    requirement: "T5",
    says: "every smaller loss becomes the best loss, even if it was no improvement",
    change: {
      reduceOnPlateau: (state, loss, settings) => {
        const next = reduceOnPlateau(state, loss, settings);
        return { ...next, best: Math.min(next.best, loss) };
      },
    },
  },
  {
    name: "plateau-of-last-batch",
    requirement: "T5",
    says: "the plateau schedule gets the loss of a step's last batch, not the mean over its batches",
    change: { lossOfStep: (totals) => totals.at(-1)! },
  },
  {
    name: "plateau-without-warmup",
    requirement: "T5",
    says: "the plateau schedule has no warm-up",
    change: { warmupOf: (step, { schedule, warmup }) => (schedule === "plateau" ? 1 : warmupShare(step, warmup)) },
  },
  {
    name: "plateau-count-kept",
    requirement: "T5",
    says: "the count of bad losses is not set back when the rate falls",
    change: { reduceOnPlateau: plateauWith({ badAfterFall: (bad) => bad }) },
  },
  {
    name: "curriculum-ceil",
    requirement: "T6",
    says: "T is rounded up between two knots, not down",
    change: { settingsAt: curriculumWith(Math.ceil) },
  },
  {
    name: "curriculum-round",
    requirement: "T6",
    says: "T is rounded to the nearest between two knots, not down",
    change: { settingsAt: curriculumWith(Math.round) },
  },
  {
    name: "curriculum-one-step-early",
    requirement: "T6",
    says: "the curriculum is one step ahead: it is taken at s + 1",
    change: { settingsAt: (step, curriculum) => settingsAt(step + 1, curriculum) },
  },
  {
    name: "curriculum-in-steps",
    requirement: "T6",
    says: "settings keep a knot's values until the next knot, and then jump",
    change: {
      settingsAt: (step, curriculum) => {
        const passed = curriculum.curriculum.filter(({ at }) => at <= step / curriculum.steps);
        return settingsAt(step, {
          ...curriculum,
          curriculum: passed.length === 0 ? curriculum.curriculum.slice(0, 1) : passed,
        });
      },
    },
  },
  {
    name: "curriculum-keeps",
    requirement: "T6",
    says: "a setting that a knot does not give keeps its value from the knot before, instead of the run's own",
    change: { settingsAt: (step, curriculum) => settingsAt(step, keeping(curriculum)) },
  },
  {
    name: "train-ignores-curriculum",
    requirement: "T6",
    says: "training ignores the curriculum: sigmaG, lambdaInv and lambdaCap keep the values of the settings",
    change: { lossSettingsAt: (_, settings) => settings },
  },
  {
    name: "adamw-decay-after",
    requirement: "T1",
    says: "the parameters decay after the update, so that the update decays, too",
    change: {
      adamw: adamwWith(({ p, m, v, correction1, correction2 }, s) =>
        kept(p - (s.learningRate * (m / correction1)) / (Math.sqrt(v / correction2) + s.epsilon), s),
      ),
    },
  },
  {
    name: "adamw-largest-second-moment",
    requirement: "T1",
    says: "the second moment never falls, as in AMSGrad",
    change: edited(
      ["adamw"],
      "training",
      "beta2 * v + (1 - beta2) * g ** 2",
      "Math.max(v, beta2 * v + (1 - beta2) * g ** 2)",
    ),
  },
  {
    name: "adamw-second-moment-unweighted",
    requirement: "T1",
    says: "the square of the gradient enters the second moment without the factor 1 - beta2",
    change: edited(["adamw"], "training", "beta2 * v + (1 - beta2) * g ** 2", "beta2 * v + g ** 2"),
  },
  {
    name: "adamw-moments-start-at-one",
    requirement: "T1",
    says: "the second moment starts at one",
    change: edited(["adamwStart"], "training", "secondMoment: none", "secondMoment: combine(() => 1, parameters)"),
  },
  {
    name: "clip-without-gamma",
    requirement: "T2",
    says: "the norm leaves gamma out",
    change: edited(
      ["clipByGlobalNorm"],
      "training",
      "norm(flatten(gradients))",
      "norm(flatten({ ...gradients, gamma: [] }))",
    ),
  },
  {
    name: "clip-at-zero",
    requirement: "T2",
    says: "with `clipNorm` 0 gradients are clipped to 0, and not left as they are",
    change: edited(
      ["clipByGlobalNorm"],
      "training",
      "clip === 0 ? 1 : Math.min(1, clip / length)",
      "clip < length ? clip / length : 1",
    ),
  },
  {
    name: "clip-before-mean",
    requirement: "T3",
    says: "the gradient of each batch is clipped before their mean is taken",
    change: {
      clippedMean: (each, clipNorm, { accumulate: meanOf, clipByGlobalNorm: clip }) => ({
        gradients: meanOf(each.map((gradient) => clip(gradient, clipNorm).gradients)),
        norm: clip(meanOf(each), clipNorm).norm,
      }),
    },
  },
  {
    name: "cosine-ends-with-the-run",
    requirement: "T4",
    says: "the cosine stays at its floor for steps beyond the last one",
    change: { warmupCosine: (s, settings) => warmupCosine(Math.min(s, settings.steps), settings) },
  },
  {
    name: "cosine-floor-cut",
    requirement: "T4",
    says: "the cosine is cut at its floor, and does not end there",
    change: edited(
      ["warmupCosine"],
      "training",
      "cosineFloor + ((1 - cosineFloor) * (1 + Math.cos((Math.PI * step) / steps))) / 2",
      "Math.max(cosineFloor, (1 + Math.cos((Math.PI * step) / steps)) / 2)",
    ),
  },
  {
    name: "warmup-one-step-longer",
    requirement: "T4",
    says: "the warm-up takes one step more",
    change: edited(
      ["warmupCosine"],
      "training",
      "Math.min(1, (step + 1) / warmup)",
      "warmup === 0 ? 1 : Math.min(1, (step + 1) / (warmup + 1))",
    ),
  },
  {
    name: "warmup-of-none-undefined",
    requirement: "T4",
    says: "without a warm-up the rate is NaN: 0 is divided by 0",
    change: edited(
      ["warmupCosine", "warmupOf"],
      "training",
      "Math.min(1, (step + 1) / warmup)",
      "warmup === 0 ? NaN : Math.min(1, (step + 1) / warmup)",
    ),
  },
  {
    name: "constant-without-warmup",
    requirement: "T4",
    says: "the constant rate has no warm-up",
    change: { warmupOf: (step, { schedule, warmup }) => (schedule === "constant" ? 1 : warmupShare(step, warmup)) },
  },
  {
    name: "plateau-not-strict",
    requirement: "T5",
    says: "a loss at exactly the threshold counts as better",
    change: edited(["reduceOnPlateau"], "training", "value < state.best", "value <= state.best"),
  },
  {
    name: "plateau-first-loss-undefined",
    requirement: "T5",
    says: "with a threshold of 1 the first loss is no improvement: infinity times 0 is NaN",
    change: edited(["reduceOnPlateau"], "training", "isFirst || value < state.best", "value < state.best"),
  },
  {
    name: "plateau-best-starts-at-zero",
    requirement: "T5",
    says: "the best loss is 0 before the first one",
    change: edited(
      ["reduceOnPlateau"],
      "training",
      "isFirst || value < state.best",
      "value < (isFirst ? 0 : state.best)",
    ),
  },
  {
    name: "plateau-count-runs-on",
    requirement: "T5",
    says: "an improvement does not set the count of bad losses back",
    change: edited(["reduceOnPlateau"], "training", "best: value, badSteps: 0", "best: value"),
  },
  {
    name: "plateau-best-forgotten",
    requirement: "T5",
    says: "the best loss is forgotten when the rate falls",
    change: edited(
      ["reduceOnPlateau"],
      "training",
      "settings.plateauFactor, badSteps: 0",
      "settings.plateauFactor, best: Infinity, badSteps: 0",
    ),
  },
  {
    name: "curriculum-toward-zero",
    requirement: "T6",
    says: "T is rounded toward zero between two knots, also where it falls",
    change: edited(["settingsAt"], "training", "Math.floor((after.timesteps", "Math.trunc((after.timesteps"),
  },
  {
    name: "curriculum-jumps-late",
    requirement: "T6",
    says: "of two knots at one share the earlier one still holds at that share",
    change: edited(
      ["settingsAt"],
      "training",
      `at <= share).at(-1) ?? knots[0];
  if (before === undefined) return settingsOf(own);
  const after = knots.find(({ at }) => at > share)`,
      `at < share).at(-1) ?? knots[0];
  if (before === undefined) return settingsOf(own);
  const after = knots.find(({ at }) => at >= share)`,
    ),
  },
  {
    name: "curriculum-begins-with-the-config",
    requirement: "T6",
    says: "before the first knot settings are the run's own, not those of the first knot",
    change: edited(["settingsAt"], "training", ".at(-1) ?? knots[0]", ".at(-1)"),
  },
];

/** T4's cosine at a share of the run, between 1 and the floor. */
function cosine(share: number, floor: number): number {
  return floor + ((1 - floor) * (1 + Math.cos(Math.PI * share))) / 2;
}

/** T5 with some of its decisions replaced. */
function plateauWith(own: {
  beats?: (loss: number, best: number, threshold: number) => boolean;
  runsOut?: (bad: number, patience: number) => boolean;
  badAfterFall?: (bad: number) => number;
}): Reading["reduceOnPlateau"] {
  const beats = own.beats ?? ((loss, best, threshold): boolean => loss < best * (1 - threshold));
  const runsOut = own.runsOut ?? ((bad, patience): boolean => bad > patience);
  const badAfterFall = own.badAfterFall ?? ((): number => 0);
  return (state, loss, { plateauFactor, plateauPatience, plateauThreshold }) => {
    if (state.best === Infinity || beats(loss, state.best, plateauThreshold))
      return { ...state, best: loss, badSteps: 0 };
    const badSteps = state.badSteps + 1;
    if (!runsOut(badSteps, plateauPatience)) return { ...state, badSteps };
    return { ...state, learningRate: state.learningRate * plateauFactor, badSteps: badAfterFall(badSteps) };
  };
}
