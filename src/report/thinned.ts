/** At most `most` of the points, at equal distances in the list. The first point is among them. */
export function thinned<T>(points: readonly T[], most: number): T[] {
  const stride = Math.max(1, Math.ceil(points.length / most));
  return points.filter((_, place) => place % stride === 0);
}
