import { matVec, relu } from "../../spec/oracle-arrays.ts";
import { transitionValues } from "../../spec/oracle-network.ts";
import { positions, rollout } from "../../spec/oracle.ts";
import type { Mat } from "../../spec/oracle.ts";
import type { BatchInput } from "../port/operations.ts";
import type { Case } from "./case.ts";

/** A number closer to a threshold than this share of it may be on the other side in float32. */
const CLOSE = 2e-5;

/**
 * Makes sure that a case has the same answer in float32: no distance, speed or rectified sum is close to its threshold,
 * unless it is exactly on it with numbers that float32 holds.
 * @throws Error that names the case and the number
 */
export function guard(given: Case): void {
  const { operation, input } = given;
  if (operation === "separation" || operation === "invariance") guardDistances(given, input.positions, input.sigmaX);
  if (operation === "conformalIsometry") guardSpeeds(given, input.velocities, input);
  if (operation === "losses" || operation === "gradients") guardBatch(given, input);
  if (operation === "rateMap") guardBins(given, input.positions, input.box / input.bins);
  if (operation === "train") {
    const { parameters, batches, settings } = input;
    for (const batch of batches.flat()) {
      guardBatch(given, { parameters, ...batch, velocityScale: settings.velocityScale, settings });
    }
  }
}

function guardBatch(given: Case, { parameters, velocities, order, velocityScale, settings }: BatchInput): void {
  guardDistances(given, positions(velocities, order).flat(), settings.sigmaX);
  guardSpeeds(given, velocities, settings);
  const layers = velocities.map((velocity) => transitionValues(parameters, velocity, velocityScale));
  const { initial, states } = rollout(parameters, velocities, order, velocityScale);
  const sums = order.flatMap((indices, b) =>
    indices.flatMap((k, t) => matVec(layers[k]!.W, t === 0 ? initial : states[t - 1]![b]!)),
  );
  for (const sum of [...layers.flatMap(({ u1, u2 }) => [...u1, ...u2]), ...sums, ...relu(parameters.gamma)]) {
    if (sum !== 0 && Math.abs(sum) < CLOSE) fail(given, "a rectified sum", sum, 0);
  }
}

function guardDistances(given: Case, places: Mat, sigmaX: number): void {
  for (const x of places) {
    for (const y of places)
      guardThreshold(given, "a distance", [...x, ...y], Math.hypot(x[0]! - y[0]!, x[1]! - y[1]!), sigmaX);
  }
}

function guardSpeeds(given: Case, velocities: Mat, { sigmaS, sigmaC }: { sigmaS: number; sigmaC: number }): void {
  for (const v of velocities) {
    for (const sigma of [sigmaS, sigmaC]) guardThreshold(given, "a speed", v, Math.hypot(v[0]!, v[1]!), sigma);
  }
}

function guardBins(given: Case, places: Mat, width: number): void {
  for (const coordinate of places.flat()) {
    const edge = Math.round(coordinate / width) * width;
    const isExact = coordinate === edge && Math.fround(coordinate) === coordinate;
    if (!isExact && Math.abs(coordinate - edge) < CLOSE) fail(given, "a coordinate", coordinate, edge);
  }
}

function guardThreshold(given: Case, what: string, from: number[], value: number, threshold: number): void {
  const isExact = value === threshold && [...from, threshold].every((number) => Math.fround(number) === number);
  if (!isExact && Math.abs(value - threshold) < CLOSE * threshold) fail(given, what, value, threshold);
}

function fail(given: Case, what: string, value: number, threshold: number): never {
  throw new Error(
    `${given.operation}/${given.name}: ${what} of ${value} is too close to ${threshold}; expected a clear side`,
  );
}
