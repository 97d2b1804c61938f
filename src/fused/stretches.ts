/** Every stretch begins at a multiple of so many bytes. */
const UNIT = 64;

interface Stretch {
  from: number;
  to: number;
}

/** Which stretches of a memory are free. What is given back joins its neighbours, so that larger ones can be taken again. */
export class Stretches {
  /** In their order, no two of them side by side. */
  private readonly free: Stretch[] = [];
  private readonly lengths = new Map<number, number>();
  private readonly most: number;
  private end: number;

  /** Of a memory from one address on, up to another at most. */
  constructor(start: number, most: number) {
    this.end = Math.ceil(start / UNIT) * UNIT;
    this.most = most;
  }

  /** Where what was ever taken ends. */
  get used(): number {
    return this.end;
  }

  /** How many stretches are taken. */
  get taken(): number {
    return this.lengths.size;
  }

  /** Takes so many bytes, where they first fit, and gives their address; undefined where there is no such room. */
  take(bytes: number): number | undefined {
    const length = Math.max(UNIT, Math.ceil(bytes / UNIT) * UNIT);
    const index = this.free.findIndex(({ from, to }) => to - from >= length);
    const from = index < 0 ? this.extend(length) : this.cut(index, length);
    if (from !== undefined) this.lengths.set(from, length);
    return from;
  }

  /** Gives back what began at an address. */
  give(from: number): void {
    const length = this.lengths.get(from);
    if (length === undefined) throw new Error(`nothing was taken at ${from}`);
    this.lengths.delete(from);
    const next = this.free.findIndex((stretch) => stretch.from > from);
    const index = next < 0 ? this.free.length : next;
    this.free.splice(index, 0, { from, to: from + length });
    this.join(index);
    this.join(index - 1);
  }

  private extend(length: number): number | undefined {
    const last = this.free.at(-1);
    const from = last?.to === this.end ? last.from : this.end;
    if (from + length > this.most) return undefined;
    if (from < this.end) this.free.pop();
    this.end = from + length;
    return from;
  }

  private cut(index: number, length: number): number {
    const stretch = this.free[index]!;
    const { from } = stretch;
    stretch.from += length;
    if (stretch.from === stretch.to) this.free.splice(index, 1);
    return from;
  }

  /** Makes one of a free stretch and the one after it, where they are side by side. */
  private join(index: number): void {
    const [one, other] = [this.free[index], this.free[index + 1]];
    if (!one || !other || one.to !== other.from) return;
    one.to = other.to;
    this.free.splice(index + 1, 1);
  }
}
