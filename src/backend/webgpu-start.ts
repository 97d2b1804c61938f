import * as tf from "@tensorflow/tfjs-core";
import { replaceFaultyKernels } from "./webgpu-kernels.ts";

interface ErrorSource {
  addEventListener(kind: "uncapturederror", listener: (event: { error: Error }) => void): void;
}

/** Makes tfjs compute on the WebGPU of the global navigator, of Node or of a browser. Throws where it does not start. */
export async function startWebgpu(): Promise<void> {
  await import("@tensorflow/tfjs-backend-webgpu");
  if (!(await tf.setBackend("webgpu"))) throw new Error("tfjs-backend-webgpu does not start");
  const { device } = tf.backend() as unknown as { device: ErrorSource };
  // An operation that WebGPU refuses leaves its result as it was, and WebGPU only tells.
  device.addEventListener("uncapturederror", ({ error }) => {
    throw new Error(`WebGPU refused an operation: ${error.message}`);
  });
  replaceFaultyKernels();
}
