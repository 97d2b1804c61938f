/** A vector in the plane. */
export type Vector = readonly [number, number];

export const length = (v: Vector): number => Math.hypot(v[0], v[1]);
export const dot = (v: Vector, w: Vector): number => v[0] * w[0] + v[1] * w[1];
export const cross = (v: Vector, w: Vector): number => v[0] * w[1] - v[1] * w[0];
export const scaled = (v: Vector, factor: number): Vector => [factor * v[0], factor * v[1]];

/** m v + n w. */
export const combined = (m: number, v: Vector, n: number, w: Vector): Vector => [
  m * v[0] + n * w[0],
  m * v[1] + n * w[1],
];

/** The coordinates [m, n] of p in the basis (v, w): p = m v + n w. */
export function coordinates(p: Vector, v: Vector, w: Vector): Vector {
  const area = cross(v, w);
  return [cross(p, w) / area, cross(v, p) / area];
}

/** The direction of v, in degrees within [0, turn). */
export function direction(v: Vector, turn: number): number {
  return modulo((Math.atan2(v[1], v[0]) * 180) / Math.PI, turn);
}

/** x modulo m, within [0, m). */
export function modulo(x: number, m: number): number {
  const rest = x - m * Math.floor(x / m);
  return rest < m ? rest : 0;
}
