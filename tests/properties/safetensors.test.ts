import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../../src/io/error.ts";
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from "../../src/io/safetensors.ts";

const tensor = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }).chain((shape) => {
  const size = shape.reduce((a, b) => a * b, 1);
  return fc.float32Array({ minLength: size, maxLength: size }).map((values): StoredTensor => ({ shape, values }));
});
const names = fc.string({ minLength: 1 }).filter((name) => name !== "__metadata__" && name !== "__proto__");
const files = fc.dictionary(names, tensor, { maxKeys: 5 });

describe("safetensors", () => {
  // Kills: big endian, offsets off by one tensor, a shape lost, a header that is not padded.
  test("what is written is read back, bit for bit", () => {
    fc.assert(
      fc.property(files, fc.dictionary(names, fc.string()), (tensors, metadata) => {
        const bytes = encodeSafetensors(tensors, metadata);
        expect(bytes.readBigUInt64LE() % 8n).toBe(0n);
        const read = decodeSafetensors(bytes, "file");
        expect(read.metadata).toEqual(metadata);
        expect(Object.keys(read.tensors)).toEqual(Object.keys(tensors));
        for (const [name, { shape, values }] of Object.entries(tensors)) {
          expect(read.tensors[name]!.shape).toEqual(shape);
          expect(new Uint32Array(read.tensors[name]!.values.buffer)).toEqual(new Uint32Array(values.slice().buffer));
        }
      }),
    );
  });

  // Kills: F16 read as F32 or the other way round, four bytes kept for each, truncation in place of rounding.
  test("F16 keeps a value to 11 bits, in half the bytes", () => {
    const value = fc.float({ min: Math.fround(-60_000), max: 60_000, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 20 }), (list) => {
        const tensors = { a: { shape: [list.length], values: Float32Array.from(list) } };
        const half = encodeSafetensors(tensors, {}, "F16");
        const read = decodeSafetensors(half, "file").tensors["a"]!;
        expect(half.length - 8 - Number(half.readBigUInt64LE())).toBe(2 * list.length);
        list.forEach((x, i) => {
          expect(Math.abs(read.values[i]! - x)).toBeLessThanOrEqual(Math.max(2 ** -11 * Math.abs(x), 2 ** -25));
        });
      }),
    );
  });

  // Kills: a reader that trusts lengths, offsets or types.
  test("a truncated, lengthened or foreign file is an InputError, never a crash or wrong values", () => {
    const whole = encodeSafetensors({
      a: { shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) },
      b: { shape: [], values: Float32Array.of(5) },
    });
    for (let cut = 0; cut < whole.length; cut++)
      expect(() => decodeSafetensors(whole.subarray(0, cut), "file")).toThrow(InputError);
    expect(() => decodeSafetensors(Buffer.concat([whole, Buffer.alloc(4)]), "file")).toThrow(
      "4 bytes belong to no tensor",
    );
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const spoilt = Buffer.from(whole);
        spoilt[at] = byte;
        try {
          decodeSafetensors(spoilt, "file");
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(() => decodeSafetensors(Buffer.from(bytes), "file")).toThrow(InputError);
      }),
    );
  });
});
