import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import { InputError } from "../io/error.ts";
import type { Kernel } from "./kernels.ts";

/** A float32 among a kernel's arguments, which are whole numbers and addresses otherwise. */
export interface Real {
  real: number;
}
export const real = (value: number): Real => ({ real: value });

const PAGE = 2 ** 16;
const MOST_PAGES = 2 ** 16;
const MOST_THREADS = 8;
const ARGUMENTS = 64;

/** A job of fewer multiplications is done by one thread: it takes less time than to wake the others. */
const SHARED = 2 ** 18;

/** What a thread but the first does: it serves jobs until the process ends. */
const SERVE = `
const { module, memory, index } = require("node:worker_threads").workerData;
new WebAssembly.Instance(module, { env: { memory } }).exports.serve(index);`;

interface Exports {
  firstFree(threads: number): number;
  prepare(): void;
  run(kernel: number, tasks: number, alone: boolean): void;
}

/** SIC_THREADS of the environment, or one for each core. Throws an InputError where that is no whole number of threads. */
function threadsAsked(): number {
  const asked = process.env["SIC_THREADS"];
  if (asked === undefined) return Math.min(availableParallelism(), MOST_THREADS);
  const threads = Number(asked);
  if (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS)
    throw new InputError(`SIC_THREADS is "${asked}"; expected a whole number from 1 to ${MOST_THREADS}`);
  return threads;
}

/** The fused kernels on every core, and the memory that they share. */
export class Threads {
  readonly count: number;
  /** Where the memory that kernels' operands may use begins. */
  readonly base: number;
  private readonly memory: WebAssembly.Memory;
  private readonly exports: Exports;

  /** Throws where WebAssembly has no SIMD or no shared memory. */
  constructor(threads = threadsAsked()) {
    this.count = threads;
    const code = readFileSync(new URL("./kernels.wasm", import.meta.url));
    // Node 20 knows the fused multiply and add of "relaxed SIMD", but behind a flag.
    if (!WebAssembly.validate(code)) setFlagsFromString("--experimental-wasm-relaxed-simd");
    const module = new WebAssembly.Module(code);
    this.memory = new WebAssembly.Memory({ initial: 16, maximum: MOST_PAGES, shared: true });
    this.exports = this.instance(module);
    this.base = this.exports.firstFree(threads);
    this.reach(this.base);
    this.exports.prepare();
    for (let index = 1; index < threads; index++)
      new Worker(SERVE, { eval: true, execArgv: [], workerData: { module, memory: this.memory, index } }).unref();
  }

  /** The most bytes that operands can ever take. */
  get most(): number {
    return MOST_PAGES * PAGE - this.base - PAGE;
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
