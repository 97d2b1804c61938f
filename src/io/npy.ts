import { readFloat16 } from "./float16.ts";
import { requireThat } from "./require.ts";

const MAGIC = "\u0093NUMPY";

/** Numbers in any number of dimensions, the last index fastest. */
export interface NumberArray {
  shape: number[];
  values: Float64Array;
}

/** What the header of a .npy file says, and where its data begins. */
interface Header {
  littleEndian: boolean;
  /** "f" for floating point, "i" and "u" for whole numbers with and without a sign, "b" for true and false. */
  kind: string;
  /** Bytes of one number. */
  width: number;
  fortranOrder: boolean;
  shape: number[];
  dataStart: number;
}

/** The whole header, a Python dictionary of the three keys in any order, padded with spaces and a newline. */
const DICTIONARY =
  /^\{(?=.*'descr': *'([^']*)')(?=.*'fortran_order': *(True|False))(?=.*'shape': *\(([\d, ]*)\))(?: *'(?:descr|fortran_order|shape)': *(?:'[^']*'|True|False|\([\d, ]*\)) *,?){3} *\} *\n?$/;

/** Reads the header: the magic string, the version, the length and a Python dictionary of three keys. */
function readHeader(bytes: Buffer): Header {
  requireThat(bytes.toString("latin1", 0, 6) === MAGIC, "file", "not a .npy file", "one that begins with \\x93NUMPY");
  const version = bytes[6] ?? 0;
  requireThat(version >= 1 && version <= 3 && bytes.length >= 12, ".npy version", version, "1, 2 or 3, with a header");
  const start = version === 1 ? 10 : 12;
  const dataStart = start + (version === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8));
  requireThat(dataStart <= bytes.length, ".npy header", "cut short", "the whole file");
  const text = bytes.toString("latin1", start, Math.min(dataStart, start + LONGEST_HEADER));
  const [whole, type, order, shape] = DICTIONARY.exec(text) ?? [];
  requireThat(whole !== undefined, ".npy header", quoted(text), "one with a plain descr, fortran_order and shape");
  const parsed = /^([<>|=])(f[248]|[iu][1248]|b1)$/.exec(type!);
  requireThat(parsed !== null, ".npy type", type, "floats, integers or booleans");
  return {
    littleEndian: parsed[1] !== ">",
    kind: parsed[2]![0]!,
    width: Number(parsed[2]![1]),
    fortranOrder: order === "True",
    shape: shape!.split(",").flatMap((part) => (part.trim() === "" ? [] : [sizeOf(part)])),
    dataStart,
  };
}

/** Bytes of a header that are read; one of rate maps takes 118. */
const LONGEST_HEADER = 1024;

function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}...` : text);
}

function sizeOf(part: string): number {
  requireThat(/^ *\d+ *$/.test(part), "a size in the shape", quoted(part), "a whole number");
  return Number(part);
}

/** The numbers of a file in the order in which they are stored. */
function readNumbers(bytes: Buffer, { littleEndian, kind, width, dataStart }: Header, count: number): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset + dataStart, count * width);
  const readers: Record<string, (at: number) => number> = {
    f2: (at) => readFloat16(view, at, littleEndian),
    f4: (at) => view.getFloat32(at, littleEndian),
    f8: (at) => view.getFloat64(at, littleEndian),
    i1: (at) => view.getInt8(at),
    i2: (at) => view.getInt16(at, littleEndian),
    i4: (at) => view.getInt32(at, littleEndian),
    i8: (at) => Number(view.getBigInt64(at, littleEndian)),
    u1: (at) => view.getUint8(at),
    u2: (at) => view.getUint16(at, littleEndian),
    u4: (at) => view.getUint32(at, littleEndian),
    u8: (at) => Number(view.getBigUint64(at, littleEndian)),
    b1: (at) => view.getUint8(at),
  };
  const read = readers[`${kind}${width}`]!;
  const numbers = new Float64Array(count);
  for (let i = 0; i < count; i++) numbers[i] = read(i * width);
  return numbers;
}

/** Numbers stored with the first index fastest, put in the order with the last index fastest. */
function rowMajor(stored: Float64Array, shape: readonly number[]): Float64Array {
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((a, b) => a * b, 1));
  const index = shape.map(() => 0);
  let at = 0;
  return stored.map(() => {
    const value = stored[at]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      at -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
    return value;
  });
}

/**
 * The array of a .npy file of floats, integers or booleans, of either byte order and either memory order.
 * @param bytes the whole file
 * @returns its shape, and its values with the last index fastest
 * @throws InputError for another type, a header that is not NumPy's, or a file shorter or longer than its shape says
 */
export function readNpy(bytes: Buffer): NumberArray {
  const header = readHeader(bytes);
  const { shape, width, dataStart } = header;
  const count = shape.reduce((a, b) => a * b, 1);
  const wanted = dataStart + count * width;
  requireThat(bytes.length === wanted, "file", `of ${bytes.length} bytes`, `${wanted} for shape [${shape.join(", ")}]`);
  const stored = readNumbers(bytes, header, count);
  return { shape, values: header.fortranOrder ? rowMajor(stored, shape) : stored };
}
