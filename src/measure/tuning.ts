/**
 * Spatial information of a rate map, in bits: the sum over visited bins of p (r / R) log2(r / R), where p is the share of
 * one bin and R the mean rate. 0 for a constant map or one without rates above 0; rates below 0 count as 0.
 */
export function spatialInformation(map: Float64Array): number {
  const rates = map.filter((rate) => !Number.isNaN(rate)).map((rate) => Math.max(0, rate));
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  if (!(mean > 0)) return 0;
  return rates.reduce((sum, rate) => (rate > 0 ? sum + (rate / mean) * Math.log2(rate / mean) : sum), 0) / rates.length;
}
