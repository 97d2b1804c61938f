import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { KERNEL } from "./kernels.ts";
import { Threads, type Real } from "./threads.ts";

type WasmBackend = Pick<BackendWasm, "typedArrayFromHeap" | "makeOutput">;

/** A stretch of the kernels' memory. */
interface Slot {
  address: number;
  /** The call that put it there or used it last; nothing of a call is overwritten before its end. */
  call: number;
  /** Whether nothing else has been put there since. */
  alive: boolean;
}

/** Bytes that are given away at once. */
const PAGE = 4096;
const FIRST_CAPACITY = 2 ** 25;

/**
 * Operands of the kernels in the memory that the threads share. New ones are put behind the last, and over the oldest when
 * the end is reached. Tensors never change, so a tensor that is still there is not copied again.
 */
export class Operands {
  readonly threads: Threads;
  private readonly places = new WeakMap<tf.DataId, Slot>();
  private readonly base: number;
  /** What is on each page. */
  private readonly pages: (Slot | undefined)[] = [];
  private head = 0;
  private call = 0;

  constructor(threads: Threads) {
    this.threads = threads;
    this.base = Math.ceil(threads.base / PAGE) * PAGE;
    this.grow(FIRST_CAPACITY);
  }

  /** Begins the work of one operation, whose operands take about so many float32 numbers; false where they never fit. */
  begin(numbers: number): boolean {
    this.call++;
    const needed = 2 * 4 * numbers + FIRST_CAPACITY / 2;
    if (needed > this.threads.most) return false;
    this.grow(needed);
    return true;
  }

  /** The address of so many numbers of four bytes. */
  space(count: number): number {
    return this.slot(4 * count).address;
  }

  /** The address of a tensor's values. */
  of(tensor: tf.Tensor): number {
    const known = this.places.get(tensor.dataId);
    if (known?.alive) {
      known.call = this.call;
      return known.address;
    }
    const slot = this.slot(4 * tensor.size);
    this.threads.floats(slot.address, tensor.size).set(valuesOf(tensor));
    this.places.set(tensor.dataId, slot);
    return slot.address;
  }

  /** The address of whole numbers. */
  whole(values: ArrayLike<number>): number {
    const address = this.space(values.length);
    this.threads.ints(address, values.length).set(values);
    return address;
  }

  /** The address of float32 numbers. */
  numbers(values: ArrayLike<number>): number {
    const address = this.space(values.length);
    this.floats(address, values.length).set(values);
    return address;
  }

  floats(address: number, count: number): Float32Array {
    return this.threads.floats(address, count);
  }

  doubles(address: number, count: number): Float64Array {
    return this.threads.doubles(address, count);
  }

  run(kernel: keyof typeof KERNEL, tasks: number, operations: number, args: readonly (number | Real)[]): void {
    this.threads.run(KERNEL[kernel], tasks, operations, args);
  }

  /** A tensor of the numbers at an address that `space` gave. */
  tensor<R extends tf.Rank>(address: number, shape: tf.ShapeMap[R]): tf.Tensor<R> {
    const values = this.threads.floats(address, tf.util.sizeFromShape(shape));
    const tensor = tensorOf<R>(values, shape);
    this.places.set(tensor.dataId, this.pages[(address - this.base) / PAGE]!);
    return tensor;
  }

  /** Makes the memory at least so many bytes long. */
  private grow(bytes: number): void {
    this.threads.reach(this.base + bytes);
    while (this.pages.length * PAGE < bytes) this.pages.push(undefined);
  }

  private slot(bytes: number): Slot {
    const count = Math.ceil(Math.max(bytes, 1) / PAGE);
    for (let turns = 0; turns < 3;) {
      if (this.head + count > this.pages.length) {
        this.head = 0;
        turns++;
      }
      const taken = this.pages.slice(this.head, this.head + count);
      const held = taken.findLastIndex((slot) => slot?.call === this.call);
      if (held >= 0) {
        this.head += held + 1;
        continue;
      }
      for (const slot of taken) if (slot) slot.alive = false;
      const slot = { address: this.base + this.head * PAGE, call: this.call, alive: true };
      this.pages.fill(slot, this.head, this.head + count);
      this.head += count;
      return slot;
    }
    throw new Error(`the fused kernels' memory is full; expected room for ${bytes} bytes more`);
  }
}

/** A tensor's values, without a copy where the engine allows it. */
function valuesOf(tensor: tf.Tensor): Float32Array {
  return tf.getBackend() === "wasm"
    ? ((tf.backend() as unknown as WasmBackend).typedArrayFromHeap(tensor) as Float32Array)
    : tensor.dataSync<"float32">();
}

function tensorOf<R extends tf.Rank>(values: Float32Array, shape: tf.ShapeMap[R]): tf.Tensor<R> {
  if (tf.getBackend() !== "wasm") return tf.tensor<R>(Float32Array.from(values), shape);
  const backend = tf.backend() as unknown as WasmBackend;
  const out = backend.makeOutput(shape, "float32");
  (backend.typedArrayFromHeap(out) as Float32Array).set(values);
  return tf.engine().makeTensorFromTensorInfo(out) as tf.Tensor<R>;
}
