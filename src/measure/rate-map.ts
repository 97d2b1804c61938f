import { requireCount, requirePositive, requireThat } from "../io/require.ts";

/**
 * Rate maps of a population in one square box centred on the origin.
 * `values` is [units, bins, bins], row-major: unit, then y, then x, both upwards from -box / 2. NaN means unvisited.
 */
export interface RateMaps {
  units: number;
  bins: number;
  /** Side of the box, in metres. */
  box: number;
  values: Float64Array | Float32Array;
}

/** Sides of a box that maps are judged in, in metres or in any other unit of length. */
export const BOX = { least: 1e-3, most: 1e4 };

/** The map of one unit, [bins, bins], as a copy in float64. */
export function mapOf(maps: RateMaps, unit: number): Float64Array {
  const area = maps.bins * maps.bins;
  return Float64Array.from(maps.values.subarray(unit * area, (unit + 1) * area));
}

/**
 * The bin of a coordinate along one axis: bin i holds -box/2 + i w <= x < -box/2 + (i + 1) w with w = box / bins, and
 * the last bin holds the box's upper edge too.
 * @throws InputError for a coordinate outside the box
 */
export function binOf(coordinate: number, bins: number, box: number): number {
  requireThat(Math.abs(coordinate) <= box / 2, "position", coordinate, `within ${box / 2} m of the box's centre`);
  return Math.min(bins - 1, Math.floor((coordinate / box + 0.5) * bins));
}

/**
 * M2. Adds up states by place, and gives each unit's mean state in each bin.
 *
 * Bins that nobody visited are NaN in the rate maps, never 0.
 * @spec M2
 */
export class RateMapAccumulator {
  readonly units: number;
  readonly bins: number;
  readonly box: number;
  /** Visits to each bin, [bins, bins]: y, then x. */
  readonly occupancy: Uint32Array;
  /** Sums of states, [bins * bins, units]: a visit touches one run of memory. */
  readonly #sums: Float64Array;

  /** @throws InputError for a count below 1 or a box that is not positive */
  constructor(units: number, bins: number, box: number) {
    requireCount("units", units, 1);
    requireCount("bins", bins, 1);
    requirePositive("box", box, "metres");
    this.units = units;
    this.bins = bins;
    this.box = box;
    this.occupancy = new Uint32Array(bins * bins);
    this.#sums = new Float64Array(bins * bins * units);
  }

  /**
   * Adds M visits.
   * @param positions [M, 2] in metres
   * @param states [M, units]
   * @throws InputError for lengths that do not agree, a position outside the box or a state that is not finite
   */
  add(positions: ArrayLike<number>, states: ArrayLike<number>): void {
    const visits = positions.length / 2;
    requireThat(
      states.length === visits * this.units,
      "states",
      `of length ${states.length}`,
      `${visits * this.units}`,
    );
    for (let m = 0; m < visits; m++) {
      const column = binOf(positions[2 * m]!, this.bins, this.box);
      const row = binOf(positions[2 * m + 1]!, this.bins, this.box);
      const bin = row * this.bins + column;
      this.occupancy[bin]! += 1;
      for (let unit = 0; unit < this.units; unit++) {
        const state = states[m * this.units + unit]!;
        requireThat(Number.isFinite(state), `state of unit ${unit}`, state, "a finite number");
        this.#sums[bin * this.units + unit]! += state;
      }
    }
  }

  /** The rate maps of all visits so far. */
  maps(): RateMaps {
    const area = this.bins * this.bins;
    const values = new Float64Array(this.units * area);
    for (let bin = 0; bin < area; bin++) {
      const visits = this.occupancy[bin]!;
      for (let unit = 0; unit < this.units; unit++) {
        values[unit * area + bin] = visits === 0 ? NaN : this.#sums[bin * this.units + unit]! / visits;
      }
    }
    return { units: this.units, bins: this.bins, box: this.box, values };
  }
}
