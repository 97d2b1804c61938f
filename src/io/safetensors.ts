import { getFloat16, setFloat16 } from "@petamoriken/float16";
import { InputError } from "./error.ts";

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
    read: (view: DataView, at: number): number => getFloat16(view, at, true),
  },
};
type Dtype = keyof typeof DTYPES;

/**
 * Tensors as a safetensors file: eight bytes with the length of a JSON header, the header (for each tensor its dtype, shape and
 * byte range, plus metadata), the values in little endian; F16 rounds them. Same tensors, same bytes.
 */
export function encodeSafetensors(
  tensors: Record<string, StoredTensor>,
  metadata: Record<string, string> = {},
  dtype: Dtype = "F32",
): Buffer {
  const { bytes, write } = DTYPES[dtype];
  const header: Record<string, unknown> = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  let offset = 0;
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    header[name] = { dtype, shape, data_offsets: [offset, offset + bytes * values.length] };
    offset += bytes * values.length;
  }
  const text = JSON.stringify(header);
  const json = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8, " "), "utf8");
  const prefix = Buffer.alloc(PREFIX);
  prefix.writeBigUInt64LE(BigInt(json.length));
  const data = Object.values(tensors).map(({ values }) => {
    const view = new DataView(new ArrayBuffer(bytes * values.length));
    values.forEach((value, i) => {
      write(view, bytes * i, value);
    });
    return Buffer.from(view.buffer);
  });
  return Buffer.concat([prefix, json, ...data]);
}

/** The tensors, as float32, and metadata of a safetensors file with F32 or F16 tensors. Throws an InputError that names `from` and what is wrong. */
export function decodeSafetensors(
  bytes: Buffer,
  from: string,
): { tensors: Record<string, StoredTensor>; metadata: Record<string, string> } {
  const wrong = (what: string): InputError =>
    new InputError(`${from}: ${what}; expected a whole safetensors file with F32 or F16 tensors`);
  if (bytes.length < PREFIX) throw wrong(`${bytes.length} bytes`);
  const length = bytes.readBigUInt64LE(0);
  if (length > LARGEST_HEADER || Number(length) + PREFIX > bytes.length)
    throw wrong(`a header of ${length} bytes in a file of ${bytes.length}`);
  const data = bytes.subarray(PREFIX + Number(length));
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const header = parseHeader(bytes.toString("utf8", PREFIX, PREFIX + Number(length)));
  if (!header) throw wrong("the header is no JSON object");

  const tensors: Record<string, StoredTensor> = {};
  let metadata: Record<string, string> = {};
  let end = 0;
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") {
      metadata = entry as Record<string, string>;
      continue;
    }
    const {
      dtype,
      shape,
      data_offsets: range,
    } = (entry ?? {}) as { dtype?: unknown; shape?: unknown; data_offsets?: unknown };
    if (!isDtype(dtype)) throw wrong(`${name} has dtype ${String(dtype)}`);
    const { bytes: width, read } = DTYPES[dtype];
    if (!isSizes(shape) || !isSizes(range) || range.length !== 2) throw wrong(`${name} has no shape or no byte range`);
    const size = shape.reduce((a, b) => a * b, 1);
    if (range[1]! - range[0]! !== width * size || range[1]! > data.length)
      throw wrong(`${name} of shape [${shape.join(", ")}] has bytes ${range[0]}..${range[1]} of ${data.length}`);
    const values = new Float32Array(size);
    for (let i = 0; i < size; i++) values[i] = read(view, range[0]! + width * i);
    tensors[name] = { shape, values };
    end = Math.max(end, range[1]!);
  }
  if (end !== data.length) throw wrong(`${data.length - end} bytes belong to no tensor`);
  return { tensors, metadata };
}

function parseHeader(text: string): Record<string, unknown> | undefined {
  try {
    const header: unknown = JSON.parse(text);
    return typeof header === "object" && header !== null && !Array.isArray(header)
      ? (header as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function isDtype(value: unknown): value is Dtype {
  return typeof value === "string" && Object.hasOwn(DTYPES, value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && (n as number) >= 0);
}
