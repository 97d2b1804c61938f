/**
 * The span of a square frame along an axis. It is centred on the middle of the points and a little longer than their larger
 * extent.
 */
export function squareDomain(points: readonly [number, number][], axis: 0 | 1): [number, number] {
  const bounds = ([0, 1] as const).map((k) => {
    const along = points.map((point) => point[k]);
    return [along.reduce((p, q) => Math.min(p, q), Infinity), along.reduce((p, q) => Math.max(p, q), -Infinity)];
  }) as [[number, number], [number, number]];
  const half = (1.06 * Math.max(bounds[0][1] - bounds[0][0], bounds[1][1] - bounds[1][0])) / 2;
  const centre = (bounds[axis][0] + bounds[axis][1]) / 2;
  return [centre - (half || 1), centre + (half || 1)];
}
