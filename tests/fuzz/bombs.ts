import type { Input } from "./readers.ts";

/** Bytes of an input that is meant to fill memory. */
const SIZE = 16 * 2 ** 20;

const repeated = (piece: string): string => piece.repeat(Math.ceil(SIZE / piece.length));

function npy(header: string, data: number): Buffer {
  const prefix = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 2, 0, 0, 0, 0, 0]);
  prefix.writeUInt32LE(header.length, 8);
  return Buffer.concat([prefix, Buffer.from(header), Buffer.alloc(data)]);
}

function safetensors(header: string, data: number): Buffer {
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([prefix, Buffer.from(header), Buffer.alloc(data)]);
}

/** Large inputs, by name, that a reader might turn into something much larger. */
export const BOMBS: Record<string, () => Input> = {
  "open brackets": () => Buffer.from(repeated("[")),
  "empty lists": () => Buffer.from(`[${repeated("[],")}[]]`),
  "empty objects": () => Buffer.from(`[${repeated("{},")}{}]`),
  "short lists": () => Buffer.from(`[${repeated("[1],")}[]]`),
  digits: () => Buffer.from(`[[[${repeated("1,")}1]]]`),
  nulls: () => Buffer.from(`[[[${repeated("null,")}1]]]`),
  keys: () =>
    Buffer.from(`{${Array.from({ length: SIZE / 16 }, (_, i) => `"key-${String(i).padStart(7, "0")}":0`).join()}}`),
  "one long text": () => Buffer.from(`{"a":"${repeated("x")}"}`),
  "escaped text": () => Buffer.from(`{"a":"${repeated("\\u0001")}"}`),
  "overlapping tensors": () =>
    safetensors(`{${Array.from({ length: 100_000 }, (_, i) => `"t${i}":{"dtype":"F16","shape":[4194304],"data_offsets":[0,8388608]}`).join()}}`, 8_388_608), // prettier-ignore
  "empty tensors": () =>
    safetensors(`{${Array.from({ length: 250_000 }, (_, i) => `"t${i}":{"dtype":"F16","shape":[0],"data_offsets":[0,0]}`).join()}}`, 0), // prettier-ignore
  "a tensor of halves": () =>
    safetensors(`{"a":{"dtype":"F16","shape":[${SIZE / 2}],"data_offsets":[0,${SIZE}]}}`, SIZE),
  "an array of halves": () => npy(`{'descr': '<f2', 'fortran_order': True, 'shape': (${SIZE / 128}, 8, 8), }`, SIZE),
  "an array that is not there": () =>
    npy(`{'descr': '<f8', 'fortran_order': False, 'shape': (99999999, 4096, 4096), }`, 64),
  "a header of spaces": () => npy(repeated(" "), 0),
};
