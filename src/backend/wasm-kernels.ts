import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";

interface KernelCall {
  inputs: tf.NamedTensorInfoMap;
  attrs?: tf.NamedAttrMap;
  backend: BackendWasm;
}
type Kernel<Result = tf.TensorInfo> = (call: KernelCall) => Result;

/**
 * Five kernels of tfjs-backend-wasm 4.22 are many times slower than the machine allows; these do the same work another way.
 * Each falls back to the original where it has nothing to win. Call once, after the backend is ready.
 */
export function replaceSlowKernels(): void {
  replace("GatherV2", gatherRows);
  replace("Slice", sliceRows);
  replace("SplitV", split);
  replace("BatchMatMul", multiply);
  replace("Identity", same);
}

function replace<R extends tf.TensorInfo | tf.TensorInfo[]>(
  kernelName: string,
  faster: (call: KernelCall, original: Kernel<R>) => R,
): void {
  const config = tf.getKernel(kernelName, "wasm") as tf.KernelConfig | undefined;
  if (!config) throw new Error(`the wasm engine has no kernel ${kernelName}; expected tfjs-backend-wasm 4.22`);
  const original = config.kernelFunc as unknown as Kernel<R>;
  tf.unregisterKernel(kernelName, "wasm");
  tf.registerKernel({ ...config, kernelFunc: (call) => faster(call as unknown as KernelCall, original) });
}

/** The same values under another name. The original copies them. */
function same({ inputs, backend }: KernelCall): tf.TensorInfo {
  const { x } = inputs as { x: tf.TensorInfo };
  backend.incRef(x.dataId);
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
}

/** Rows of the first axis are contiguous: copy them whole. The original walks element by element. */
function gatherRows(call: KernelCall, original: Kernel): tf.TensorInfo {
  const { x, indices } = call.inputs as { x: tf.TensorInfo; indices: tf.TensorInfo };
  if (call.attrs!["axis"] !== 0 || call.attrs!["batchDims"] !== 0) return original(call);
  const out = call.backend.makeOutput([...indices.shape, ...x.shape.slice(1)], x.dtype);
  const [from, to, at] = [x, out, indices].map((t) => call.backend.typedArrayFromHeap(t) as Float32Array);
  const width = from!.length / x.shape[0]!;
  at!.forEach((row, i) => {
    if (!(row >= 0 && row < x.shape[0]!)) throw new Error(`gather index ${row} is not in 0..${x.shape[0]! - 1}`);
    to!.set(from!.subarray(row * width, (row + 1) * width), i * width);
  });
  return out;
}

/** Whole rows of the first axis are one stretch of memory. The original copies all of x out of the heap first. */
function sliceRows(call: KernelCall, original: Kernel): tf.TensorInfo {
  const { x } = call.inputs as { x: tf.TensorInfo };
  const begin = call.attrs!["begin"] as number[];
  const size = call.attrs!["size"] as number[];
  const whole = x.shape.every((n, axis) => axis === 0 || (!begin[axis] && (size[axis] === -1 || size[axis] === n)));
  if (!whole || begin.length !== x.shape.length || x.shape.length === 0) return original(call);
  const rows = size[0] === -1 ? x.shape[0]! - begin[0]! : size[0]!;
  const out = call.backend.makeOutput([rows, ...x.shape.slice(1)], x.dtype);
  const [from, to] = [x, out].map((t) => call.backend.typedArrayFromHeap(t) as Float32Array);
  const width = from!.length / x.shape[0]!;
  to!.set(from!.subarray(begin[0]! * width, (begin[0]! + rows) * width));
  return out;
}

/** Parts along an axis, stretch by stretch. The original copies all of x out of the heap once a part. */
function split(call: KernelCall): tf.TensorInfo[] {
  const { x } = call.inputs as { x: tf.TensorInfo };
  const axis = tf.util.parseAxisParam(call.attrs!["axis"] as number, x.shape)[0]!;
  const sizes = tf.backend_util.prepareSplitSize(x, call.attrs!["numOrSizeSplits"] as number[], axis);
  const inner = tf.util.sizeFromShape(x.shape.slice(axis + 1));
  const outer = tf.util.sizeFromShape(x.shape.slice(0, axis));
  let start = 0;
  return sizes.map((size) => {
    const out = call.backend.makeOutput(x.shape.with(axis, size), x.dtype);
    const [from, to] = [x, out].map((t) => call.backend.typedArrayFromHeap(t) as Float32Array);
    const [stretch, stride] = [size * inner, x.shape[axis]! * inner];
    for (let o = 0; o < outer; o++) {
      const at = o * stride + start * inner;
      to!.set(from!.subarray(at, at + stretch), o * stretch);
    }
    start += size;
    return out;
  });
}

/**
 * The fast matrix product inside (XNNPACK) takes one untransposed pair of matrices: transpose first, and take a batch of
 * proper matrices one by one. Batches of vectors stay with the original.
 */
function multiply(call: KernelCall, original: Kernel): tf.TensorInfo {
  const { a, b } = call.inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
  const { transposeA, transposeB } = call.attrs as { transposeA: boolean; transposeB: boolean };
  const { backend } = call;
  const rank = a.shape.length;
  const single = rank === 2 && b.shape.length === 2;
  const batch = rank === 3 && b.shape.length === 3 && a.shape[0] === b.shape[0] && Math.min(...a.shape, ...b.shape) > 1;
  if (!batch && !(single && (transposeA || transposeB))) return original(call);

  const temporary: tf.TensorInfo[] = [];
  const keep = (t: tf.TensorInfo): tf.TensorInfo => {
    temporary.push(t);
    return t;
  };
  const perm = single ? [1, 0] : [0, 2, 1];
  const transpose = tf.getKernel("Transpose", "wasm").kernelFunc as unknown as Kernel;
  const straight = (x: tf.TensorInfo, transposed: boolean): tf.TensorInfo =>
    transposed ? keep(transpose({ inputs: { x }, attrs: { perm }, backend })) : x;
  const product = (x: tf.TensorInfo, y: tf.TensorInfo): tf.TensorInfo =>
    original({ inputs: { a: x, b: y }, attrs: { transposeA: false, transposeB: false }, backend });
  const matrix = (t: tf.TensorInfo, index: number): tf.TensorInfo =>
    keep(
      sliceRows(
        {
          inputs: { x: { ...t, shape: [t.shape[0]!, t.shape[1]! * t.shape[2]!] } },
          attrs: { begin: [index, 0], size: [1, -1] },
          backend,
        },
        original,
      ),
    );
  const [left, right] = [straight(a, transposeA), straight(b, transposeB)];
  let out: tf.TensorInfo;
  if (single) {
    out = product(left, right);
  } else {
    const [count, m, k] = left.shape as [number, number, number];
    const n = right.shape[2]!;
    out = backend.makeOutput([count, m, n], a.dtype);
    for (let i = 0; i < count; i++) {
      const one = keep(product({ ...matrix(left, i), shape: [m, k] }, { ...matrix(right, i), shape: [k, n] }));
      (backend.typedArrayFromHeap(out) as Float32Array).set(backend.typedArrayFromHeap(one), i * m * n);
    }
  }
  for (const t of temporary) backend.disposeData(t.dataId);
  return out;
}
