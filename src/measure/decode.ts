import type { RateMaps } from "./rate-map.ts";

/** Reads places off states by comparing them with a population's rate maps. */
export class Decoder {
  readonly #maps: RateMaps;
  readonly #radius: number;
  /** Of each bin, [bins * bins, units], at length one; bins that were not visited are not there. */
  readonly #vectors: (Float64Array | undefined)[];

  /** @param radius how far from the true place a decoded one may be, in metres: a periodic code leaves open which period */
  constructor(maps: RateMaps, radius: number) {
    this.#maps = maps;
    this.#radius = radius;
    const area = maps.bins * maps.bins;
    this.#vectors = Array.from({ length: area }, (_, bin) => {
      const vector = Float64Array.from({ length: maps.units }, (_, unit) => maps.values[unit * area + bin]!);
      const size = Math.hypot(...vector);
      return Number.isNaN(size) || size === 0 ? undefined : vector.map((rate) => rate / size);
    });
  }

  /**
   * The centre (metres) of the bin whose population vector is most like the state, among those within the radius of the true
   * place (x, y); undefined if none of them was visited.
   * @spec C9
   */
  place(state: ArrayLike<number>, x: number, y: number): [number, number] | undefined {
    const { bins, box, units } = this.#maps;
    const width = box / bins;
    const centre = (bin: number): number => ((bin + 0.5) / bins - 0.5) * box;
    const reach = Math.ceil(this.#radius / width);
    const column = Math.floor((x / box + 0.5) * bins);
    const row = Math.floor((y / box + 0.5) * bins);
    let best = -Infinity;
    let place: [number, number] | undefined;
    for (let i = Math.max(0, row - reach); i <= Math.min(bins - 1, row + reach); i++) {
      for (let j = Math.max(0, column - reach); j <= Math.min(bins - 1, column + reach); j++) {
        const vector = this.#vectors[i * bins + j];
        if (vector === undefined || Math.hypot(centre(j) - x, centre(i) - y) > this.#radius) continue;
        let likeness = 0;
        for (let unit = 0; unit < units; unit++) likeness += vector[unit]! * state[unit]!;
        if (likeness > best) [best, place] = [likeness, [centre(j), centre(i)]];
      }
    }
    return place;
  }

  /** How far the decoded place is from the true place, in metres; NaN if no bin within the radius was visited. */
  error(state: ArrayLike<number>, x: number, y: number): number {
    const place = this.place(state, x, y);
    return place ? Math.hypot(place[0] - x, place[1] - y) : NaN;
  }
}
