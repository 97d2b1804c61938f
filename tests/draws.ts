import fc from "fast-check";
import { Random } from "../src/train/random-source.ts";

/** With SIC_DRAWS set, tests draw from that seed, so that a run can be repeated; without it they draw anew each time. */
const seed = process.env["SIC_DRAWS"];
if (seed !== undefined) fc.configureGlobal({ seed: Number(seed) });

const random = Random.fromSeed(seed === undefined ? Date.now() % 2 ** 31 : Number(seed));

/** A number of [0, 1) for a test that draws without fast-check. */
export function draw(): number {
  return random.uniform();
}
