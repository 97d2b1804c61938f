import { InputError } from "../error.ts";

/** A named float32 tensor, flat, row by row. */
export interface StoredTensor {
  shape: number[];
  values: Float32Array;
}

const PREFIX = 8;
const LARGEST_HEADER = 100_000_000;

/**
 * Tensors as a safetensors file: eight bytes with the length of a JSON header, the header (for each tensor its dtype, shape and
 * byte range, plus metadata), the values in little endian. Same tensors, same bytes.
 */
export function encodeSafetensors(
  tensors: Record<string, StoredTensor>,
  metadata: Record<string, string> = {},
): Buffer {
  const header: Record<string, unknown> = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  let offset = 0;
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    header[name] = { dtype: "F32", shape, data_offsets: [offset, offset + 4 * values.length] };
    offset += 4 * values.length;
  }
  const text = JSON.stringify(header);
  const json = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8, " "), "utf8");
  const prefix = Buffer.alloc(PREFIX);
  prefix.writeBigUInt64LE(BigInt(json.length));
  const data = Object.values(tensors).map(({ values }) => {
    const bytes = Buffer.alloc(4 * values.length);
    values.forEach((v, i) => bytes.writeFloatLE(v, 4 * i));
    return bytes;
  });
  return Buffer.concat([prefix, json, ...data]);
}

/** The tensors and metadata of a safetensors file with F32 tensors. Throws an InputError that names `from` and what is wrong. */
export function decodeSafetensors(
  bytes: Buffer,
  from: string,
): { tensors: Record<string, StoredTensor>; metadata: Record<string, string> } {
  const wrong = (what: string): InputError =>
    new InputError(`${from}: ${what}; expected a whole safetensors file with F32 tensors`);
  if (bytes.length < PREFIX) throw wrong(`${bytes.length} bytes`);
  const length = bytes.readBigUInt64LE(0);
  if (length > LARGEST_HEADER || Number(length) + PREFIX > bytes.length)
    throw wrong(`a header of ${length} bytes in a file of ${bytes.length}`);
  const data = bytes.subarray(PREFIX + Number(length));
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
    if (dtype !== "F32") throw wrong(`${name} has dtype ${String(dtype)}`);
    if (!isSizes(shape) || !isSizes(range) || range.length !== 2) throw wrong(`${name} has no shape or no byte range`);
    const size = shape.reduce((a, b) => a * b, 1);
    if (range[1]! - range[0]! !== 4 * size || range[1]! > data.length)
      throw wrong(`${name} of shape [${shape.join(", ")}] has bytes ${range[0]}..${range[1]} of ${data.length}`);
    const values = new Float32Array(size);
    for (let i = 0; i < size; i++) values[i] = data.readFloatLE(range[0]! + 4 * i);
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

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && (n as number) >= 0);
}
