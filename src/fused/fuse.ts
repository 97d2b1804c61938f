import { fuse } from "../fusable/fusable.ts";
import type { move } from "../model/network.ts";
import type { accumulate, adamw, clipByGlobalNorm, zeroIfFinite } from "../train/optimiser.ts";
import type { lossesAndGradients } from "../train/training.ts";
import { farPullByProducts } from "./far-products.ts";
import { fusedLossesAndGradients } from "./gradients.ts";
import { KernelMemory, MemoryFull } from "./memory.ts";
import { fusedAccumulate, fusedAdamw, fusedClip, fusedZeroIfFinite } from "./optimiser.ts";
import { farPull } from "./pairs.ts";
import { Threads, type Platform } from "./threads.ts";
import { fusedMove } from "./walk.ts";

let memory: KernelMemory | undefined;

/**
 * From now on that engine computes a training step and a walker's step by fused kernels, on every thread of the platform.
 * Returns how many threads there are. Throws where WebAssembly lacks what the kernels need.
 */
export function fuseKernels(engine: string, platform: () => Platform): number {
  const kernels = (memory ??= new KernelMemory(new Threads(platform())));
  /** Computes a function by kernels; as it reads, where their memory cannot hold it. */
  const replace = <F extends (...args: never[]) => unknown>(
    name: string,
    byKernels: (memory: KernelMemory, ...args: Parameters<F>) => ReturnType<F>,
  ): void => {
    fuse<F>(engine, name, (...args) => {
      try {
        return kernels.during(() => byKernels(kernels, ...args));
      } catch (error) {
        if (error instanceof MemoryFull) return undefined;
        throw error;
      }
    });
  };
  const far = engine === "tensorflow" ? farPullByProducts : farPull;
  replace<typeof lossesAndGradients>("lossesAndGradients", (...args) => fusedLossesAndGradients(far, ...args));
  replace<typeof accumulate>("accumulate", fusedAccumulate);
  replace<typeof clipByGlobalNorm>("clipByGlobalNorm", fusedClip);
  replace<typeof adamw>("adamw", fusedAdamw);
  replace<typeof zeroIfFinite>("zeroIfFinite", fusedZeroIfFinite);
  replace<typeof move>("move", fusedMove);
  return kernels.threads.count;
}
