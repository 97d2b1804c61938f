import { requireCount, requireThat } from "../../io/require.ts";
import { barLength } from "./bar.ts";
import type { Bar, Barcode } from "./bar.ts";

/** The bars of one dimension against those of shuffled data. In dimension 0 the component that lasts is no bar here. */
export interface Significance {
  /** Lengths of the bars, longest first. */
  lengths: number[];
  /** Length of the longest bar of each shuffle; 0 if it has none. */
  nullLengths: number[];
  /** The longest of these. */
  threshold: number;
  /** How many bars are significant, longer than the threshold: often some of the sample's own among them. */
  longer: number;
  /** The Betti number in which there is most confidence; in dimension 0 with the component that lasts. */
  betti: number;
}

/**
 * M13. Which bars are longer than any bar of their dimension in shuffled data, and how many of them stand out.
 * @param shuffled barcodes of shuffled data, from as many points and with the same options as `barcode`
 * @throws InputError if there are none, or one has another number of dimensions
 * @spec M13
 */
export function significance(barcode: Barcode, shuffled: readonly Barcode[]): Significance[] {
  requireThat(shuffled.length > 0, "shuffled", "empty", "at least one barcode");
  shuffled.forEach(({ length }, k) => {
    requireThat(length === barcode.length, `dimensions of shuffled[${k}]`, length, `${barcode.length}, as of barcode`);
  });
  return barcode.map((bars, dimension) => {
    const lengths = lengthsOf(bars, dimension);
    const nullLengths = shuffled.map((other) => lengthsOf(other[dimension]!, dimension)[0] ?? 0);
    const threshold = Math.max(...nullLengths);
    const longer = lengths.filter((length) => length > threshold).length;
    let best = 0;
    for (let b = 1; b <= longer; b++) if (gap(lengths, threshold, b) > gap(lengths, threshold, best)) best = b;
    return { lengths, nullLengths, threshold, longer, betti: dimension === 0 ? best + 1 : best };
  });
}

/**
 * M13. Degree of confidence in given Betti numbers, from 0 to 1: the least gap of the dimensions.
 * @throws InputError unless there is one Betti number for each dimension, at least 0, and at least 1 in dimension 0
 * @spec M13
 */
export function confidence(dimensions: readonly Significance[], betti: readonly number[]): number {
  const count = dimensions.length;
  requireThat(betti.length === count, "length of betti", betti.length, `${count}, the number of dimensions`);
  const gaps = dimensions.map(({ lengths, threshold }, dimension) => {
    const lasting = dimension === 0 ? 1 : 0;
    requireCount(`betti[${dimension}]`, betti[dimension]!, lasting);
    return gap(lengths, threshold, betti[dimension]! - lasting);
  });
  return Math.min(...gaps);
}

/**
 * M13. The term of one dimension above 0: the share by which the last of `betti` bars outlasts both the next one and the null.
 * @spec M13
 */
export function outlasting({ lengths, threshold }: Significance, betti: number): number {
  return gap(lengths, threshold, betti);
}

/**
 * The share by which the b-th longest bar outlasts both the next one and the threshold, at least 0; with b = 0: 1 if no bar is longer than the
 * threshold, otherwise 0.
 */
function gap(lengths: readonly number[], threshold: number, b: number): number {
  const rival = Math.max(threshold, lengths[b] ?? 0);
  if (b === 0) return rival > threshold ? 0 : 1;
  const last = lengths[b - 1] ?? 0;
  return last > rival ? 1 - rival / last : 0;
}

/** Lengths of bars, longest first; in dimension 0 without the longest, the component that lasts. */
function lengthsOf(bars: readonly Bar[], dimension: number): number[] {
  const lengths = bars.map(barLength).sort((p, q) => (p === q ? 0 : q - p));
  return dimension === 0 ? lengths.slice(1) : lengths;
}
