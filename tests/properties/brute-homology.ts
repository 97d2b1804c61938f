import type { Bar, Barcode } from "../../src/measure/homology/bar.ts";

interface Simplex {
  vertices: number[];
  scale: number;
}

/** All sets of at most four points, each with the largest distance in it, if that is at most `threshold`. */
function simplices(distances: readonly number[], n: number, threshold: number): Simplex[] {
  const grown: Simplex[] = [];
  const grow = (vertices: number[], scale: number, from: number): void => {
    for (let vertex = from; vertex < n && vertices.length < 4; vertex++) {
      const next = Math.max(scale, ...vertices.map((other) => distances[other * n + vertex]!));
      if (next > threshold) continue;
      grown.push({ vertices: [...vertices, vertex], scale: next });
      grow([...vertices, vertex], next, vertex + 1);
    }
  };
  grow([], 0, 0);
  return grown;
}

/**
 * Persistent homology of dimensions 0 to 2 by the textbook: the matrix of boundaries of all simplices, reduced column by column modulo
 * a prime, each column's pivot its last row. No clearing, no cohomology, no implicit columns: what it shares with the
 * reference is the definition.
 */
export function bruteBarcode(distances: readonly number[], n: number, prime: number, threshold = Infinity): Barcode {
  const order = simplices(distances, n, threshold).sort(
    (p, q) => p.scale - q.scale || p.vertices.length - q.vertices.length,
  );
  const place = new Map(order.map(({ vertices }, k) => [vertices.join(), k]));
  const byPivot = new Map<number, number[]>();
  const barcode: Barcode = [[], [], []];
  const paired = new Set<number>();
  order.forEach(({ vertices, scale }, k) => {
    const column = new Array<number>(order.length).fill(0);
    if (vertices.length > 1) {
      vertices.forEach((vertex, i) => {
        const facet = vertices.filter((other) => other !== vertex).join();
        column[place.get(facet)!] = i % 2 === 0 ? 1 : prime - 1;
      });
    }
    const pivotOf = (): number => column.findLastIndex((coefficient) => coefficient !== 0);
    let pivot = pivotOf();
    for (let other = byPivot.get(pivot); other !== undefined; other = byPivot.get(pivot)) {
      while (column[pivot] !== 0) other.forEach((x, row) => (column[row] = (column[row]! + x) % prime));
      pivot = pivotOf();
    }
    if (pivot < 0) return;
    byPivot.set(pivot, column);
    paired.add(pivot).add(k);
    add(barcode, order[pivot]!, scale);
  });
  order.forEach((simplex, k) => {
    if (!paired.has(k)) add(barcode, simplex, Infinity);
  });
  return barcode.map(inOrder);
}

function add(barcode: Barcode, { vertices, scale }: Simplex, death: number): void {
  if (death > scale) barcode[vertices.length - 1]?.push([scale, death]);
}

/** Bars by birth, then by death. */
export function inOrder(bars: readonly Bar[]): Bar[] {
  return [...bars].sort((p, q) => p[0] - q[0] || (p[1] === q[1] ? 0 : p[1] - q[1]));
}
