import { setFloat16 } from "@petamoriken/float16";
import { InputError } from "./error.ts";
import { readFloat16 } from "./float16.ts";
import { parseJson } from "./json.ts";

/** A named tensor, flat, row by row. */
export interface StoredTensor {
  shape: number[];
  values: Float32Array;
}

const PREFIX = 8;
const LARGEST_HEADER = 100_000_000;

/** How values are stored: bytes each, and how to write and read one in little endian. */
const DTYPES = {
  F32: {
    bytes: 4,
    write: (view: DataView, at: number, value: number): void => {
      view.setFloat32(at, value, true);
    },
    read: (view: DataView, at: number): number => view.getFloat32(at, true),
  },
  F16: {
    bytes: 2,
    write: (view: DataView, at: number, value: number): void => {
      setFloat16(view, at, value, true);
    },
    read: (view: DataView, at: number): number => readFloat16(view, at, true),
  },
};
type Dtype = keyof typeof DTYPES;

/**
 * Tensors as a safetensors file: eight bytes with the length of a JSON header, the header (for each tensor its dtype, shape and
 * byte range, plus metadata), the values in little endian; F16 rounds them. Same tensors, same bytes.
 * Throws an InputError that names the tensor if a finite value has no finite F16.
 */
export function encodeSafetensors(
  tensors: Record<string, StoredTensor>,
  metadata: Record<string, string> = {},
  dtype: Dtype = "F32",
): Uint8Array {
  const { bytes, write, read } = DTYPES[dtype];
  const header: Record<string, unknown> = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  let offset = 0;
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    header[name] = { dtype, shape, data_offsets: [offset, offset + bytes * values.length] };
    offset += bytes * values.length;
  }
  const text = JSON.stringify(header);
  const json = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 8) * 8, " "));
  const file = new Uint8Array(PREFIX + json.length + offset);
  const view = new DataView(file.buffer);
  view.setBigUint64(0, BigInt(json.length), true);
  file.set(json, PREFIX);
  let at = PREFIX + json.length;
  for (const [name, { values }] of Object.entries(tensors))
    values.forEach((value, i) => {
      write(view, at, value);
      if (Math.abs(value) < Infinity && Math.abs(read(view, at)) === Infinity)
        throw new InputError(
          `${name}[${i}] is ${value}; expected at most 65504 in size, the largest number of ${dtype}`,
        );
      at += bytes;
    });
  return file;
}

/** What the header says of one tensor. */
interface Entry {
  name: string;
  dtype: Dtype;
  shape: number[];
  /** Its bytes, counted from the end of the header. */
  begin: number;
  end: number;
}

/**
 * The tensors, as float32, and metadata of a safetensors file with F32 or F16 tensors. The file is read as its specification says: a
 * header that begins with a brace and has no key twice, metadata of strings, and every byte behind it in exactly one tensor.
 * Throws an InputError that names `from` and what is wrong.
 */
export function decodeSafetensors(
  bytes: Uint8Array,
  from: string,
): { tensors: Record<string, StoredTensor>; metadata: Record<string, string> } {
  const wrong = (what: string): InputError =>
    new InputError(`${from}: ${what}; expected a whole safetensors file with F32 or F16 tensors`);
  if (bytes.length < PREFIX) throw wrong(`${bytes.length} bytes`);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (length > LARGEST_HEADER || Number(length) + PREFIX > bytes.length)
    throw wrong(`a header of ${length} bytes in a file of ${bytes.length}`);
  const data = bytes.subarray(PREFIX + Number(length));
  const header = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(PREFIX, PREFIX + Number(length)));
  const { __metadata__: metadata = {}, ...rest } = headerOf(header, wrong);
  if (!isTexts(metadata)) throw wrong("__metadata__ is not an object of texts");

  const entries = Object.entries(rest).map(([name, entry]) => entryOf(name, entry, wrong));
  let end = 0;
  for (const entry of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (entry.begin !== end || entry.end > data.length)
      throw wrong(
        `${entry.name} has bytes ${entry.begin}..${entry.end} of ${data.length}, and ${end} was the next free one`,
      );
    end = entry.end;
  }
  if (end !== data.length) throw wrong(`${data.length - end} bytes belong to no tensor`);
  return { tensors: Object.fromEntries(entries.map((entry) => [entry.name, tensorOf(entry, data)])), metadata };
}

function headerOf(text: string, wrong: (what: string) => InputError): Record<string, unknown> {
  if (!text.startsWith("{")) throw wrong("the header is no JSON object");
  try {
    return parseJson(text, "the header") as Record<string, unknown>;
  } catch (error) {
    throw wrong((error as InputError).message);
  }
}

function entryOf(name: string, entry: unknown, wrong: (what: string) => InputError): Entry {
  const {
    dtype,
    shape,
    data_offsets: range,
  } = (entry ?? {}) as { dtype?: unknown; shape?: unknown; data_offsets?: unknown };
  if (!isDtype(dtype)) throw wrong(`${name} has dtype ${JSON.stringify(dtype)}`);
  if (!isSizes(shape) || !isSizes(range) || range.length !== 2) throw wrong(`${name} has no shape or no byte range`);
  const [begin, end] = range as [number, number];
  if (end - begin !== DTYPES[dtype].bytes * sizeOf(shape))
    throw wrong(`${name} of shape [${shape.join(", ")}] has bytes ${begin}..${end}`);
  return { name, dtype, shape, begin, end };
}

/** Numbers in a tensor. */
function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

function tensorOf({ dtype, shape, begin, end }: Entry, data: Uint8Array): StoredTensor {
  const { bytes, read } = DTYPES[dtype];
  const view = new DataView(data.buffer, data.byteOffset + begin, end - begin);
  const values = new Float32Array(sizeOf(shape));
  for (let i = 0; i < values.length; i++) values[i] = read(view, bytes * i);
  return { shape, values };
}

function isTexts(value: unknown): value is Record<string, string> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((text) => typeof text === "string")
  );
}

function isDtype(value: unknown): value is Dtype {
  return typeof value === "string" && Object.hasOwn(DTYPES, value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && (n as number) >= 0);
}
