/** A number to three decimals, which keeps the files of vectors short and their numbers the same on every machine. */
export function thousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}
