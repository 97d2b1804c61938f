import "@tensorflow/tfjs-core/dist/register_all_gradients.js"; // for its side effect: the gradients of all operations
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { startWasm } from "../../backend/wasm.ts";
import { startWebgpu } from "../../backend/webgpu-start.ts";
import { fuseKernels } from "../../fused/fuse.ts";
import { MOST_THREADS, type Helper, type Platform } from "../../fused/threads.ts";
import type { EngineChoice } from "../messages.ts";
import { findAdapter } from "./gpu.ts";

/** Makes tfjs compute in this worker; in words, on what. The wasm files stand beside the script. */
export async function openEngine({ name, threads }: EngineChoice): Promise<string> {
  if (name === "wasm") return openWasm(threads);
  try {
    return await openWebgpu();
  } catch (error) {
    return `${await openWasm(threads)}, because WebGPU does not start (${(error as Error).message})`;
  }
}

async function openWebgpu(): Promise<string> {
  const adapter = await findAdapter();
  if (adapter === undefined) throw new Error("this browser finds no GPU");
  await startWebgpu();
  return `webgpu ${tf.version_core} on ${[adapter.info.vendor, adapter.info.architecture].filter(Boolean).join(" ") || "a GPU without a name"}`;
}

async function openWasm(threads: number): Promise<string> {
  setWasmPaths(new URL("./", import.meta.url).href);
  const name = `wasm ${await startWasm()}`;
  if (threads === 0) return `${name}, all functions as they read`;
  let platform: Platform;
  try {
    platform = { ...browserPlatform, threads: threadsFor(threads), module: await kernels() };
  } catch (error) {
    return `${name}, all functions as they read, because this browser lacks what the fused kernels need (${(error as Error).message})`;
  }
  const count = fuseKernels("wasm", () => platform);
  return `${name} with fused kernels on ${count} ${count === 1 ? "thread" : "threads"}`;
}

async function kernels(): Promise<WebAssembly.Module> {
  const response = await fetch(new URL("./kernels.wasm", import.meta.url));
  return WebAssembly.compile(await response.arrayBuffer());
}

/** Memory can be given to other threads only where the server isolates the page from other origins. */
function threadsFor(most: number): number {
  return crossOriginIsolated ? Math.min(most, navigator.hardwareConcurrency, MOST_THREADS) : 1;
}

const browserPlatform = {
  start: (helper: Helper): void => {
    new Worker(new URL("./kernel-thread.js", import.meta.url), { type: "module" }).postMessage(helper);
  },
};
