/** The scales at which a homology class is born and dies; one that never dies has the death Infinity. */
export type Bar = [birth: number, death: number];

/** The bars of each dimension, longest first. */
export type Barcode = Bar[][];

/** How long a class lives. */
export function barLength([birth, death]: Bar): number {
  return death - birth;
}

/** Orders bars: longest first; of equal length, the one that is born first. */
export function longestFirst(p: Bar, q: Bar): number {
  const [here, there] = [barLength(p), barLength(q)];
  return here === there ? p[0] - q[0] : there - here;
}

/** Betti numbers of the complex at a scale: how many classes of each dimension are alive. */
export function bettiNumbers(barcode: Barcode, scale: number): number[] {
  return barcode.map((bars) => bars.filter(([birth, death]) => birth <= scale && scale < death).length);
}
