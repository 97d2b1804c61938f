/** What is used of a browser's WebGPU. */
interface Gpu {
  requestAdapter: () => Promise<Adapter | null>;
}

interface Adapter {
  info: { vendor: string; architecture: string; description: string; isFallbackAdapter?: boolean };
}

/** The browser's adapter of WebGPU; undefined where it has none. */
export async function findAdapter(): Promise<Adapter | undefined> {
  return (await (navigator as { gpu?: Gpu }).gpu?.requestAdapter()) ?? undefined;
}

/** Whether the browser has a GPU, and not only a program that computes like one on the CPU. */
export async function hasGpu(): Promise<boolean> {
  const info = (await findAdapter())?.info;
  return info !== undefined && info.isFallbackAdapter !== true && info.architecture !== "swiftshader";
}
