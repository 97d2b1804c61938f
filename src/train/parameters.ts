import * as tf from "@tensorflow/tfjs-core";
import type { Parameters } from "../model/network.ts";

export type ParameterName = keyof Parameters;

/** The shape of every parameter for N units and hidden width H, in the order in which they are drawn, stored and updated. */
export function parameterShapes(units: number, hidden: number): Record<ParameterName, number[]> {
  return {
    A1: [2, hidden],
    a1: [hidden],
    A2: [hidden, hidden],
    a2: [hidden],
    A3: [hidden, units * units],
    a3: [units * units],
    gamma: [units],
  };
}

/** A record with one entry a parameter, made by `make(name)`. */
export function perParameter<T>(make: (name: ParameterName) => T): Record<ParameterName, T> {
  return {
    A1: make("A1"),
    a1: make("a1"),
    A2: make("A2"),
    a2: make("a2"),
    A3: make("A3"),
    a3: make("a3"),
    gamma: make("gamma"),
  };
}

/**
 * Tensors from flat arrays, row by row. Throws an error that names the tensor when a length does not fit N and H or when a
 * value is not finite.
 */
export function parametersFrom(
  values: Record<ParameterName, ArrayLike<number>>,
  units: number,
  hidden: number,
): Parameters {
  const shapes = parameterShapes(units, hidden);
  for (const [name, shape] of Object.entries(shapes)) {
    const flat = values[name as ParameterName];
    const expected = shape.reduce((a, b) => a * b, 1);
    if (flat.length !== expected)
      throw new Error(`${name} has ${flat.length} values; expected ${expected}, shape [${shape.join(", ")}]`);
    assertFinite(name, flat);
  }
  return perParameter((name) => tf.tensor(Float32Array.from(values[name]), shapes[name] as [number])) as Parameters;
}

/** Throws an error that names the tensor, the place and the value if one of `values` is NaN or infinite. */
export function assertFinite(name: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i])) throw new Error(`${name}[${i}] is ${String(values[i])}; expected a finite number`);
}
