import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import util from "node:util";
import "@tensorflow/tfjs"; // for its side effect: the gradients of all operations
import * as tf from "@tensorflow/tfjs-core";
import { InputError } from "../io/error.ts";
import { replaceSlowKernels } from "./wasm-kernels.ts";

const require = createRequire(import.meta.url);

/** Fastest first. */
export const ENGINES = ["tensorflow", "wasm"] as const;
export type EngineName = (typeof ENGINES)[number];

/**
 * What the engine will mostly do. `steps`: thousands of small operations, best on one thread each, without oneDNN's cost a call
 * (a third of a step at N = 64); `products`: large matrix products, best with oneDNN on every core.
 */
export type Workload = "steps" | "products";

export interface Engine {
  name: EngineName;
  /** The version of the library that computes, and what it computes on. */
  version: string;
  device: string;
  /** Why a better engine was not taken, and the mend; empty when this is the best. */
  remark: string;
}

const MEND: Record<EngineName, string> = {
  tensorflow: "`npm run engine` builds it",
  wasm: "`npm ci` installs it",
};

/**
 * Makes tfjs compute on the engine asked for, or on the best one that is there. Throws an InputError when the one asked for is
 * not there. Call once a process, before any tensor is made: TensorFlow reads its settings when it is loaded.
 */
export async function openEngine(
  asked: string | undefined,
  workload: Workload = "steps",
  present: readonly EngineName[] = presentEngines(),
): Promise<Engine> {
  if (asked !== undefined && !isEngineName(asked))
    throw new InputError(`--backend is "${asked}"; expected one of ${ENGINES.join(", ")}`);
  const refused: string[] = [];
  for (const name of asked === undefined ? ENGINES : [asked]) {
    try {
      if (!present.includes(name)) throw new Error("its library has not been built");
      const engine = name === "tensorflow" ? await openTensorflow(workload) : await openWasm();
      return { ...engine, name, remark: refused.join("; ") };
    } catch (error) {
      refused.push(`${name} is not here: ${firstLine(error)}; ${MEND[name]}`);
    }
  }
  throw new InputError(refused.join("; "));
}

/** One line for people: which engine, on what, and why not a better one. */
export function describeEngine(engine: Engine): string {
  return `engine: ${engine.name} ${engine.version} on ${engine.device}${engine.remark && ` (${engine.remark})`}`;
}

function isEngineName(name: string): name is EngineName {
  return (ENGINES as readonly string[]).includes(name);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0]!.trim();
}

/** The engines that this machine has, fastest first. */
export function presentEngines(): EngineName[] {
  return ENGINES.filter((name) => name !== "tensorflow" || existsSync(bindingFile()));
}

async function openTensorflow(workload: Workload): Promise<{ version: string; device: string }> {
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
  if (workload === "steps") {
    process.env["TF_ENABLE_ONEDNN_OPTS"] ??= "0";
    process.env["TF_NUM_INTRAOP_THREADS"] ??= "1";
  }
  // tfjs-node calls this function, which Node 23 no longer has.
  const old = util as { isNullOrUndefined?: (value: unknown) => boolean };
  old.isNullOrUndefined ??= (value) => value === null || value === undefined;
  require("@tensorflow/tfjs-node-gpu");
  if (!(await tf.setBackend("tensorflow"))) throw new Error("TensorFlow's library does not start");
  const backend = tf.backend() as unknown as { binding: { TF_Version: string }; isUsingGpuDevice: boolean };
  return {
    version: backend.binding.TF_Version,
    device: backend.isUsingGpuDevice
      ? "GPU"
      : `CPU (${workload === "steps" ? "one thread an operation" : "all cores"})`,
  };
}

async function openWasm(): Promise<{ version: string; device: string }> {
  const events = ["uncaughtException", "unhandledRejection"] as const;
  const before = events.map((event) => process.listeners(event as "uncaughtException"));
  const wasm = await import("@tensorflow/tfjs-backend-wasm");
  wasm.setThreadsCount(1);
  if (!(await tf.setBackend("wasm"))) throw new Error("WebAssembly does not start");
  // The compiled module listens for every crash of the process, only to print its own source: stop it.
  events.forEach((event, i) => {
    for (const listener of process.listeners(event as "uncaughtException"))
      if (!before[i]!.includes(listener)) process.removeListener(event, listener);
  });
  if (!kernelsReplaced) replaceSlowKernels();
  kernelsReplaced = true;
  return { version: wasm.version_wasm, device: "CPU (one core)" };
}

let kernelsReplaced = false;

/** Where tfjs-node-gpu expects its compiled binding. */
export function bindingFile(): string {
  return join(tensorflowPackage(), "lib", "napi-v8", "tfjs_binding.node");
}

/** The folder of the installed tfjs-node-gpu. */
export function tensorflowPackage(): string {
  return dirname(require.resolve("@tensorflow/tfjs-node-gpu/package.json"));
}
