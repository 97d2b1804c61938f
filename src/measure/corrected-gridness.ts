import { at } from "./autocorrelogram.ts";
import type { Autocorrelogram } from "./autocorrelogram.ts";
import { gridness } from "./gridness.ts";
import { ellipseOf } from "./lattice.ts";
import type { Lattice } from "./lattice.ts";

/**
 * An autocorrelogram pressed along the long axis and stretched along the short axis of its lattice's ellipse until the
 * ellipse is a circle of the same area: the lattice becomes hexagonal, whatever it was. NaN where the source has no value.
 */
function circularised({ size, values }: Autocorrelogram, { a, b }: Lattice): Autocorrelogram {
  const { p, q, r } = ellipseOf(a, b);
  // The inverse square root of [[p, q], [q, r]], scaled to determinant 1, maps the circle onto the ellipse.
  const root = Math.sqrt(p * r - q * q);
  const norm = Math.sqrt(root * (p + r + 2 * root));
  const [xx, xy, yy] = [(r + root) / norm, -q / norm, (p + root) / norm];
  const middle = (size - 1) / 2;
  return {
    size,
    values: values.map((_, lag) => {
      const x = (lag % size) - middle;
      const y = Math.floor(lag / size) - middle;
      return at({ size, values }, xx * x + xy * y, xy * x + yy * y);
    }),
  };
}

/**
 * M5. Gridness (M4) after the lattice's ellipse has been made a circle.
 * @spec M5
 */
export function correctedGridness(correlogram: Autocorrelogram, found: Lattice): number {
  return gridness(circularised(correlogram, found)).score;
}
