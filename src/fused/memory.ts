import * as tf from "@tensorflow/tfjs-core";
import { KERNEL } from "./kernels.ts";
import { Stretches } from "./stretches.ts";
import type { Real, Threads } from "./threads.ts";

/** A tensor's values in the kernels' memory. */
interface Stored {
  address: number;
  size: number;
  references: number;
}

/** That the kernels' memory, 4 GB at most, cannot hold what a work needs. */
export class MemoryFull extends Error {
  override name = "MemoryFull";
}

/**
 * The kernels' memory as a backend of tfjs, which has no operations of its own. A tensor that a kernel makes lives here until an
 * ordinary operation takes it: tfjs then moves it to the engine in use. A tensor of the engine that a kernel takes moves here. So
 * what goes from kernel to kernel, step after step, is never copied. All tensors here are float32.
 */
export class KernelMemory extends tf.KernelBackend {
  readonly threads: Threads;
  private readonly stored = new tf.DataStorage<Stored>(this, tf.engine());
  private readonly stretches: Stretches;
  /** What the work that is going on has taken. */
  private temporary: number[] = [];

  constructor(threads: Threads) {
    super();
    this.threads = threads;
    this.stretches = new Stretches(threads.base, threads.most);
  }

  /** How many stretches of memory are taken. */
  get taken(): number {
    return this.stretches.taken;
  }

  /** Does a work of kernels; what it takes of the memory is free afterwards, but for the tensors that it makes. */
  during<T>(work: () => T): T {
    const outer = this.temporary;
    this.temporary = [];
    try {
      return work();
    } finally {
      for (const address of this.temporary) this.stretches.give(address);
      this.temporary = outer;
    }
  }

  /** The address of so many numbers of four bytes, until the work is done. */
  space(count: number): number {
    const address = this.take(4 * count);
    this.temporary.push(address);
    return address;
  }

  /** The address of a tensor's values. */
  of(tensor: tf.Tensor): number {
    return this.stored.get(tensor.dataId).address;
  }

  /** The address of whole numbers. */
  whole(values: ArrayLike<number>): number {
    const address = this.space(values.length);
    this.threads.ints(address, values.length).set(values);
    return address;
  }

  /** The address of float32 numbers. */
  floats(values: ArrayLike<number>): number {
    const address = this.space(values.length);
    this.threads.floats(address, values.length).set(values);
    return address;
  }

  /** The address of float64 numbers. */
  doubles(values: ArrayLike<number>): number {
    const address = this.space(2 * values.length);
    this.threads.doubles(address, values.length).set(values);
    return address;
  }

  run(kernel: keyof typeof KERNEL, tasks: number, operations: number, args: readonly (number | Real)[]): void {
    this.threads.run(KERNEL[kernel], tasks, operations, args);
  }

  /** A tensor of the numbers at an address that `space` gave in this work. It keeps them. */
  tensor<R extends tf.Rank>(address: number, shape: tf.ShapeMap[R]): tf.Tensor<R> {
    const index = this.temporary.lastIndexOf(address);
    if (index < 0) throw new Error(`no space was taken at ${address}`);
    this.temporary.splice(index, 1);
    const dataId = {};
    this.stored.set(dataId, { address, size: tf.util.sizeFromShape(shape), references: 1 });
    return tf.engine().makeTensorFromTensorInfo({ dataId, shape, dtype: "float32" }, this) as tf.Tensor<R>;
  }

  override move(
    dataId: tf.DataId,
    values: tf.backend_util.BackendValues,
    shape: number[],
    dtype: tf.DataType,
    references: number,
  ): void {
    if (dtype !== "float32") throw new Error(`the kernels were given a tensor of ${dtype}; expected float32`);
    const size = tf.util.sizeFromShape(shape);
    const address = this.take(4 * size);
    this.threads.floats(address, size).set(values as Float32Array);
    this.stored.set(dataId, { address, size, references });
  }

  override readSync(dataId: tf.DataId): Float32Array {
    const { address, size } = this.stored.get(dataId);
    return Float32Array.from(this.threads.floats(address, size));
  }

  override read(dataId: tf.DataId): Promise<Float32Array> {
    return Promise.resolve(this.readSync(dataId));
  }

  override disposeData(dataId: tf.DataId, force = false): boolean {
    if (!this.stored.has(dataId)) return true;
    const stored = this.stored.get(dataId);
    stored.references--;
    if (!force && stored.references > 0) return false;
    this.stretches.give(stored.address);
    this.stored.delete(dataId);
    return true;
  }

  override refCount(dataId: tf.DataId): number {
    return this.stored.has(dataId) ? this.stored.get(dataId).references : 0;
  }

  override incRef(dataId: tf.DataId): void {
    this.stored.get(dataId).references++;
  }

  override numDataIds(): number {
    return this.stored.numDataIds();
  }

  private take(bytes: number): number {
    const address = this.stretches.take(bytes);
    if (address === undefined)
      throw new MemoryFull(`the fused kernels' memory is full; expected room for ${bytes} bytes more`);
    this.threads.reach(this.stretches.used);
    return address;
  }
}
