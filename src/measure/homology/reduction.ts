import { modulo } from "../vector.ts";
import type { Bar } from "./bar.ts";
import { Column } from "./column.ts";
import type { Entry } from "./column.ts";
import type { Filtration } from "./filtration.ts";
import { inverse } from "./prime-field.ts";

/** The classes of one dimension, and whether one of them dies with a simplex of the next dimension. */
export interface Classes {
  bars: Bar[];
  isDeath: (simplex: number) => boolean;
}

/** Dimension 0, by Kruskal's algorithm: a component dies with each edge that joins two of them. */
export function components({ n, ends, lengths }: Filtration): Classes {
  const parent = Array.from({ length: n }, (_, vertex) => vertex);
  const root = (vertex: number): number => {
    while (parent[vertex] !== vertex) vertex = parent[vertex] = parent[parent[vertex]!]!;
    return vertex;
  };
  const tree = new Set<number>();
  ends.forEach(([i, j], edge) => {
    if (root(i) === root(j)) return;
    parent[root(i)] = root(j);
    tree.add(edge);
  });
  const mortal = Array.from(tree, (edge): Bar => [0, lengths[edge]!]);
  const lasting = Array.from({ length: n - tree.size }, (): Bar => [0, Infinity]);
  return { bars: [...mortal, ...lasting], isDeath: (edge) => tree.has(edge) };
}

/**
 * Dimension 1 or 2, by reduction of the coboundary matrix. Its columns are the coboundaries of the edges or triangles, last one of the
 * filtration first. Multiples of earlier columns are added to a column until its pivot, the first simplex in it, is the pivot of
 * no earlier one: the class that is born with the column's simplex dies with the pivot. If the column becomes 0, it never dies.
 * @param isDeath whether a class of the dimension below dies with a simplex; its column would become 0, and is passed over
 */
export function cycles(filtration: Filtration, dimension: number, prime: number, isDeath: Classes["isDeath"]): Classes {
  const bars: Bar[] = [];
  /** By pivot: the chain whose coboundary the reduced column is, scaled so that the pivot has coefficient 1. */
  const chains = new Map<number, Entry[]>();
  /** The chain of any pivot. Those of apparent pairs, nearly all, are not kept: there the chain is the one facet. */
  const chainOf = (pivot: number): Entry[] | undefined => {
    const facet = chains.has(pivot) ? undefined : filtration.apparentFacet(pivot, dimension + 1);
    return facet === undefined ? chains.get(pivot) : [facet];
  };
  for (const simplex of filtration.simplices(dimension)) {
    if (isDeath(simplex) || filtration.apparentCofacet(simplex, dimension) !== undefined) continue;
    const chain = new Column(prime);
    const column = new Column(prime);
    const add = (entries: readonly Entry[], factor: number): void => {
      for (const entry of entries) {
        const coefficient = modulo(factor * entry.coefficient, prime);
        chain.add(entry.simplex, coefficient);
        filtration.cofacets(entry.simplex, dimension, (cofacet, sign) => {
          column.add(cofacet, modulo(sign * coefficient, prime));
        });
      }
    };
    add([{ simplex, coefficient: 1 }], 1);
    let pivot = column.first();
    let earlier = pivot && chainOf(pivot.simplex);
    while (pivot !== undefined && earlier !== undefined) {
      add(earlier, -pivot.coefficient);
      pivot = column.first();
      earlier = pivot && chainOf(pivot.simplex);
    }
    const birth = filtration.scale(simplex, dimension);
    if (pivot === undefined) {
      bars.push([birth, Infinity]);
    } else {
      bars.push([birth, filtration.scale(pivot.simplex, dimension + 1)]);
      chains.set(pivot.simplex, chain.drain(inverse(pivot.coefficient, prime)));
    }
  }
  return { bars, isDeath: (cofacet) => chainOf(cofacet) !== undefined };
}
