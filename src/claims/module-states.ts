import { principal } from "../measure/principal.ts";
import type { Samples } from "../measure/survey.ts";
import { dot, modulo, type Vector } from "../measure/vector.ts";
import type { Figure, FigureBase } from "./claim.ts";
import { short } from "./figures.ts";

/** Principal components that a torus of a hexagonal lattice fills, two for each of k1, k2, k3. */
export const DIMENSIONS = 6;

/** States of a module that are looked at. */
export const STATES = 2000;

/** Points of a cloud in a figure. */
const SHOWN = 800;

/** The activity of some units at `wanted` evenly spaced samples. In it the units have the numbers 0, 1, and so on. */
export function populationOf({ positions, states }: Samples, units: readonly number[], wanted: number): Samples {
  const all = positions.length / 2;
  const count = Math.min(wanted, all);
  const width = states.length / all;
  const chosen = Array.from({ length: count }, (_, i) => Math.floor((i * all) / count));
  return {
    positions: Float32Array.from(chosen.flatMap((s) => [positions[2 * s]!, positions[2 * s + 1]!])),
    states: Float32Array.from(chosen.flatMap((s) => units.map((unit) => states[s * width + unit]!))),
  };
}

/** The first principal components of a population's states, [count, dimensions], and the share of the variance in each. */
export function components(
  { positions, states }: Samples,
  most = DIMENSIONS,
): { coordinates: Float64Array; dimensions: number; shares: number[] } {
  const width = states.length / (positions.length / 2);
  const dimensions = Math.min(most, width);
  const { coordinates, shares } = principal(states, width, dimensions);
  return { coordinates, dimensions, shares: [...shares] };
}

/** The phase of each sample's place along a wave, within [0, 1). */
function phasesAlong({ positions }: Samples, k: Vector): number[] {
  return Array.from({ length: positions.length / 2 }, (_, s) =>
    modulo(dot(k, [positions[2 * s]!, positions[2 * s + 1]!]), 1),
  );
}

/** Which of `count` points a figure shows, evenly taken. */
export function shownPoints(count: number): number[] {
  const step = Math.max(1, Math.floor(count / SHOWN));
  return Array.from({ length: Math.floor(count / step) }, (_, i) => i * step);
}

/** The states of a population along three principal components, coloured by the phase of the place along a wave. */
export function cloudFigure(base: FigureBase, population: Samples, k: Vector | undefined): Figure {
  const { coordinates, dimensions } = components(population);
  const shown = shownPoints(population.positions.length / 2);
  const phases = k ? phasesAlong(population, k) : [];
  const at = (point: number, axis: number): number =>
    short(axis < dimensions ? coordinates[point * dimensions + axis]! : 0) ?? 0;
  return {
    ...base,
    kind: "cloud",
    points: shown.map((point) => [at(point, 0), at(point, 1), at(point, 2)]),
    colours: shown.map((point) => short(phases[point] ?? 0) ?? 0),
  };
}
