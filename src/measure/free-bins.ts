/**
 * The bins of a box that are still free. For each bin it is known where in its row the next free one is, to the right and to the left,
 * so that the nearest free bin is found without going through all bins between.
 */
export class FreeBins {
  readonly #bins: number;
  readonly #free: Uint8Array;
  /** By row, then column: the column itself if it is free, or a column further right (left) from which to look on. */
  readonly #right: Int16Array;
  readonly #left: Int16Array;

  /** @param free [bins, bins]: 1 where a bin is free, else 0 */
  constructor(free: Uint8Array, bins: number) {
    this.#bins = bins;
    this.#free = free.slice();
    // Each row has an entry before its first and after its last column, which ends every search.
    const width = bins + 2;
    this.#right = Int16Array.from({ length: bins * width }, (_, i) => i % width);
    this.#left = this.#right.slice();
    free.forEach((one, bin) => {
      if (one === 0) this.#close(bin);
    });
  }

  isFree(bin: number): boolean {
    return this.#free[bin] === 1;
  }

  take(bin: number): void {
    this.#free[bin] = 0;
    this.#close(bin);
  }

  #close(bin: number): void {
    const entry = Math.floor(bin / this.#bins) * (this.#bins + 2) + (bin % this.#bins) + 1;
    this.#right[entry] = (bin % this.#bins) + 2;
    this.#left[entry] = bin % this.#bins;
  }

  /** Where a chain of columns ends; the chain is made shorter on the way. */
  #end(chain: Int16Array, start: number, column: number): number {
    let here = column;
    while (chain[start + here] !== here) {
      const next = chain[start + here]!;
      chain[start + here] = chain[start + next]!;
      here = next;
    }
    return here;
  }

  /** The free bin nearest to (row, column); of equally near ones that with the smaller larger offset, then by row and column; -1 if none is free. */
  nearest(row: number, column: number): number {
    const bins = this.#bins;
    let best = -1;
    let bestDistance = Infinity;
    let bestReach = Infinity;
    for (let away = 0; away < bins && away * away <= bestDistance; away++) {
      for (let y = row - away; y <= row + away; y += Math.max(1, 2 * away)) {
        if (y < 0 || y >= bins) continue;
        for (const chain of [this.#left, this.#right]) {
          const x = this.#end(chain, y * (bins + 2), column + 1) - 1;
          if (x < 0 || x >= bins) continue;
          const along = Math.abs(x - column);
          const distance = away * away + along * along;
          const reach = Math.max(away, along);
          if (distance > bestDistance || (distance === bestDistance && reach > bestReach)) continue;
          if (distance === bestDistance && reach === bestReach && y * bins + x >= best) continue;
          best = y * bins + x;
          bestDistance = distance;
          bestReach = reach;
        }
      }
    }
    return best;
  }
}
