import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { openEngine } from "../../src/backend/engines.ts";

beforeAll(async () => {
  await openEngine("wasm");
});

const size = fc.integer({ min: 1, max: 5 });
/** Values that tell every place apart. */
const counted = (shape: number[]): tf.Tensor => tf.reshape(tf.range(1, 1 + shape.reduce((a, b) => a * b, 1)), shape);

function plainProduct(a: number[][], b: number[][]): number[][] {
  return a.map((row) => b[0]!.map((_, j) => row.reduce((s, x, k) => s + x * b[k]![j]!, 0)));
}
const transposed = (m: number[][]): number[][] => m[0]!.map((_, j) => m.map((row) => row[j]!));

describe("the wasm engine's replaced kernels", () => {
  // Kills: a transposition forgotten or done twice, matrices of a batch mixed up.
  test("matrix products, transposed or not, single or in batches", () => {
    fc.assert(
      fc.property(
        size,
        size,
        size,
        fc.integer({ min: 0, max: 4 }),
        fc.boolean(),
        fc.boolean(),
        (m, k, n, batch, ta, tb) => {
          tf.tidy(() => {
            const lead = batch === 0 ? [] : [batch];
            const a = counted([...lead, ...(ta ? [k, m] : [m, k])]);
            const b = counted([...lead, ...(tb ? [n, k] : [k, n])]);
            const got = tf.matMul(a, b, ta, tb).arraySync();
            const one = (x: number[][], y: number[][]): number[][] =>
              plainProduct(ta ? transposed(x) : x, tb ? transposed(y) : y);
            const [x, y] = [a.arraySync(), b.arraySync()] as [number[][][], number[][][]];
            expect(got).toEqual(batch === 0 ? one(x as never, y as never) : x.map((xi, i) => one(xi, y[i]!)));
          });
        },
      ),
    );
  });

  // Kills: a row's width taken for another axis's.
  test("rows gathered along the first axis", () => {
    fc.assert(
      fc.property(size, size, size, fc.array(fc.nat(), { minLength: 1, maxLength: 6 }), (n, a, b, picks) => {
        tf.tidy(() => {
          const x = counted([n, a, b]);
          const rows = picks.map((p) => p % n);
          const all = x.arraySync() as number[][][];
          expect(tf.gather(x, tf.tensor1d(rows, "int32")).arraySync()).toEqual(rows.map((r) => all[r]));
        });
      }),
    );
    expect(() => tf.gather(counted([2, 2]), tf.tensor1d([2], "int32"))).toThrow("gather index 2 is not in 0..1");
  });

  // Kills: a whole-row copy where only part of a row was asked for; parts of another axis.
  test("slices and splits along any axis", () => {
    fc.assert(
      fc.property(size, size, fc.nat(), fc.nat(), fc.constantFrom(0, 1), (n, m, from, length, axis) => {
        tf.tidy(() => {
          const x = counted([n, m]);
          const all = x.arraySync() as number[][];
          const extent = [n, m][axis]!;
          const start = from % extent;
          const count = 1 + (length % (extent - start));
          const begin = [0, 0].with(axis, start);
          const got = tf.slice(x, begin, [n, m].with(axis, count)).arraySync();
          expect(got).toEqual(
            axis === 0 ? all.slice(start, start + count) : all.map((row) => row.slice(start, start + count)),
          );
          const parts = tf.split(x, extent, axis).map((part) => part.arraySync());
          expect(parts).toEqual(
            Array.from({ length: extent }, (_, i) => (axis === 0 ? [all[i]] : all.map((row) => [row[i]]))),
          );
        });
      }),
    );
  });

  // Kills: a temporary of the batch product that is never freed.
  test("no memory is left behind by a product of batches", () => {
    const products = (): void => {
      for (let i = 0; i < 200; i++)
        tf.tidy(() =>
          tf.matMul(counted([4, 3, 5]) as tf.Tensor3D, counted([4, 3, 5]) as tf.Tensor3D, true, false),
        ).dispose();
    };
    products();
    const before = tf.engine().backend.numDataIds();
    products();
    expect(tf.engine().backend.numDataIds()).toBe(before);
  });
});
