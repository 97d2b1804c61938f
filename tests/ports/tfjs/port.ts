/** The project's own reference, src/model and src/train on tfjs with src/measure, behind the port protocol. Run: npx tsx tests/ports/tfjs/port.ts */
import * as tf from "@tensorflow/tfjs-core";
import { createInterface } from "node:readline";
import { autocorrelogram } from "../../../src/measure/autocorrelogram.ts";
import type { Autocorrelogram } from "../../../src/measure/autocorrelogram.ts";
import { gridness } from "../../../src/measure/gridness.ts";
import { lattice } from "../../../src/measure/lattice.ts";
import { cluster } from "../../../src/measure/modules.ts";
import { RateMapAccumulator, mapOf } from "../../../src/measure/rate-map.ts";
import { openEngine } from "../../../src/backend/engines.ts";
import { positions } from "../../../src/model/data.ts";
import type { Batch } from "../../../src/model/data.ts";
import * as losses from "../../../src/model/losses.ts";
import { deadStates, initialState, rollout, step, transition } from "../../../src/model/network.ts";
import { farSum, nearSum } from "../../../src/model/pairs.ts";
import { parametersFrom, perParameter } from "../../../src/train/parameters.ts";
import type { Parameters } from "../../../src/model/network.ts";
import type { BatchInput, Grid, OperationName, Operations } from "../../../src/port/operations.ts";
import { specVersion } from "../../../src/port/version.ts";
import { columns } from "../../../src/port/wire.ts";
import { preset } from "../../../src/train/config.ts";
import type { Config } from "../../../src/train/config.ts";
import { accumulate, adamw, clipByGlobalNorm, zeroMoments } from "../../../src/train/optimiser.ts";
import { freshPlateau, reduceOnPlateau, settingsAt, warmupCosine, warmupShare } from "../../../src/train/schedule.ts";
import { lossesAndGradients } from "../../../src/train/training.ts";

type Wire = Operations["accumulate"]["output"]["gradients"];
type Drawn = Pick<BatchInput, "velocities" | "order" | "pairs">;

/** Parameters (or gradients) as tensors. */
function tensors(p: Wire): Parameters {
  return parametersFrom(
    perParameter((name) => p[name].flat()),
    p.gamma.length,
    p.a1.length,
  );
}

/** Tensors as parameters (or gradients) on the wire. */
function wire(p: Parameters): Wire {
  return perParameter((name) => p[name].arraySync()) as unknown as Wire;
}

function batchOf({ velocities, order }: Drawn): Batch {
  return { velocities, order, positions: positions(velocities, order) };
}

/** A whole config for what takes one, with the settings that a request brings. */
function configWith(settings: Partial<Config>): Config {
  return { ...preset("fast"), ...settings };
}

/** L5 and its gradient for one batch. */
function gradientOf(p: Parameters, batch: Drawn, config: Config): { total: number; gradients: Parameters } {
  const { terms, gradients } = lossesAndGradients(p, batchOf(batch), config, batch.pairs);
  const total = value(terms.total);
  tf.dispose(Object.values(terms).filter((term): term is tf.Scalar => typeof term !== "number"));
  return { total, gradients };
}

function value(scalar: tf.Tensor): number {
  return scalar.dataSync()[0]!;
}

function plateauOf(settings: { plateauFactor: number; plateauPatience: number; plateauThreshold: number }): {
  factor: number;
  patience: number;
  threshold: number;
} {
  const { plateauFactor: factor, plateauPatience: patience, plateauThreshold: threshold } = settings;
  return { factor, patience, threshold };
}

