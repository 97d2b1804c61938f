import * as tf from "@tensorflow/tfjs-core";

/** Sides of the matrices that are multiplied: the largest, unless one product of smaller ones takes longer than this. */
const SIDES = [128, 256, 512, 1024];
const LONGEST_MS = 100;

/** Billions of float32 operations a second in products of two square matrices on the engine in use, the best of a few runs. */
export async function matrixProductGflops(products = 5): Promise<number> {
  let best = 0;
  for (const n of SIDES) {
    const operations = 2 * n ** 3;
    await timeOfProducts(n, 1); // compiles what the engine has to compile
    const once = await timeOfProducts(n, 1);
    best = operations / once / 1e6;
    if (n < SIDES.at(-1)! && once < LONGEST_MS) continue;
    for (let run = 0; run < 3; run++)
      best = Math.max(best, (operations * products) / (await timeOfProducts(n, products)) / 1e6);
    break;
  }
  return best;
}

/** Milliseconds that some products of n x n matrices take, one after the other. */
async function timeOfProducts(n: number, products: number): Promise<number> {
  const started = performance.now();
  const corner = tf.tidy(() => {
    const a = tf.fill([n, n], 1 / n);
    let x: tf.Tensor = a;
    for (let i = 0; i < products; i++) x = tf.matMul(x, a);
    return tf.slice(x, [0, 0], [1, 1]);
  });
  const [value] = await corner.data();
  corner.dispose();
  if (Math.abs(value! * n - 1) > 1e-4) throw new Error(`a matrix product is off: ${value!}; expected ${1 / n}`);
  return performance.now() - started;
}
