import { LARGEST_DEPARTURE, LARGEST_RATIO } from "./classify.ts";
import { Fourier } from "./fourier.ts";
import { isHighest } from "./peaks.ts";
import { mapOf } from "./rate-map.ts";
import type { RateMaps } from "./rate-map.ts";
import { combined, coordinates, direction, length, modulo } from "./vector.ts";
import type { Vector } from "./vector.ts";

/** Grids are padded to the power of two that is at least this many times as long as the map. */
const PADDING = 2;

/** A maximum counts as a peak of a spectrum if it has at least this share of the highest one's power. */
export const LEAST_POWER = 1 / 3;

/** Six peaks stand out if the next one has at most this share of the lowest one's power. */
export const LARGEST_REST = 0.5;

/** Largest distance of a harmonic from its place among the others, as a share of the shorter of two wave vectors. */
const LARGEST_OFF = 0.2;

/** A power spectrum over wave vectors, [size, size], row-major: y, then x; the zero wave vector at (size / 2, size / 2). */
export interface Spectrum {
  size: number;
  /** Between two neighbouring wave vectors, in cycles a metre. */
  spacing: number;
  power: Float64Array;
}

/** The weights of Hann's window over [bins, bins]: 0 at the edges of the box, 1 in its middle. */
export function hann(bins: number): Float64Array {
  const along = Float64Array.from({ length: bins }, (_, i) => Math.sin((Math.PI * (i + 0.5)) / bins) ** 2);
  return Float64Array.from({ length: bins * bins }, (_, i) => along[i % bins]! * along[Math.floor(i / bins)]!);
}

/** A map less its mean under a window, and times it; unvisited bins are 0. Its sum is 0. */
export function windowed(map: Float64Array, window: Float64Array): Float64Array {
  let [sum, weight] = [0, 0];
  map.forEach((rate, bin) => {
    if (Number.isNaN(rate)) return;
    sum += window[bin]! * rate;
    weight += window[bin]!;
  });
  const mean = sum / weight;
  return map.map((rate, bin) => (Number.isNaN(rate) ? 0 : window[bin]! * (rate - mean)));
}

/**
 * C3. The mean power spectrum of some units' rate maps, each under Hann's window.
 * @spec C3
 */
export function meanSpectrum(maps: RateMaps, units: readonly number[]): Spectrum {
  const { bins, box } = maps;
  const size = 2 ** Math.ceil(Math.log2(PADDING * bins));
  const fourier = new Fourier(size);
  const window = hann(bins);
  const power = new Float64Array(size * size);
  for (const unit of units) {
    const map = windowed(mapOf(maps, unit), window);
    const grid = new Float64Array(2 * size * size);
    map.forEach((value, bin) => {
      grid[2 * (Math.floor(bin / bins) * size + (bin % bins))] = value;
    });
    const spectrum = fourier.forward(grid); // [x frequency, y frequency]
    for (let x = 0; x < size; x++) {
      for (let y = 0; y < size; y++) {
        const from = 2 * (x * size + y);
        const to = ((y + size / 2) % size) * size + ((x + size / 2) % size);
        power[to]! += (spectrum[from]! ** 2 + spectrum[from + 1]! ** 2) / units.length;
      }
    }
  }
  return { size, spacing: bins / (size * box), power };
}

/** A peak of a spectrum: its wave vector in cycles a metre, and its power. */
export interface WavePeak {
  k: Vector;
  power: number;
}

/** The offset, within half a step, of the top of the parabola through three logarithms of neighbouring values. */
function topOf(before: number, here: number, after: number): number {
  const curvature = before - 2 * here + after;
  return curvature < 0 ? Math.max(-0.5, Math.min(0.5, (before - after) / (2 * curvature))) : 0;
}

/**
 * The peaks of a spectrum in the upper half plane (those of the lower one mirror them), highest first. A peak is higher than its
 * eight neighbours, at least `reach` cycles a metre from every higher peak and its mirror image, and has at least a sixth of
 * the highest one's power. (Nothing within `reach` need be lower: that would take in the flanks of higher peaks beyond it.)
 */
