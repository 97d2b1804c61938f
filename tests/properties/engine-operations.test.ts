import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { openEngine, trainingEngines } from "../../src/backend/engines.ts";
import { PRESETS, type Config } from "../../src/train/config.ts";
import { Random } from "../../src/train/random-source.ts";
import { Training } from "../../src/train/training.ts";

/** One operation of tfjs with what went in and what came out, as tfjs's plain JavaScript computes it, with sums in float64. */
interface Operation {
  name: string;
  inputs: Record<string, Values> | Values[];
  attrs: tf.NamedAttrMap | undefined;
  outputs: Values[];
}
interface Values {
  values: tf.TypedArray;
  shape: number[];
  dtype: tf.DataType;
}

/** All operations of a piece of work on tfjs's plain JavaScript, each once for its shapes. */
async function recorded(work: () => unknown): Promise<Operation[]> {
  await tf.setBackend("cpu");
  const backend = tf.backend() as unknown as { data: { get(id: object): { values: tf.TypedArray } } };
  const valuesOf = ({ dataId, shape, dtype }: tf.TensorInfo): Values => ({
    values: backend.data.get(dataId).values,
    shape: [...shape],
    dtype,
  });
  const found = new Map<string, Operation>();
  const kernels = tf.getKernelsForBackend("cpu");
  const put = (config: tf.KernelConfig): void => {
    tf.unregisterKernel(config.kernelName, "cpu");
    tf.registerKernel(config);
  };
  for (const config of kernels)
    put({
      ...config,
      kernelFunc: (call) => {
        const out = config.kernelFunc(call);
        const inputs = Array.isArray(call.inputs)
          ? (call.inputs as tf.TensorInfo[]).map(valuesOf)
          : Object.fromEntries(Object.entries(call.inputs).map(([key, t]) => [key, valuesOf(t as tf.TensorInfo)]));
        const shapes = Object.values(inputs).map(({ shape, dtype }) => [shape, dtype]);
        const key = JSON.stringify([config.kernelName, shapes, call.attrs]);
        if (!found.has(key))
          found.set(key, {
            name: config.kernelName,
            inputs,
            attrs: call.attrs,
            outputs: [out].flat().map(valuesOf),
          });
        return out;
      },
    });
  try {
    await work();
  } finally {
    kernels.forEach(put);
  }
  return [...found.values()];
}

/** A whole training step of a preset at its full T, and the optimiser's. */
async function stepOf(config: Config): Promise<void> {
  const training = Training.start({ ...config, curriculum: [], weightDecay: 0.01 });
  await training.advance();
  training.dispose();
}

/** The products of one block of L1 over all pairs of the states of the preset `paper`, with their ways in and out. */
function pairsOfPaper(): void {
  const { trajectories, timesteps, units } = PRESETS.paper;
  const states = trajectories * timesteps;
  const height = Math.floor(2 ** 22 / states);
  const random = Random.fromSeed(3);
  const matrix = (n: number, m: number): tf.Tensor2D =>
    tf.tensor2d(
      Float32Array.from({ length: n * m }, () => random.normal() / 10),
      [n, m],
    );
  tf.tidy(() => {
    const columns = matrix(states, units + 2);
    const rows = tf.slice(columns, [0, 0], [height, -1]);
    const similarity = tf.exp(tf.matMul(rows, tf.transpose(columns)));
    tf.matMul(tf.mul(similarity, tf.cast(tf.greater(similarity, 1), "float32")), columns);
    tf.sum(similarity);
  });
}

/** Few of its time steps, as of the preset wide below: every operation that is repeated for each of them has its own size all the same. */
const PAPER = { ...PRESETS.paper, timesteps: 10, pairStates: 300 };

const WORKS: Record<string, () => unknown> = {
  glimpse: () => stepOf(PRESETS.glimpse),
  fast: () => stepOf(PRESETS.fast),
  "wide with T = 20": () => stepOf({ ...PRESETS.wide, timesteps: 20, pairStates: 500 }),
  "paper with T = 10": () => stepOf(PAPER),
  "one block of the paper's pairs": pairsOfPaper,
};
const recordings = new Map<string, Operation[]>();

/** What comes out of an operation on the engine in use. */
async function replayed({ name, inputs, attrs }: Operation): Promise<tf.TypedArray[]> {
  const made: tf.Tensor[] = [];
  const make = ({ values, shape, dtype }: Values): tf.Tensor => {
    const t = tf.tensor(values, shape, dtype);
    made.push(t);
    return t;
  };
  const given = Array.isArray(inputs)
    ? inputs.map(make)
    : Object.fromEntries(Object.entries(inputs).map(([key, input]) => [key, make(input)]));
  const out = [tf.engine().runKernel<tf.Tensor | tf.Tensor[]>(name, given as tf.NamedTensorMap, attrs ?? {})].flat();
  const values = await Promise.all(out.map((t) => t.data()));
  tf.dispose([...made, ...out]);
  return values;
}

const largest = (values: tf.TypedArray): number => {
  let most = 0;
  for (const x of values) most = Math.max(most, Math.abs(x));
  return most;
};

/**
 * How far an output may be off. A sum in float32 one after the other, as wasm's, is off by up to 1e-4 of the sum of all magnitudes;
 * where results cancel, a thousandth of the largest input takes the place of the largest output.
 */
