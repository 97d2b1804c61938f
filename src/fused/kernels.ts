/** The kernels of kernels.wasm by their numbers in assembly/tasks.ts, and the sizes that both sides must know. */
export const KERNEL = {
  product: 0,
  dotProducts: 1,
  gatedSum: 2,
  initial: 3,
  initialBack: 4,
  rollout: 5,
  rolloutBack: 6,
  step: 7,
  uses: 8,
  transitionBack: 9,
  mean: 10,
  fillRows: 11,
  addRows: 12,
  pack: 13,
  separation: 14,
  pull: 15,
  cells: 16,
  near: 17,
  ratios: 18,
  isometryBack: 19,
  squares: 20,
  combine: 21,
  finite: 22,
  adamw: 23,
} as const;
export type Kernel = (typeof KERNEL)[keyof typeof KERNEL];

/** Columns of a product, places of its inner axis, numbers of a tensor, states of L1, of L2 and of others that one task takes. */
export const COLUMNS = 64;
export const STRETCH = 256;
export const CHUNK = 2 ** 14;
export const BLOCK = 48;
export const STATES = 64;
export const ROWS = 64;
/** Units are filled up to a multiple of this for L1. */
export const PANEL = 8;
