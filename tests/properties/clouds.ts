import { xoroshiro128plus } from "pure-rand/generator/XoroShiro";
import type { Cloud } from "../../src/measure/homology/landmarks.ts";
import { normal, uniform } from "../../src/measure/random.ts";

/** Point clouds of known shape, drawn at random: the ground truth of persistent homology's tests. */
export type Shape = "circle" | "sphere" | "torus" | "klein bottle" | "projective plane" | "noise";

export interface MadeCloud {
  shape: Shape;
  count: number;
  seed: number;
  /** Standard deviation of the normal noise added to each coordinate. */
  noise?: number;
}

/** Points of a shape, each made of numbers drawn from a generator. */
const POINT: Record<Shape, (angle: () => number, gauss: () => number) => number[]> = {
  circle: (angle) => onCircle(angle()),
  sphere: (_, gauss) => onSphere(gauss),
  /** Flat, in four dimensions. */
  torus: (angle) => [...onCircle(angle()), ...onCircle(angle())],
  /** Without intersecting itself, in four dimensions. */
  "klein bottle": (angle) => {
    const [u, v] = [angle(), angle()];
    const across = 2 + Math.cos(v);
    return [...onCircle(u).map((x) => across * x), ...onCircle(u / 2).map((x) => Math.sin(v) * x)];
  },
  /** Veronese's surface in six dimensions: the products of a sphere's coordinates do not know a point from its antipode. */
  "projective plane": (_, gauss) => {
    const [x, y, z] = onSphere(gauss) as [number, number, number];
    return [x * x, y * y, z * z, Math.SQRT2 * x * y, Math.SQRT2 * y * z, Math.SQRT2 * z * x];
  },
  /** Normal, in ten dimensions. */
  noise: (_, gauss) => Array.from({ length: 10 }, gauss),
};

function onCircle(angle: number): number[] {
  return [Math.cos(angle), Math.sin(angle)];
}

function onSphere(gauss: () => number): number[] {
  const vector = [gauss(), gauss(), gauss()];
  return vector.map((x) => x / Math.hypot(...vector));
}

export function cloudOf({ shape, count, seed, noise = 0 }: MadeCloud): Cloud {
  const generator = xoroshiro128plus(seed);
  const gauss = (): number => normal(generator);
  const angle = (): number => 2 * Math.PI * uniform(generator);
  const points = Array.from({ length: count }, () => POINT[shape](angle, gauss).map((x) => x + noise * gauss()));
  return { count, dimensions: points[0]!.length, values: Float64Array.from(points.flat()) };
}
