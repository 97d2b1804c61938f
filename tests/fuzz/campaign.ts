import { Random } from "../../src/train/random-source.ts";
import { isToldInOneLine, type Input, type Reader } from "./readers.ts";

/** What came of the inputs of one reader. */
export interface Outcome {
  reader: string;
  inputs: number;
  accepted: number;
  refused: number;
  /** Milliseconds of the slowest input. */
  slowest: number;
  faults: string[];
}

/** Draws inputs for a reader, which must accept each with finite numbers or refuse it in one line. */
export function fuzz(reader: Reader, inputs: number, seed: number, onInput?: (done: number) => void): Outcome {
  const outcome: Outcome = { reader: reader.name, inputs, accepted: 0, refused: 0, slowest: 0, faults: [] };
  const random = Random.fromSeed(seed);
  for (let i = 0; i < inputs; i++) {
    onInput?.(i);
    const input = reader.draw(random);
    const started = performance.now();
    try {
      const value = reader.read(input);
      if (!isFinite(value, reader.mayHoldNaN ?? false)) outcome.faults.push(`not finite, accepted: ${shown(input)}`);
      if (({} as Record<string, unknown>)["polluted"] !== undefined || Object.keys(Object.prototype).length > 0)
        outcome.faults.push(`a prototype was changed by ${shown(input)}`);
      outcome.accepted++;
    } catch (error) {
      if (isToldInOneLine(error)) outcome.refused++;
      else outcome.faults.push(`${String((error as Error).stack)} by ${shown(input)}`);
    }
    outcome.slowest = Math.max(outcome.slowest, performance.now() - started);
  }
  return outcome;
}

/** Whether all numbers in a value are finite. */
function isFinite(value: unknown, mayHoldNaN: boolean): boolean {
  if (typeof value === "number") return Number.isFinite(value) || (mayHoldNaN && Number.isNaN(value));
  if (ArrayBuffer.isView(value)) return (value as Float32Array).every((x) => mayHoldNaN || Number.isFinite(x));
  if (typeof value !== "object" || value === null) return true;
  return Object.values(value).every((inner) => isFinite(inner, mayHoldNaN));
}

function shown(input: Input): string {
  const text = Array.isArray(input) ? input.join(" ") : input.toString("latin1");
  return JSON.stringify(text.length > 400 ? `${text.slice(0, 400)}...` : text);
}