function limitOf({ name, inputs, outputs }: Operation): number {
  const given = Object.values(inputs).map(({ values }) => values);
  const results = outputs.map(({ values }) => values);
  if (name !== "Sum")
    return 1e-5 * Math.max(...results.map(largest), largest(Float32Array.from(given, largest)) / 1000);
  let magnitudes = 0;
  for (const x of given[0]!) magnitudes += Math.abs(x);
  return (2e-4 * magnitudes) / results[0]!.length;
}

/** What a piece of work on the engine in use makes. */
async function read(work: () => tf.Tensor): Promise<tf.TypedArray> {
  const made = tf.tidy(work);
  const values = await made.data();
  made.dispose();
  return values;
}

function largestExtent({ inputs }: Operation): number {
  return Math.max(...Object.values(inputs).flatMap(({ shape }) => shape));
}

/** What is wrong with an operation on the engine in use, in one line; undefined if nothing. */
async function faultOf(operation: Operation): Promise<string | undefined> {
  const { name, inputs, attrs, outputs } = operation;
  const what = `${name} of ${JSON.stringify(Object.values(inputs).map(({ shape }) => shape))} ${JSON.stringify(attrs)}`;
  const got = await replayed(operation);
  const limit = limitOf(operation);
  for (const [i, { values }] of outputs.entries()) {
    const error = largest(Float64Array.from(values, (x, k) => x - got[i]![k]!) as unknown as Float32Array);
    if (!(error <= limit)) return `${what} is off by ${error}; expected at most ${limit}`;
  }
  if (!["BatchMatMul", "ScatterNd"].includes(name) || largestExtent(operation) < 2000) return undefined;
  const again = await replayed(operation);
  const differs = got.some((values, i) => values.some((x, k) => x !== again[i]![k]));
  return differs ? `${what} gives other bits the second time` : undefined;
}

describe.each(await trainingEngines())("engine %s computes every operation of a training step", (engine) => {
  beforeAll(async () => {
    await openEngine(engine, "steps");
  });

  // Kills: the two kernels of tfjs-backend-webgpu that src/backend/webgpu-kernels.ts replaces: their results are off by more than the
  // largest one, or differ in the last bits between two of a few runs.
  test.each([
    [20, 2048, 64],
    [20, 4096, 64],
    [21, 2048, 63],
  ])(
    "a product of [%i, %i] with the transpose of [%i, ...] is right, and the same bits in every run",
    async (m, k, n) => {
      const random = Random.fromSeed(4);
      const [A, B] = [m, n].map((rows) => Float32Array.from({ length: rows * k }, () => random.normal())) as [
        Float32Array,
        Float32Array,
      ];
      const [a, b] = [tf.tensor2d(A, [m, k]), tf.tensor2d(B, [n, k])];
      const first = await read(() => tf.matMul(a, b, false, true));
      for (let run = 0; run < 3; run++) expect(await read(() => tf.matMul(a, b, false, true))).toEqual(first);
      for (let i = 0; i < m; i++)
        for (let j = 0; j < n; j++) {
          let sum = 0;
          for (let l = 0; l < k; l++) sum += A[i * k + l]! * B[j * k + l]!;
          expect(Math.abs(first[i * n + j]! - sum)).toBeLessThan(1e-2);
        }
      tf.dispose([a, b]);
    },
  );

  test("rows that are added up where they belong give the same bits in every run", async () => {
    const random = Random.fromSeed(5);
    const rows = tf.tensor2d(
      Float32Array.from({ length: 15000 }, () => random.normal()),
      [3000, 5],
    );
    const places = Int32Array.from({ length: 3000 }, () => random.below(11));
    const add = (): tf.Tensor => tf.scatterND(tf.tensor2d(places, [3000, 1], "int32"), tf.mul(rows, 2), [11, 5]);
    const first = await read(add);
    for (let run = 0; run < 4; run++) expect(await read(add)).toEqual(first);
    const sums = new Float64Array(55);
    const values = await rows.data();
    values.forEach((x, i) => (sums[5 * places[Math.floor(i / 5)]! + (i % 5)]! += 2 * x));
    first.forEach((x, i) => {
      expect(Math.abs(x - sums[i]!)).toBeLessThan(1e-3);
    });
    rows.dispose();
  });

  // Kills: tfjs's program for products that are cut along their sum (wrong where the second matrix is transposed, and in changing order);
  // rows that are added up in changing order; any other kernel that is off at one of these sizes.
  // Programs of a GPU are chosen by size; kernels of the CPU are not, and one preset is enough for them.
  const works = Object.keys(WORKS).slice(0, engine === "webgpu" ? undefined : 1);
  test.each(works)("%s: as plain JavaScript does, and long sums with the same bits twice", async (name) => {
    const operations = recordings.get(name) ?? (await recorded(WORKS[name]!));
    recordings.set(name, operations);
    expect(operations.length).toBeGreaterThan(5);
    await tf.setBackend(engine);
    // Small tensors would be computed on the CPU.
    if (engine === "webgpu") tf.env().set("WEBGPU_CPU_FORWARD", false);
    const faults: string[] = [];
    for (const operation of operations)
      faults.push(...[await faultOf(operation)].filter((fault) => fault !== undefined));
    expect(faults).toEqual([]);
  });
});
