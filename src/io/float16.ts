import { getFloat16 } from "@petamoriken/float16";

let byBits: Float32Array | undefined;

/** The value of every float16, by its bits. */
function everyValue(): Float32Array {
  const view = new DataView(new ArrayBuffer(2));
  return Float32Array.from({ length: 2 ** 16 }, (_, bits) => {
    view.setUint16(0, bits);
    return getFloat16(view, 0);
  });
}

/** The float16 at a place of a view. It is looked up, since golden models have millions of them and to compute each takes seconds. */
export function readFloat16(view: DataView, at: number, littleEndian: boolean): number {
  byBits ??= everyValue();
  return byBits[view.getUint16(at, littleEndian)]!;
}
