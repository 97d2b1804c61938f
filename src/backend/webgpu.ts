import { spawnSync } from "node:child_process";
import * as tf from "@tensorflow/tfjs-core";
import { InputError } from "../io/error.ts";
import { DAWN_NAME, loadDawn, type Adapter, type Gpu } from "./dawn.ts";
import { startWebgpu } from "./webgpu-start.ts";

/** What an adapter of WebGPU is, for people. */
function describeAdapter({ info }: Adapter): string {
  const name = info.description || info.device || "an adapter without a name";
  const kind = [info.vendor, info.architecture, ...(isSoftware({ info }) ? ["software"] : [])].filter(Boolean);
  return `${name} (${kind.join(", ")})`;
}

/** Whether an adapter computes on the CPU. Dawn says so of every driver that Vulkan calls a CPU. */
function isSoftware({ info }: Adapter): boolean {
  return info.isFallbackAdapter === true || /swiftshader|llvmpipe|lavapipe|warp/i.test(info.architecture);
}

/**
 * Dawn's fastest adapter. Throws an InputError that names the mend where there is none, and where there is only one that computes on
 * the CPU, which is taken with SIC_SOFTWARE_GPU=1 in the environment alone.
 */
async function usableAdapter(gpu: Gpu): Promise<Adapter> {
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (adapter === null) throw new InputError(`webgpu finds no GPU: ${mendOfDriver()}`);
  if (isSoftware(adapter) && process.env["SIC_SOFTWARE_GPU"] !== "1")
    throw new InputError(
      `webgpu finds only ${describeAdapter(adapter)}, which computes on the CPU and is slower than wasm; ` +
        "SIC_SOFTWARE_GPU=1 takes it all the same",
    );
  return adapter;
}

/** What is missing for Dawn to find a GPU. */
function mendOfDriver(): string {
  if (process.platform !== "linux") return "expected a GPU with a driver for Metal or Direct3D 12";
  const known = spawnSync("ldconfig", ["-p"], { encoding: "utf8" });
  const loader = known.status !== 0 || known.stdout.includes("libvulkan.so.1");
  if (!loader) return "Vulkan's loader libvulkan.so.1 is not installed (Debian: apt-get install libvulkan1)";
  const asked = process.env["VK_DRIVER_FILES"] ?? process.env["VK_ICD_FILENAMES"];
  return asked === undefined
    ? "no driver of Vulkan answers; expected the driver of a card (`vulkaninfo --summary` lists what Vulkan sees)"
    : `the driver of Vulkan that the environment names, ${asked}, does not answer, or lacks what WebGPU needs`;
}

/** The engine's adapter for people, if openWebgpu would take it; the reason if it would not. Dawn has to be installed. */
export async function findAdapter(): Promise<{ device: string } | { reason: string }> {
  try {
    return { device: describeAdapter(await usableAdapter(await loadDawn())) };
  } catch (error) {
    return { reason: (error as Error).message };
  }
}

/** Makes tfjs compute on WebGPU. Throws as `usableAdapter` does. */
export async function openWebgpu(): Promise<{ version: string; device: string }> {
  const adapter = await usableAdapter(await loadDawn());
  // tfjs looks for a browser's navigator while it starts. The object that Dawn gives would keep the process alive.
  const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  const gpu: Gpu = { requestAdapter: () => Promise.resolve(adapter) };
  Object.defineProperty(globalThis, "navigator", { value: { gpu }, configurable: true });
  try {
    await startWebgpu();
  } finally {
    if (before === undefined) delete (globalThis as { navigator?: unknown }).navigator;
    else Object.defineProperty(globalThis, "navigator", before);
  }
  return { version: tf.version_core, device: `${describeAdapter(adapter)} by ${DAWN_NAME}` };
}
