import { getFloat16 } from "@petamoriken/float16";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../../src/io/error.ts";
import { readFloat16 } from "../../src/io/float16.ts";
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from "../../src/io/safetensors.ts";

const tensor = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }).chain((shape) => {
  const size = shape.reduce((a, b) => a * b, 1);
  return fc.float32Array({ minLength: size, maxLength: size }).map((values): StoredTensor => ({ shape, values }));
});
const names = fc.string({ minLength: 1 }).filter((name) => name !== "__metadata__" && name !== "__proto__");

/** A file with any header and any bytes behind it. */
function fileOf(header: unknown, data: number): Buffer {
  const json = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([prefix, json, Buffer.alloc(data)]);
}
const one = (begin: number, end: number): object => ({
  dtype: "F32",
  shape: [(end - begin) / 4],
  data_offsets: [begin, end],
});
const files = fc.dictionary(names, tensor, { maxKeys: 5 });

describe("safetensors", () => {
  // Kills: big endian, offsets off by one tensor, a shape lost, a header that is not padded.
  test("what is written is read back, bit for bit", () => {
    fc.assert(
      fc.property(files, fc.dictionary(names, fc.string()), (tensors, metadata) => {
        const bytes = Buffer.from(encodeSafetensors(tensors, metadata));
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
        const half = Buffer.from(encodeSafetensors(tensors, {}, "F16"));
        const read = decodeSafetensors(half, "file").tensors["a"]!;
        expect(half.length - 8 - Number(half.readBigUInt64LE())).toBe(2 * list.length);
        list.forEach((x, i) => {
          expect(Math.abs(read.values[i]! - x)).toBeLessThanOrEqual(Math.max(2 ** -11 * Math.abs(x), 2 ** -25));
        });
      }),
    );
  });

  // Kills: a reader that trusts lengths, offsets or types.
  // Kills: a table by bytes in the other order, a sign lost, numbers below the normal ones read as 0.
  test("F16 of any bits is read as the library reads it, in both orders of bytes", () => {
    const view = new DataView(new ArrayBuffer(2));
    for (let bits = 0; bits < 2 ** 16; bits++) {
      view.setUint16(0, bits);
      for (const littleEndian of [false, true])
        if (!Object.is(readFloat16(view, 0, littleEndian), getFloat16(view, 0, littleEndian)))
          expect.fail(`bits ${bits}, ${littleEndian ? "little" : "big"} endian`);
    }
  });

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

  // Kills: a reader that takes one byte for two tensors, passes over bytes, or makes a header's numbers into texts; one that takes a
  // tensor's name for a prototype, keeps one of two tensors of a name in silence, or walks a deep header until the stack ends.
  test.each([
    ["overlapping ranges", { a: one(0, 8), b: one(4, 12) }, 12, "b has bytes 4..12 of 12, and 8 was the next free one"],
    ["one range twice", { a: one(0, 8), b: one(0, 8) }, 8, "b has bytes 0..8 of 8, and 8 was the next free one"],
    ["a hole", { a: one(0, 4), b: one(8, 12) }, 12, "b has bytes 8..12 of 12, and 4 was the next free one"],
    ["a range behind the end", { a: one(0, 16) }, 12, "a has bytes 0..16 of 12"],
    ["bytes of no tensor", {}, 4, "4 bytes belong to no tensor"],
    [
      "a range that runs back",
      { a: { dtype: "F32", shape: [0], data_offsets: [4, 0] } },
      0,
      "a of shape [0] has bytes 4..0",
    ],
    ["metadata of numbers", { __metadata__: { step: 3 } }, 0, "__metadata__ is not an object of texts"],
    ["metadata that is a list", { __metadata__: [] }, 0, "__metadata__ is not an object of texts"],
    [
      "a size that is no whole number",
      { a: { dtype: "F32", shape: [0.5, 2], data_offsets: [0, 4] } },
      4,
      "a has no shape",
    ],
    [
      "sizes whose product is no number",
      { a: { dtype: "F32", shape: [2 ** 50, 2 ** 50], data_offsets: [0, 4] } },
      4,
      "a of shape",
    ],
    [
      "a name twice",
      `{"a":${JSON.stringify(one(0, 4))},"a":${JSON.stringify(one(0, 4))}}`,
      4,
      'the header: the key "a" stands twice',
    ],
    ["a header that does not begin with a brace", " {}", 0, "the header is no JSON object"],
    ["a header that is a list", "[]", 0, "the header is no JSON object"],
    [
      "a header that is nested deeply",
      `{"a":${"[".repeat(20_000)}${"]".repeat(20_000)}}`,
      0,
      "the header is nested more than 64 levels deep",
    ],
    ["another type", { a: { dtype: "BF16", shape: [2], data_offsets: [0, 4] } }, 4, 'a has dtype "BF16"'],
    [
      "a type of an object's own",
      { a: { dtype: "toString", shape: [1], data_offsets: [0, 4] } },
      4,
      'a has dtype "toString"',
    ],
  ] as [string, unknown, number, string][])("%s: an InputError", (_, header, data, says) => {
    expect(() => decodeSafetensors(fileOf(header, data), "file")).toThrow(InputError);
    expect(() => decodeSafetensors(fileOf(header, data), "file")).toThrow(`file: ${says}`);
  });

  test("ranges may stand in any order, and a name may be any text", () => {
    const text = `{"__proto__":${JSON.stringify(one(4, 8))},"a":${JSON.stringify(one(0, 4))},"b":${JSON.stringify(one(4, 4))}}  `;
    const { tensors } = decodeSafetensors(fileOf(text, 8), "file");
    expect(Object.keys(tensors)).toEqual(["__proto__", "a", "b"]);
    expect(Object.getPrototypeOf(tensors)).toBe(Object.prototype);
  });

  // Kills: weights that become infinite on their way into float16.
  test("a value that float16 does not hold is refused by name", () => {
    const tensors = { a: { shape: [2], values: Float32Array.of(1, -70_000) } };
    expect(() => encodeSafetensors(tensors, {}, "F16")).toThrow("a[1] is -70000; expected at most 65504 in size");
    expect(() => encodeSafetensors(tensors)).not.toThrow();
  });
});
