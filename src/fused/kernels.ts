/** The kernels of kernels.wasm by their numbers in assembly/tasks.ts, and the sizes that both sides must know. */
export const KERNEL = {
  product: 0,
  dotProducts: 1,
  gatedSum: 2,
  rollout: 3,
  rolloutBack: 4,
  transitionBack: 5,
  pack: 6,
  separation: 7,
  pull: 8,
  squares: 9,
  scale: 10,
  adamw: 11,
  invariance: 12,
} as const;
export type Kernel = (typeof KERNEL)[keyof typeof KERNEL];

/** Columns of a product, places of its inner axis, numbers of a tensor, states of L1 and states of L2 that one task takes. */
export const COLUMNS = 64;
export const STRETCH = 256;
export const CHUNK = 2 ** 14;
export const BLOCK = 48;
export const STATES = 64;
/** Units are filled up to a multiple of this for L1. */
export const PANEL = 8;