export function wavePeaks({ size, spacing, power }: Spectrum, reach: number): WavePeak[] {
  const middle = size / 2;
  const found: WavePeak[] = [];
  // One accessor for all waves, as in `peaks`.
  let here = 0;
  const at = (dx: number, dy: number): number => power[here + dy * size + dx]!;
  const log = (dx: number, dy: number): number => Math.log(at(dx, dy));
  for (let y = 0; y < middle - 1; y++) {
    for (let x = y === 0 ? 1 : 1 - middle; x < middle - 1; x++) {
      here = (middle + y) * size + middle + x;
      if (!isHighest(at, 1)) continue;
      const dx = topOf(log(-1, 0), log(0, 0), log(1, 0));
      const dy = topOf(log(0, -1), log(0, 0), log(0, 1));
      found.push({ k: [(x + dx) * spacing, (y + dy) * spacing], power: at(0, 0) });
    }
  }
  found.sort((p, q) => q.power - p.power);
  const peaks: WavePeak[] = [];
  for (const peak of found) {
    if (peak.power < LEAST_POWER * LARGEST_REST * found[0]!.power) break;
    if (peaks.every(({ k }) => gap(k, peak.k) >= reach)) peaks.push(peak);
  }
  return peaks;
}

/** The distance of one wave vector from another or from its mirror image, whichever is nearer. */
function gap([ax, ay]: Vector, [bx, by]: Vector): number {
  return Math.min(Math.hypot(ax - bx, ay - by), Math.hypot(ax + bx, ay + by));
}

/** Whether a wave vector is a whole combination of two others: a lattice of narrow fields has such waves of its own. */
function isHarmonic(k: Vector, first: Vector, second: Vector, reach: number): boolean {
  const [m, n] = coordinates(k, first, second).map(Math.round) as [number, number];
  const off = length(combined(1, k, -1, combined(m, first, n, second)));
  return off <= Math.min(reach, LARGEST_OFF * Math.min(length(first), length(second)));
}

/** The three wave vectors k1, k2, k3 of a spectrum that has six peaks, and how well they make a hexagon. */
export interface SixPeaks {
  /** In cycles a metre, by direction within [0, 180) degrees. */
  k: [Vector, Vector, Vector];
  /** Angles from k1 to k2, k2 to k3 and k3 to -k1, in degrees; they add up to 180. */
  angles: [number, number, number];
  /** Longest over shortest. */
  ratio: number;
  /** Lowest of the three powers over the highest. */
  evenness: number;
  /** Power of the next peak that is no harmonic of these, over the lowest of the three; 0 if there is none. */
  rest: number;
  /** The share of all power that lies within `reach` of the six peaks. */
  share: number;
  /** Six peaks that stand out, at angles of 60 degrees and of equal length. */
  hexagonal: boolean;
}

/**
 * C3. The six strongest peaks of a module's mean spectrum.
 * @param reach smallest distance of two peaks, in cycles a metre; Hann's window over a box of L makes peaks 2 / L wide to each side
 * @returns undefined if there are fewer than six
 * @spec C3
 */
export function sixPeaks(spectrum: Spectrum, reach: number): SixPeaks | undefined {
  const peaks = wavePeaks(spectrum, reach);
  const three = peaks.slice(0, 3);
  if (three.length < 3 || three[2]!.power < LEAST_POWER * three[0]!.power) return undefined;
  const k = three.map((peak) => peak.k).sort((p, q) => direction(p, 180) - direction(q, 180));
  const turns = k.map((vector) => direction(vector, 180));
  const angles = turns.map((turn, i) => modulo(turns[(i + 1) % 3]! - turn, 180));
  const lengths = k.map(length);
  const ratio = Math.max(...lengths) / Math.min(...lengths);
  const foreign = peaks.slice(3).find((peak) => !isHarmonic(peak.k, k[0]!, k[1]!, reach));
  const rest = (foreign?.power ?? 0) / three[2]!.power;
  const even = angles.every((angle) => Math.abs(angle - 60) <= LARGEST_DEPARTURE);
  return {
    k: k as [Vector, Vector, Vector],
    angles: angles as [number, number, number],
    ratio,
    evenness: three[2]!.power / three[0]!.power,
    rest,
    share: shareNear(spectrum, k, reach),
    hexagonal: even && ratio <= LARGEST_RATIO && rest <= LARGEST_REST,
  };
}

/** The share of a spectrum's power within `reach` of the wave vectors +-k. */
function shareNear({ size, spacing, power }: Spectrum, k: readonly Vector[], reach: number): number {
  const centres = k.flatMap(([x, y]): Vector[] => [
    [x, y],
    [-x, -y],
  ]);
  let [near, all] = [0, 0];
  power.forEach((value, i) => {
    const x = ((i % size) - size / 2) * spacing;
    const y = (Math.floor(i / size) - size / 2) * spacing;
    all += value;
    if (centres.some(([cx, cy]) => (x - cx) ** 2 + (y - cy) ** 2 <= reach * reach)) near += value;
  });
  return near / all;
}
