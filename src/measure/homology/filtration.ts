import type { Entry } from "./column.ts";

/** Stands for an edge that the complex does not have: one longer than the threshold, or from a vertex to itself. */
const ABSENT = 2 ** 31 - 1;

/**
 * The Vietoris-Rips complex of a finite metric space, growing edge by edge, shortest first: an edge e (its place in that order)
 * brings all simplices of which it is the longest edge. They are named by it and by their vertices off it, higher first:
 *
 *     edge e        triangle e n + k        tetrahedron (e n + k) n + l,  k > l
 *
 * The order of these names is the order of the simplices of one dimension in the filtration. In it, the last facet of a
 * triangle or a tetrahedron has the name floor(simplex / n).
 */
export class Filtration {
  /** Number of points. */
  readonly n: number;
  /** The length of each edge, ascending: the scale at which the simplices that it brings appear. */
  readonly lengths: Float64Array;
  /** The ends of each edge, lower vertex first. */
  readonly ends: readonly (readonly [number, number])[];
  /** [vertex][vertex]: the edge between the two, or ABSENT. */
  readonly #edge: Int32Array;

  /**
   * @param distances [n, n], symmetric
   * @param threshold length of the longest edge that the complex may have
   */
  constructor(distances: ArrayLike<number>, n: number, threshold: number) {
    const length = ([i, j]: readonly [number, number]): number => distances[i * n + j]!;
    const pairs: [number, number][] = [];
    for (let i = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++) if (length([i, j]) <= threshold) pairs.push([i, j]);
    }
    this.n = n;
    this.ends = pairs.sort((p, q) => length(p) - length(q));
    this.lengths = Float64Array.from(pairs, length);
    this.#edge = new Int32Array(n * n).fill(ABSENT);
    pairs.forEach(([i, j], edge) => {
      this.#edge[i * n + j] = this.#edge[j * n + i] = edge;
    });
  }

  /** The scale at which a simplex of dimension 1, 2 or 3 appears: the length of its longest edge. */
  scale(simplex: number, dimension: number): number {
    return this.lengths[this.#longestEdge(simplex, dimension)]!;
  }

  /** All edges (dimension 1) or triangles (2), the last of the filtration first. */
  *simplices(dimension: number): Generator<number> {
    for (let edge = this.ends.length - 1; edge >= 0; edge--) {
      if (dimension === 1) {
        yield edge;
        continue;
      }
      for (let vertex = this.n - 1; vertex >= 0; vertex--) {
        if (this.#isNearer(edge, this.ends[edge]!, vertex)) yield edge * this.n + vertex;
      }
    }
  }

  /**
   * Calls `visit` with each cofacet of an edge or a triangle, that is, each simplex of the complex that has one vertex more,
   * and with its sign in the coboundary.
   */
  cofacets(simplex: number, dimension: number, visit: (cofacet: number, sign: number) => void): void {
    const { n } = this;
    const own = this.#longestEdge(simplex, dimension);
    const vertices = this.#vertices(simplex, dimension);
    const facets = vertices.map((vertex) =>
      nameOf(
        vertices.filter((other) => other !== vertex),
        n,
      ),
    );
    const unit = n ** dimension;
    for (let vertex = 0; vertex < n; vertex++) {
      let longest = own;
      let opposite = -1;
      for (let place = 0; place <= dimension; place++) {
        const edge = this.#edge[vertices[place]! * n + vertex]!;
        if (edge > longest) {
          longest = edge;
          opposite = place;
        }
      }
      if (longest === ABSENT) continue;
      const ownOff = dimension === 1 ? [vertex] : [simplex % n, vertex];
      visit(longest * unit + (opposite < 0 ? nameOf(ownOff, n) : facets[opposite]!), signOf(vertices, vertex));
    }
  }

  /**
   * An apparent pair is a simplex and its first cofacet in the filtration, if it is the last facet of that cofacet. This is the
   * cofacet of such a pair, by the edge or triangle in it; undefined if that is in none.
   */
  apparentCofacet(simplex: number, dimension: number): number | undefined {
    const edge = this.#longestEdge(simplex, dimension);
    const vertices = this.#vertices(simplex, dimension);
    const end = dimension === 1 ? this.n : simplex % this.n;
    for (let vertex = 0; vertex < end; vertex++) {
      if (this.#isNearer(edge, vertices, vertex)) return simplex * this.n + vertex;
    }
    return undefined;
  }

  /** The facet of such a pair with its sign in the cofacet, by that cofacet, a triangle or a tetrahedron; undefined if that is in none. */
  apparentFacet(simplex: number, dimension: number): Entry | undefined {
    const facet = Math.floor(simplex / this.n);
    if (this.apparentCofacet(facet, dimension - 1) !== simplex) return undefined;
    return { simplex: facet, coefficient: signOf(this.#vertices(facet, dimension - 1), simplex % this.n) };
  }

  /** Whether edges that come before `edge` join a vertex to all the others. */
  #isNearer(edge: number, others: readonly number[], vertex: number): boolean {
    for (const other of others) if (this.#edge[other * this.n + vertex]! >= edge) return false;
    return true;
  }

  #longestEdge(simplex: number, dimension: number): number {
    return Math.floor(simplex / this.n ** (dimension - 1));
  }

  /** The vertices of an edge or a triangle, ascending. */
  #vertices(simplex: number, dimension: number): number[] {
    const [i, j] = this.ends[this.#longestEdge(simplex, dimension)]!;
    if (dimension === 1) return [i, j];
    const k = simplex % this.n;
    return k < i ? [k, i, j] : k < j ? [i, k, j] : [i, j, k];
  }
}

/** The part of a simplex's name that its one or two vertices off the longest edge make. */
function nameOf(off: readonly number[], n: number): number {
  return off.length === 1 ? off[0]! : Math.max(off[0]!, off[1]!) * n + Math.min(off[0]!, off[1]!);
}

/** The sign of a simplex in the boundary of the one that has another vertex, too: (-1)^p, p of its vertices being lower. */
function signOf(vertices: readonly number[], other: number): number {
  let sign = 1;
  for (const vertex of vertices) if (vertex < other) sign = -sign;
  return sign;
}
