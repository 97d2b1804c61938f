import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import * as tf from "@tensorflow/tfjs-core";

interface KernelCall {
  inputs: tf.NamedTensorInfoMap;
  attrs?: tf.NamedAttrMap;
  backend: WebGPUBackend;
}
type Kernel = (call: KernelCall) => tf.TensorInfo;

/** How tfjs-backend-webgpu names its programs for a matrix product. */
const PROGRAM = { reduce: 0, splitK: 1 };

let isReplaced = false;

/**
 * Two kernels of tfjs-backend-webgpu 4.22 do not give the right sum, or not the same sum twice; these do. Call it after the backend is
 * ready.
 */
export function replaceFaultyKernels(): void {
  if (isReplaced) return;
  isReplaced = true;
  replace("BatchMatMul", multiply);
  replace("ScatterNd", addRows);
}

function replace(kernelName: string, better: (call: KernelCall, original: Kernel) => tf.TensorInfo): void {
  const config = tf.getKernel(kernelName, "webgpu") as tf.KernelConfig | undefined;
  if (!config) throw new Error(`the webgpu engine has no kernel ${kernelName}; expected tfjs-backend-webgpu 4.22`);
  const original = config.kernelFunc as unknown as Kernel;
  tf.unregisterKernel(kernelName, "webgpu");
  tf.registerKernel({ ...config, kernelFunc: (call) => better(call as unknown as KernelCall, original) });
}

/**
 * A product with few results, each a sum over 2,000 terms or more. tfjs cuts the sum into parts (its program `splitK`) and adds them
 * with atomic operations, in whatever order they come, so that the last bits differ from run to run. Where the second matrix is
 * transposed and all sizes are multiples of four, that program also reads four values of it along the wrong axis, and the result is
 * wrong. This takes tfjs's program `reduce` instead, in which the threads of one group add up each result, in a fixed order.
 */
function multiply(call: KernelCall, original: Kernel): tf.TensorInfo {
  return wouldSplit(call) ? withProgram(PROGRAM.reduce, () => original(call)) : original(call);
}

/** Whether tfjs would take its program `splitK`, by its own rule. */
function wouldSplit({ inputs, attrs, backend }: KernelCall): boolean {
  const { a, b } = inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
  const { transposeA, transposeB } = attrs as { transposeA: boolean; transposeB: boolean };
  if (tf.util.sizeFromShape(a.shape.slice(0, -2)) !== 1 || tf.util.sizeFromShape(b.shape.slice(0, -2)) !== 1)
    return false;
  const [height, terms] = transposeA ? [a.shape.at(-1)!, a.shape.at(-2)!] : [a.shape.at(-2)!, a.shape.at(-1)!];
  const width = transposeB ? b.shape.at(-2)! : b.shape.at(-1)!;
  const tiles = Math.ceil(height / 32) * Math.ceil(width / 32);
  const few = backend.thresholdToIncreaseWorkgroups;
  return terms >= 2000 && height * width > 128 && (tiles <= few || (height <= 8 && tiles <= 2 * few));
}

function withProgram<T>(program: number, work: () => T): T {
  const flag = "WEBGPU_MATMUL_PROGRAM_TYPE";
  const before = tf.env().getNumber(flag);
  tf.env().set(flag, program);
  try {
    return work();
  } finally {
    tf.env().set(flag, before);
  }
}

/**
 * Rows added up where they belong: out[i] is the sum of all rows whose index is i. tfjs adds with atomic operations, in whatever order
 * they come. Here a thread for each value of the result adds its rows in the order of the list, which is known on the CPU.
 */
function addRows(call: KernelCall, original: Kernel): tf.TensorInfo {
  const { backend } = call;
  const { indices, updates } = call.inputs as { indices: tf.TensorInfo; updates: tf.TensorInfo };
  const shape = call.attrs!["shape"] as unknown as number[];
  const known = backend.tensorMap.get(indices.dataId).values as Int32Array | null;
  const isListOfRows = shape.length === 2 && updates.shape.length === 2 && indices.shape.at(-1) === 1;
  if (!isListOfRows || updates.dtype !== "float32") return original(call);
  if (!known) throw new Error("scatterND on webgpu needs indices that are known on the CPU");
  const [rows, width] = shape as [number, number];
  const { starts, order } = byRow(known, rows);
  const list = [starts, order].map((values) => backend.makeTensorInfo([values.length], "int32", values));
  const out = backend.runWebGPUProgram(addRowsProgram(rows, width), [updates, ...list], "float32");
  for (const t of list) backend.disposeData(t.dataId);
  return out;
}

/** For each row the places of a list of indices that name it: `order` from starts[row] to starts[row + 1]. */
function byRow(indices: ArrayLike<number>, rows: number): { starts: Int32Array; order: Int32Array } {
  const starts = new Int32Array(rows + 1);
  for (let i = 0; i < indices.length; i++) starts[indices[i]! + 1]!++;
  for (let row = 0; row < rows; row++) starts[row + 1]! += starts[row]!;
  const next = starts.slice();
  const order = new Int32Array(indices.length);
  for (let i = 0; i < indices.length; i++) order[next[indices[i]!]!++] = i;
  return { starts, order };
}

function addRowsProgram(rows: number, width: number): Parameters<WebGPUBackend["runWebGPUProgram"]>[0] {
  const workgroup = 64;
  return {
    variableNames: ["updates", "starts", "order"],
    workgroupSize: [workgroup, 1, 1],
    outputShape: [rows, width],
    dispatchLayout: { x: [0, 1] },
    dispatch: [Math.ceil((rows * width) / workgroup), 1, 1],
    size: true,
    shaderKey: "sic_addRows",
    getUserCode: () => `
      fn main(index : i32) {
        if (index < uniforms.size) {
          let width = uniforms.outShape[1];
          let row = index / width;
          let column = index - row * width;
          var sum = 0.0;
          for (var k = i32(starts[row]); k < i32(starts[row + 1]); k++) {
            sum += updates[i32(order[k]) * width + column];
          }
          setOutputAtIndex(index, sum);
        }
      }`,
  };
}
