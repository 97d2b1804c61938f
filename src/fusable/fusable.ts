import * as tf from "@tensorflow/tfjs-core";

type AnyFunction = (...args: never[]) => unknown;

/** What engines compute in place of readable functions, by engine and function. */
const fused = new Map<string, AnyFunction>();
let reading = false;

/**
 * A function as it reads, which the engine in use may compute in one go instead, by a fused kernel that gives the same numbers.
 * With SIC_FUSED=0 in the environment no engine does.
 */
export function fusable<F extends AnyFunction>(name: string, readable: F): F {
  return ((...args) => {
    const kernel = reading ? undefined : fused.get(`${tf.getBackend()} ${name}`);
    return kernel?.(...args) ?? readable(...args);
  }) as F;
}

/**
 * From now on that engine computes the function of that name by a replacement, or as it reads where the replacement gives
 * undefined.
 */
export function fuse<F extends AnyFunction>(
  engine: string,
  name: string,
  replacement: (...args: Parameters<F>) => ReturnType<F> | undefined,
): void {
  fused.set(`${engine} ${name}`, replacement);
}

/** Does some work with all functions as they read. */
export function asItReads<T>(work: () => T): T {
  reading = true;
  try {
    return work();
  } finally {
    reading = false;
  }
}
