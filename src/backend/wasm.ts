import { setThreadsCount, version_wasm } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { replaceSlowKernels } from "./wasm-kernels.ts";

let kernelsReplaced = false;

/**
 * Makes tfjs compute on tfjs-backend-wasm on one thread, in Node or in a browser, and returns its version. Both take the same
 * binary, which a browser that knows threads would not do by itself, and therefore give the same bits.
 */
export async function startWasm(): Promise<string> {
  setThreadsCount(1);
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  if (!(await tf.setBackend("wasm"))) throw new Error("WebAssembly does not start");
  if (!kernelsReplaced) replaceSlowKernels();
  kernelsReplaced = true;
  return version_wasm;
}
