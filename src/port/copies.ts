import * as fc from "fast-check";
import type { JsonObject } from "./compare.ts";
import type { Grid, Operations } from "./operations.ts";
import type { Vector } from "./vectors.ts";

/** The operations whose fresh cases are copies of their vectors: no other input lies safely on one side of their thresholds. */
export type Copied = "lattice" | "modules";

/** A symmetry of the square of bins: a quarter turn so many times, and then perhaps a mirror. Both are exact on any numbers. */
interface Symmetry {
  quarters: number;
  mirrored: boolean;
}

const symmetry: fc.Arbitrary<Symmetry> = fc.record({ quarters: fc.nat({ max: 3 }), mirrored: fc.boolean() });

function moved(grid: Grid, { quarters, mirrored }: Symmetry): Grid {
  const size = grid.length;
  const turn = (rows: Grid): Grid => rows.map((row, y) => row.map((_, x) => rows[x]![size - 1 - y]!));
  let out = grid;
  for (let k = 0; k < quarters; k++) out = turn(out);
  return mirrored ? out.map((row) => row.toReversed()) : out;
}

/** P10: inputs made of those of vectors: turned and mirrored, with bins of another size, and with the units in another order. */
export function copiesOf(operation: Copied, vectors: Vector[]): fc.Arbitrary<JsonObject> {
  const original = fc.constantFrom(...vectors.map(({ input }) => input));
  if (operation === "lattice") {
    return fc.record({ original, symmetry, share: fc.constantFrom(1, 0.5, 0.75, 1.5) }).map((drawn) => {
      const { autocorrelogram, binWidth } = drawn.original as unknown as Operations["lattice"]["input"];
      return { autocorrelogram: moved(autocorrelogram, drawn.symmetry), binWidth: binWidth * drawn.share };
    });
  }
  return fc.tuple(original, symmetry).chain(([input, drawn]) => {
    const { autocorrelograms, cut, minimumSize } = input as unknown as Operations["modules"]["input"];
    const grids = autocorrelograms.map((grid) => moved(grid, drawn));
    return fc
      .shuffledSubarray(grids, { minLength: grids.length })
      .map((shuffled) => ({ autocorrelograms: shuffled, cut, minimumSize }));
  });
}
