/**
 * C5. Points that stand for a cloud: the first one is the given one, each next one is the farthest from all before it.
 * @param points [count, width], row-major
 * @returns their indices, in the order in which they were taken; fewer than asked for if there are no more different points
 */
export function landmarks(points: ArrayLike<number>, width: number, wanted: number, first = 0): number[] {
  const count = points.length / width;
  const nearest = new Float64Array(count).fill(Infinity);
  const chosen: number[] = [];
  let next = first;
  while (chosen.length < wanted) {
    chosen.push(next);
    let farthest = -1;
    for (let point = 0; point < count; point++) {
      nearest[point] = Math.min(nearest[point]!, squaredDistance(points, width, point, next));
      if (nearest[point]! > 0 && (farthest < 0 || nearest[point]! > nearest[farthest]!)) farthest = point;
    }
    if (farthest < 0) break;
    next = farthest;
  }
  return chosen;
}

/** Euclidean distances between the points with the given indices, [n, n]. */
export function distances(points: ArrayLike<number>, width: number, indices: readonly number[]): Float64Array {
  const n = indices.length;
  return Float64Array.from({ length: n * n }, (_, i) =>
    Math.sqrt(squaredDistance(points, width, indices[Math.floor(i / n)]!, indices[i % n]!)),
  );
}

function squaredDistance(points: ArrayLike<number>, width: number, p: number, q: number): number {
  let sum = 0;
  for (let d = 0; d < width; d++) sum += (points[p * width + d]! - points[q * width + d]!) ** 2;
  return sum;
}
