import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import util from "node:util";
import "@tensorflow/tfjs"; // for its side effect: the gradients of all operations
import * as tf from "@tensorflow/tfjs-core";
import { InputError } from "../io/error.ts";
import { isDawnInstalled } from "./dawn.ts";
import { findAdapter, openWebgpu } from "./webgpu.ts";
import { fuseKernels } from "../fused/fuse.ts";
import { nodePlatform } from "../fused/node-platform.ts";

const require = createRequire(import.meta.url);

/** In the order in which they are tried: those first that are installed on purpose. */
export const ENGINES = ["webgpu", "tensorflow", "wasm"] as const;
export type EngineName = (typeof ENGINES)[number];

/**
 * What the engine will mostly do. `walks`: small operations whose result is read at once, which a browser's GPU does not allow.
 * `steps`: thousands of small operations, best on one thread each, without oneDNN's cost a call (a third of a step at N = 64).
 * `products`: large matrix products, best with oneDNN on every core.
 */
export type Workload = "walks" | "steps" | "products";

export interface Engine {
  name: EngineName;
  /** The version of the library that computes, and what it computes on. */
  version: string;
  device: string;
  /** Why a better engine was not taken, and the mend; empty when this is the best. */
  remark: string;
}

const MEND: Record<EngineName, string> = {
  webgpu: "`npm run engine -- --webgpu` installs it",
  tensorflow: "`npm run engine` builds it",
  wasm: "`npm ci` installs it",
};

/**
 * Makes tfjs compute on the engine asked for, or on the best one that is there. Throws an InputError when the one asked for is
 * not there. Call once a process, before any tensor is made: TensorFlow reads its settings when it is loaded.
 */
export async function openEngine(
  asked: string | undefined,
  workload: Workload = "walks",
  present: readonly EngineName[] = installedEngines(),
): Promise<Engine> {
  if (asked !== undefined && !isEngineName(asked))
    throw new InputError(`--backend is "${asked}"; expected one of ${ENGINES.join(", ")}`);
  if (asked === "webgpu" && workload === "walks")
    throw new InputError(
      '--backend is "webgpu", and walks read every state at once, which WebGPU does not allow; expected tensorflow or wasm',
    );
  const refused: string[] = [];
  for (const name of asked === undefined ? candidates(workload, present) : [asked]) {
    try {
      if (!present.includes(name)) throw new Error("its library is missing or incomplete");
      const engine = await open(name, workload);
      return { ...engine, device: withKernels(name, engine.device), name, remark: refused.join("; ") };
    } catch (error) {
      const isReason = error instanceof InputError;
      refused.push(isReason ? error.message : `${name} is not installed: ${firstLine(error)}; ${MEND[name]}`);
    }
  }
  throw new InputError(refused.join("; "));
}

/** The engines to try, in order. One that needs a GPU is no better engine for those who have not installed it. */
function candidates(workload: Workload, present: readonly EngineName[]): EngineName[] {
  return ENGINES.filter((name) => name !== "webgpu" || (workload !== "walks" && present.includes(name)));
}

function open(name: EngineName, workload: Workload): Promise<{ version: string; device: string }> {
  if (name === "webgpu") return openWebgpu();
  return name === "tensorflow" ? openTensorflow(workload) : openWasm();
}

/** Puts the fused kernels beneath an engine that computes on the CPU, unless SIC_FUSED is 0; what it computes on then. */
function withKernels(name: EngineName, device: string): string {
  if (name === "webgpu" || device === "GPU" || process.env["SIC_FUSED"] === "0") return device;
  const threads = fuseKernels(name, nodePlatform);
  return `${device.replace(" (one core)", "")} with fused kernels on ${threads} ${threads === 1 ? "thread" : "threads"}`;
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

/** The engines that are installed, whether or not there is a GPU for them. */
function installedEngines(): EngineName[] {
  const isHere = { webgpu: isDawnInstalled, tensorflow: () => builtFrom() !== undefined, wasm: () => true };
  return ENGINES.filter((name) => isHere[name]());
}

/** The engines that this machine can walk on. */
export function presentEngines(): EngineName[] {
  return installedEngines().filter((name) => name !== "webgpu");
}

/** The engines that this machine can train on. */
export async function trainingEngines(): Promise<EngineName[]> {
  const installed = installedEngines();
  const hasGpu = installed.includes("webgpu") && "device" in (await findAdapter());
  return installed.filter((name) => name !== "webgpu" || hasGpu);
}

async function openTensorflow(workload: Workload): Promise<{ version: string; device: string }> {
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
  if (workload !== "products") {
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
      : `CPU (${workload === "products" ? "all cores" : "one thread an operation"})`,
  };
}

async function openWasm(): Promise<{ version: string; device: string }> {
  const events = ["uncaughtException", "unhandledRejection"] as const;
  const before = events.map((event) => process.listeners(event as "uncaughtException"));
  const { startWasm } = await import("./wasm.ts");
  const version = await startWasm();
  // The compiled module listens for every crash of the process, only to print its own source: stop it.
  events.forEach((event, i) => {
    for (const listener of process.listeners(event as "uncaughtException"))
      if (!before[i]!.includes(listener)) process.removeListener(event, listener);
  });
  return { version, device: "CPU (one core)" };
}

/** What was built: the folder of the unpacked library, and the bytes of each file that is loaded, by paths within the package. */
interface BuildNote {
  unpacked: string;
  bytes: Record<string, number>;
}

/** The note that stands beside a binding once it is built. */
export function noteFile(): string {
  return join(tensorflowPackage(), "lib", "linked-to");
}

/** The note for the binding and the library as they are now. A file that is cut short later kills a process that loads it. */
export function buildNote(unpacked: string): BuildNote {
  const home = tensorflowPackage();
  const libraries = ["cc", "framework"].map((kind) => join("deps", "lib", `libtensorflow_${kind}.so.2`));
  const files = [relative(home, bindingFile()), ...libraries];
  return {
    unpacked: relative(home, unpacked),
    bytes: Object.fromEntries(files.map((file) => [file, statSync(join(home, file)).size])),
  };
}

/** The folder of the unpacked library that the binding was built from, if both are still whole. */
export function builtFrom(): string | undefined {
  try {
    const home = tensorflowPackage();
    const text = readFileSync(noteFile(), "utf8");
    if (!text.startsWith("{")) return existsSync(bindingFile()) ? text : undefined; // an older note is the folder alone
    const { unpacked, bytes } = JSON.parse(text) as BuildNote;
    const isWhole = Object.entries(bytes).every(([file, size]) => statSync(join(home, file)).size === size);
    return isWhole ? resolve(home, unpacked) : undefined;
  } catch {
    return undefined;
  }
}

/** Where tfjs-node-gpu expects its compiled binding. */
export function bindingFile(): string {
  return join(tensorflowPackage(), "lib", "napi-v8", "tfjs_binding.node");
}

/** The folder of the installed tfjs-node-gpu. */
export function tensorflowPackage(): string {
  return dirname(require.resolve("@tensorflow/tfjs-node-gpu/package.json"));
}
