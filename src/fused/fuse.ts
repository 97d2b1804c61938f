import { fuse } from "../fusable/fusable.ts";
import type { rollout, transition } from "../model/network.ts";
import type { farSum, nearSum } from "../model/pairs.ts";
import type { adamw, clipByGlobalNorm } from "../train/optimiser.ts";
import { Operands } from "./operands.ts";
import { fusedAdamw, fusedClip } from "./optimiser.ts";
import { fusedFarSum, fusedNearSum } from "./pairs.ts";
import { fusedRollout } from "./rollout.ts";
import { Threads, type Platform } from "./threads.ts";
import { fusedTransition } from "./transition.ts";

let operands: Operands | undefined;

/**
 * From now on that engine computes the model's and the optimiser's functions by fused kernels, on every thread of the platform.
 * Returns how many threads there are. Throws where WebAssembly lacks what the kernels need.
 */
export function fuseKernels(engine: string, platform: () => Platform): number {
  const all = (operands ??= new Operands(new Threads(platform())));
  fuse<typeof transition>(engine, "transition", (...args) => fusedTransition(all, ...args));
  fuse<typeof rollout>(engine, "rollout", (...args) => fusedRollout(all, ...args));
  fuse<typeof farSum>(engine, "farSum", (...args) => fusedFarSum(all, ...args));
  fuse<typeof nearSum>(engine, "nearSum", (...args) => fusedNearSum(all, ...args));
  fuse<typeof clipByGlobalNorm>(engine, "clipByGlobalNorm", (...args) => fusedClip(all, ...args));
  fuse<typeof adamw>(engine, "adamw", (...args) => fusedAdamw(all, ...args));
  return all.threads.count;
}
