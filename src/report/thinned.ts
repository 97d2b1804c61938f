/** At most `most` of the points, evenly taken, the first among them. */
export function thinned<T>(points: readonly T[], most: number): T[] {
  const stride = Math.max(1, Math.ceil(points.length / most));
  return points.filter((_, place) => place % stride === 0);
}
