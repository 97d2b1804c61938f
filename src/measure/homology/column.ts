/** A simplex with its coefficient. */
export interface Entry {
  simplex: number;
  coefficient: number;
}

/**
 * A sum of simplices, modulo a prime, whose first simplex can be had at any time: a binary heap of terms, each kept as one
 * number, simplex * prime + coefficient. Terms of one simplex are added up when they come to the top.
 */
export class Column {
  readonly #prime: number;
  readonly #heap: number[] = [];

  constructor(prime: number) {
    this.#prime = prime;
  }

  /** Adds a simplex with a coefficient from 0 to prime - 1. */
  add(simplex: number, coefficient: number): void {
    this.#push(simplex * this.#prime + coefficient);
  }

  /** The first simplex of the sum, with a coefficient from 1 to prime - 1; undefined if the sum is 0. */
  first(): Entry | undefined {
    const entry = this.#pop();
    if (entry !== undefined) this.add(entry.simplex, entry.coefficient);
    return entry;
  }

  /** The whole sum, `factor` times, first simplex first; the column is empty afterwards. */
  drain(factor: number): Entry[] {
    const entries: Entry[] = [];
    for (let entry = this.#pop(); entry !== undefined; entry = this.#pop()) {
      entries.push({ simplex: entry.simplex, coefficient: (entry.coefficient * factor) % this.#prime });
    }
    return entries;
  }

  #pop(): Entry | undefined {
    const prime = this.#prime;
    while (this.#heap.length > 0) {
      const simplex = Math.floor(this.#heap[0]! / prime);
      let coefficient = 0;
      while (this.#heap.length > 0 && Math.floor(this.#heap[0]! / prime) === simplex) {
        coefficient = (coefficient + (this.#heap[0]! % prime)) % prime;
        this.#dropTop();
      }
      if (coefficient !== 0) return { simplex, coefficient };
    }
    return undefined;
  }

  #push(term: number): void {
    const heap = this.#heap;
    let place = heap.length;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (heap[parent]! <= term) break;
      heap[place] = heap[parent]!;
      place = parent;
    }
    heap[place] = term;
  }

  #dropTop(): void {
    const heap = this.#heap;
    const term = heap.pop()!;
    let place = 0;
    for (let child = 1; child < heap.length; child = 2 * place + 1) {
      if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child += 1;
      if (heap[child]! >= term) break;
      heap[place] = heap[child]!;
      place = child;
    }
    if (heap.length > 0) heap[place] = term;
  }
}