/** T1 to T6, one list of batches a step. */
function train({ parameters, batches, settings }: Operations["train"]["input"]): Operations["train"]["output"] {
  const { curriculum = [], ...own } = settings;
  const config = configWith(own);
  let p = tensors(parameters);
  let moments = zeroMoments(p);
  let plateau = freshPlateau;
  const out: Omit<Operations["train"]["output"], "parameters"> = { learningRates: [], gradientNorms: [], totals: [] };
  batches.forEach((ofStep, done) => {
    const now = { ...config, ...settingsAt(done, settings.steps, { ...own, timesteps: 0 }, curriculum) };
    const each = ofStep.map((batch) => gradientOf(p, batch, now));
    const clipped = clipByGlobalNorm(accumulate(each.map(({ gradients }) => gradients)), settings.clipNorm);
    const share =
      settings.schedule === "cosine"
        ? warmupCosine(done, settings.steps, settings.warmup, settings.cosineFloor)
        : warmupShare(done, settings.warmup) * plateau.factor;
    const learningRate = settings.learningRate * share;
    ({ p, moments } = adamw(p, clipped.gradients, moments, done + 1, learningRate, settings));
    const totals = each.map(({ total }) => total);
    if (settings.schedule === "plateau") {
      plateau = reduceOnPlateau(plateau, totals.reduce((a, b) => a + b) / totals.length, plateauOf(settings));
    }
    out.learningRates.push(learningRate);
    out.gradientNorms.push(value(clipped.norm));
    out.totals.push(totals);
  });
  return { parameters: wire(p), ...out };
}

/** A grid on the wire as an autocorrelogram or a map in code: null is NaN there. */
function gridOf(grid: Grid): Autocorrelogram {
  return { size: grid.length, values: Float64Array.from(grid.flat(), (entry) => entry ?? NaN) };
}

/** Numbers in code as a grid on the wire. */
function wireGrid(values: Float64Array | Float32Array, size: number): Grid {
  const orNull = (entry: number): number | null => (Number.isNaN(entry) ? null : entry);
  return Array.from({ length: size }, (_, row) => Array.from(values.subarray(row * size, (row + 1) * size), orNull));
}

type Answers = { [Name in OperationName]: (input: Operations[Name]["input"]) => Operations[Name]["output"] };

