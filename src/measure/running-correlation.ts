/** Sums from which the Pearson correlation of the pairs added so far can be had at any time; pairs with NaN are left out. */
export class RunningCorrelation {
  #n = 0;
  #x = 0;
  #y = 0;
  #xx = 0;
  #yy = 0;
  #xy = 0;

  add(x: number, y: number): void {
    if (Number.isNaN(x) || Number.isNaN(y)) return;
    this.#n += 1;
    this.#x += x;
    this.#y += y;
    this.#xx += x * x;
    this.#yy += y * y;
    this.#xy += x * y;
  }

  get value(): number {
    const varianceX = this.#n * this.#xx - this.#x ** 2;
    const varianceY = this.#n * this.#yy - this.#y ** 2;
    return (this.#n * this.#xy - this.#x * this.#y) / Math.sqrt(varianceX * varianceY);
  }
}
