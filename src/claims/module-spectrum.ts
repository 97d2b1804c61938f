import { meanSpectrum, sixPeaks, type SixPeaks, type Spectrum } from "../measure/spectrum.ts";
import type { View } from "./study.ts";

/** The least distance of two peaks, in cycles a metre: half the width of a peak under Hann's window over a box of side L, 2 / L. */
export function peakDistance(view: View): number {
  return 2 / view.box;
}

/** The mean power spectrum of a module's units, and its six peaks where it has them. */
export function moduleSpectrum(
  view: View,
  units: readonly number[],
): { spectrum: Spectrum; six: SixPeaks | undefined } {
  const spectrum = meanSpectrum(view.analysis.smoothedMaps, units);
  return { spectrum, six: sixPeaks(spectrum, peakDistance(view)) };
}
