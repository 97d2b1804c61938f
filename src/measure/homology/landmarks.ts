import { requireCount, requireThat } from "../../io/require.ts";

/** Points in a Euclidean space: [count, dimensions] row by row. */
export interface Cloud {
  count: number;
  dimensions: number;
  values: Float64Array;
}

/** Euclidean distance of two points of a cloud. */
function distance({ dimensions, values }: Cloud, i: number, j: number): number {
  let sum = 0;
  for (let k = 0; k < dimensions; k++) sum += (values[i * dimensions + k]! - values[j * dimensions + k]!) ** 2;
  return Math.sqrt(sum);
}

/**
 * Euclidean distances between points of a cloud, as `persistence` takes them: [points, points].
 * @param points which ones; all if left out
 */
export function euclideanDistances(cloud: Cloud, points?: readonly number[]): Float64Array {
  const chosen = points ?? Array.from({ length: cloud.count }, (_, point) => point);
  return Float64Array.from({ length: chosen.length ** 2 }, (_, pair) =>
    distance(cloud, chosen[Math.floor(pair / chosen.length)]!, chosen[pair % chosen.length]!),
  );
}

/**
 * M12. Landmarks of a cloud by farthest point sampling (maxmin): each is the point that is farthest from the nearest of those chosen
 * before it, of equally far ones the lowest.
 * @param first the point that is chosen first
 * @returns `count` points in the order in which they were chosen
 * @throws InputError for a cloud that is none, for a first point that it does not have, and for more landmarks than it has places
 * @spec M12
 */
export function landmarks(cloud: Cloud, count: number, first = 0): number[] {
  requireCloud(cloud);
  requireCount("count", count, 1);
  requireThat(Number.isInteger(first) && first >= 0 && first < cloud.count, "first", first, "a point of the cloud");
  const chosen = [first];
  const toNearest = new Float64Array(cloud.count).fill(Infinity);
  while (chosen.length < count) {
    const latest = chosen.at(-1)!;
    toNearest.forEach((far, point) => {
      toNearest[point] = Math.min(far, distance(cloud, point, latest));
    });
    const farthest = toNearest.reduce((best, far, point) => (far > toNearest[best]! ? point : best), 0);
    requireThat(toNearest[farthest]! > 0, "count", count, `at most ${chosen.length}, the places in the cloud`);
    chosen.push(farthest);
  }
  return chosen;
}

function requireCloud({ count, dimensions, values }: Cloud): void {
  requireCount("count of points", count, 1);
  requireCount("dimensions", dimensions, 1);
  requireThat(values.length === count * dimensions, "length of values", values.length, `${count} * ${dimensions}`);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  requireThat(bad < 0, `values[${Math.floor(bad / dimensions)}][${bad % dimensions}]`, values[bad], "a finite number");
}