const answers: Answers = {
  positions: ({ velocities, order }) => ({ positions: positions(velocities, order) }),
  transition: ({ parameters, velocity, velocityScale }) => ({
    W: transition(tensors(parameters), tf.tensor2d([velocity]), velocityScale).arraySync()[0]!,
  }),
  initialState: ({ gamma }) => ({ state: initialState(tf.tensor1d(gamma)).arraySync() }),
  step: ({ W, state }) => ({ state: step(tf.tensor3d([W]), tf.tensor3d([[state]])).g.arraySync()[0]![0]! }),
  rollout: ({ parameters, velocities, order, velocityScale }) => {
    const p = tensors(parameters);
    const initial = initialState(p.gamma);
    const states = rollout(transition(p, tf.tensor2d(velocities), velocityScale), initial, order);
    return { initial: initial.arraySync(), states: states.arraySync(), deadStates: value(deadStates(states)) };
  },
  separation: ({ states, positions: places, sigmaX, sigmaG, reduction }) => {
    const far = farSum(tf.tensor2d(states), places, sigmaX, sigmaG);
    return { value: value(losses.separation(far, reduction)), count: value(far.count) };
  },
  invariance: ({ states, positions: places, sigmaX, reduction }) => {
    const near = nearSum(tf.tensor2d(states), places, sigmaX);
    return { value: value(losses.invariance(near, reduction)), count: value(near.count) };
  },
  capacity: ({ states }) => ({ value: value(losses.capacity(tf.tensor3d([states]))) }),
  conformalIsometry: ({ initial, states, velocities, order, sigmaS, sigmaC }) => {
    const mask = losses.conformalMask(batchOf({ velocities, order }), { sigmaS, sigmaC });
    const con = losses.conformalIsometry(tf.tensor1d(initial), tf.tensor3d(states), mask);
    return { value: value(con), count: mask.count };
  },
  losses: ({ parameters, velocityScale, settings, ...batch }) => {
    const out = losses.losses(tensors(parameters), batchOf(batch), velocityScale, settings, batch.pairs);
    return {
      sep: value(out.sep),
      inv: value(out.inv),
      cap: value(out.cap),
      con: value(out.con),
      total: value(out.total),
      nearCount: value(out.nearCount),
      farCount: value(out.farCount),
      conCount: out.conCount,
      deadStates: value(out.deadStates),
    };
  },
  gradients: ({ parameters, velocityScale, settings, ...batch }) =>
    wire(gradientOf(tensors(parameters), batch, configWith({ ...settings, velocityScale })).gradients),
  adamw: ({ parameters, gradients, m, v, step: done, learningRate, ...settings }) => {
    const moments = { first: tensors(m), second: tensors(v) };
    const next = adamw(tensors(parameters), tensors(gradients), moments, done + 1, learningRate, settings);
    return { parameters: wire(next.p), m: wire(next.moments.first), v: wire(next.moments.second) };
  },
  clip: ({ gradients, clipNorm }) => {
    const clipped = clipByGlobalNorm(tensors(gradients), clipNorm);
    return { gradients: wire(clipped.gradients), norm: value(clipped.norm) };
  },
  accumulate: ({ gradients }) => ({ gradients: wire(accumulate(gradients.map(tensors))) }),
  schedule: ({ learningRate, warmup, cosineFloor, steps, at }) => ({
    learningRates: at.map((done) => learningRate * warmupCosine(done, steps, warmup, cosineFloor)),
  }),
  plateau: ({ learningRate, losses: values, ...settings }) => {
    let state = freshPlateau;
    return {
      learningRates: values.map((loss) => {
        state = reduceOnPlateau(state, loss, plateauOf(settings));
        return learningRate * state.factor;
      }),
    };
  },
  curriculum: ({ at, steps, curriculum, ...own }) =>
    columns(at.map((done) => settingsAt(done, steps, own, curriculum))),
  train,
  rateMap: ({ positions: places, states, bins, box }) => {
    const accumulator = new RateMapAccumulator(states[0]!.length, bins, box);
    accumulator.add(places.flat(), states.flat());
    const maps = accumulator.maps();
    return { maps: states[0]!.map((_, unit) => wireGrid(mapOf(maps, unit), bins)) };
  },
  autocorrelogram: ({ map, minimumOverlap }) => {
    const { values, size } = autocorrelogram(gridOf(map).values, map.length, minimumOverlap);
    return { autocorrelogram: wireGrid(values, size) };
  },
  gridness: (input) => {
    const { score } = gridness(gridOf(input.autocorrelogram));
    return { gridness: Number.isNaN(score) ? null : score };
  },
  lattice: (input) => {
    const found = lattice(gridOf(input.autocorrelogram), input.binWidth);
    if (!found) return { spacing: null, angle: null, orientation: null, ellipticity: null };
    const { spacing, angle, orientation, ellipticity } = found;
    return { spacing, angle, orientation, ellipticity };
  },
  modules: ({ autocorrelograms, ...options }) => ({ modules: cluster(autocorrelograms.map(gridOf), options) }),
};

/** The output for one request, its tensors gone afterwards. */
function answer(operation: string, input: unknown): unknown {
  if (operation === "hello") {
    return {
      protocol: 1,
      name: "sic-reference",
      language: "TypeScript",
      precision: "float32",
      version: specVersion,
      operations: Object.keys(answers),
    };
  }
  if (!Object.hasOwn(answers, operation)) throw new Error(`no operation ${operation}`);
  const run = answers[operation as OperationName] as (input: unknown) => unknown;
  let output: unknown;
  tf.tidy(() => {
    output = run(input);
  });
  return output;
}

/** P7: JSON that refuses NaN and Infinity instead of writing null for them. */
function finiteJson(reply: unknown): string {
  return JSON.stringify(reply, (field, entry: unknown) => {
    if (typeof entry === "number" && !Number.isFinite(entry)) throw new Error(`${field} came out as ${entry}`);
    return entry;
  });
}

await openEngine("wasm");
for await (const line of createInterface({ input: process.stdin })) {
  const { id, operation, input } = JSON.parse(line) as { id: number; operation: string; input: unknown };
  let reply: string;
  try {
    reply = finiteJson({ id, output: answer(operation, input) });
  } catch (error) {
    reply = JSON.stringify({ id, error: String(error) });
  }
  process.stdout.write(`${reply}\n`);
}
