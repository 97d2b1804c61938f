import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import { InputError } from "../io/error.ts";
import { MOST_THREADS, type Platform } from "./threads.ts";

/** What a thread but the first does: it serves jobs until the process ends. */
const SERVE = `
const { module, memory, index } = require("node:worker_threads").workerData;
new WebAssembly.Instance(module, { env: { memory } }).exports.serve(index);`;

/** SIC_THREADS of the environment, or one for each core. Throws an InputError where that is no whole number of threads. */
function threadsAsked(): number {
  const asked = process.env["SIC_THREADS"];
  if (asked === undefined) return Math.min(availableParallelism(), MOST_THREADS);
  const threads = Number(asked);
  if (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS)
    throw new InputError(`SIC_THREADS is "${asked}"; expected a whole number from 1 to ${MOST_THREADS}`);
  return threads;
}

/** Node, on SIC_THREADS threads or one for each core. */
export function nodePlatform(threads = threadsAsked()): Platform {
  const code = readFileSync(new URL("./kernels.wasm", import.meta.url));
  // Node 20 knows the fused multiply and add of "relaxed SIMD", but behind a flag.
  if (!WebAssembly.validate(code)) setFlagsFromString("--experimental-wasm-relaxed-simd");
  return {
    threads,
    module: new WebAssembly.Module(code),
    start: (workerData) => {
      new Worker(SERVE, { eval: true, execArgv: [], workerData }).unref();
    },
  };
}
