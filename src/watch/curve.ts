/** A point of a curve: the last step of a stretch, and the mean of the values in it. */
export type CurvePoint = [step: number, mean: number];

/** Stretches that are kept; a plot has hardly more pixels across. */
const MOST = 400;

/** A stretch of steps, with the sum of their values. */
interface Stretch {
  last: number;
  steps: number;
  sum: number;
}

/** The course of a value over many steps, as means over stretches of equally many. They double whenever there are too many. */
export class Curve {
  #stretches: Stretch[] = [];
  #length = 1;

  /** Adds the mean value of `steps` steps, the last of which is `last`. */
  add(last: number, value: number, steps = 1): void {
    const open = this.#stretches.at(-1);
    if (open !== undefined && open.steps < this.#length) merge(open, { last, steps, sum: steps * value });
    else this.#stretches.push({ last, steps, sum: steps * value });
    while (this.#stretches.length > MOST) this.#halve();
  }

  get points(): CurvePoint[] {
    return this.#stretches.map(({ last, steps, sum }) => [last, sum / steps]);
  }

  #halve(): void {
    this.#length *= 2;
    this.#stretches = this.#stretches.reduce<Stretch[]>((kept, stretch) => {
      const open = kept.at(-1);
      if (open !== undefined && open.steps < this.#length) merge(open, stretch);
      else kept.push({ ...stretch });
      return kept;
    }, []);
  }
}

function merge(open: Stretch, { last, steps, sum }: Stretch): void {
  open.last = last;
  open.steps += steps;
  open.sum += sum;
}
