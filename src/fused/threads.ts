import type { Kernel } from "./kernels.ts";

/** A float32 among a kernel's arguments, which are whole numbers and addresses otherwise. */
export interface Real {
  real: number;
}
export const real = (value: number): Real => ({ real: value });

const PAGE = 2 ** 16;
const MOST_PAGES = 2 ** 16;
export const MOST_THREADS = 8;
const ARGUMENTS = 64;

/** A job of fewer multiplications is done by one thread: it takes less time than to wake the others. */
const SHARED = 2 ** 18;

/** What a thread but the first is given: it makes an instance of the module over the memory, and calls `serve(index)` of it. */
export interface Helper {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  index: number;
}

/** What the kernels need of where they run, of Node or of a browser. */
export interface Platform {
  /** How many threads to use. */
  threads: number;
  /** kernels.wasm, compiled. */
  module: WebAssembly.Module;
  /** Starts a thread that helps until the program ends. */
  start: (helper: Helper) => void;
}

interface Exports {
  firstFree(threads: number): number;
  prepare(): void;
  run(kernel: number, tasks: number, alone: boolean): void;
}

/** The fused kernels on every core, and the memory that they share. */
export class Threads {
  readonly count: number;
  /** Where the memory that kernels' operands may use begins. */
  readonly base: number;
  private readonly memory: WebAssembly.Memory;
  private readonly exports: Exports;

  /** Throws where WebAssembly has no SIMD or no shared memory. */
  constructor({ threads, module, start }: Platform) {
    this.count = threads;
    this.memory = new WebAssembly.Memory({ initial: 16, maximum: MOST_PAGES, shared: true });
    this.exports = this.instance(module);
    this.base = this.exports.firstFree(threads);
    this.reach(this.base);
    this.exports.prepare();
    for (let index = 1; index < threads; index++) start({ module, memory: this.memory, index });
  }

  /** Where the memory ends at most. */
  get most(): number {
    return MOST_PAGES * PAGE;
  }

  /** Makes the memory at least so many bytes long. */
  reach(bytes: number): void {
    const missing = Math.ceil((bytes - this.memory.buffer.byteLength) / PAGE);
    if (missing > 0) this.memory.grow(missing);
  }

  /** Float32 numbers at a place of the memory; good until the memory grows. */
  floats(address: number, count: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, count);
  }

  ints(address: number, count: number): Int32Array {
    return new Int32Array(this.memory.buffer, address, count);
  }

  doubles(address: number, count: number): Float64Array {
    return new Float64Array(this.memory.buffer, address, count);
  }

  /** Runs a kernel's tasks 0..tasks-1: on all threads where there are that many operations to do that waking them pays. */
  run(kernel: Kernel, tasks: number, operations: number, args: readonly (number | Real)[]): void {
    const ints = this.ints(ARGUMENTS, args.length);
    const floats = this.floats(ARGUMENTS, args.length);
    args.forEach((value, i) => {
      if (typeof value === "number") ints[i] = value;
      else floats[i] = value.real;
    });
    this.exports.run(kernel, tasks, operations < SHARED);
  }

  private instance(module: WebAssembly.Module): Exports {
    return new WebAssembly.Instance(module, { env: { memory: this.memory } }).exports as unknown as Exports;
  }
}
