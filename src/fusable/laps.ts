/** Milliseconds of the parts of a work. */
let laps: Map<string, number> | undefined;
let last = 0;

/** Ends a part of a step, where a benchmark listens. A fused step has no functions that could be timed one by one. */
export function lap(part: string): void {
  if (laps === undefined) return;
  const now = performance.now();
  laps.set(part, (laps.get(part) ?? 0) + now - last);
  last = now;
}

/** Does a work, and gives the milliseconds of its parts by their names; what comes after the last lap is `rest`. */
export async function withLaps(rest: string, work: () => Promise<unknown>): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  laps = found;
  last = performance.now();
  try {
    await work();
    lap(rest);
  } finally {
    laps = undefined;
  }
  return found;
}
