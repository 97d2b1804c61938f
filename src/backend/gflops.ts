import * as tf from "@tensorflow/tfjs-core";

/** Billions of float32 operations a second in products of two n x n matrices on the engine in use, the best of a few runs. */
export async function matrixProductGflops(n = 1024, products = 5): Promise<number> {
  const a = tf.fill([n, n], 1 / n);
  let best = 0;
  for (let run = 0; run < 3; run++) {
    const started = performance.now();
    const corner = tf.tidy(() => {
      let x: tf.Tensor = a;
      for (let i = 0; i < products; i++) x = tf.matMul(x, a);
      return tf.slice(x, [0, 0], [1, 1]);
    });
    const [value] = await corner.data();
    corner.dispose();
    if (Math.abs(value! * n - 1) > 1e-4) throw new Error(`a matrix product is off: ${value!}; expected ${1 / n}`);
    best = Math.max(best, (2 * n ** 3 * products) / (performance.now() - started) / 1e6);
  }
  a.dispose();
  return best;
}
