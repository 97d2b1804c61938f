import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openEngine } from "../../src/backend/engines.ts";
import { draw } from "../draws.ts";
import { fuzz } from "../fuzz/campaign.ts";
import { readersIn } from "../fuzz/readers.ts";

/** Inputs for each reader; `npm run test:fuzz` draws 100,000 for all. */
const INPUTS = 60;

let folder = "";
beforeAll(async () => {
  await openEngine("wasm");
  folder = mkdtempSync(join(tmpdir(), "sic-fuzz-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe("readers of what a stranger may have made", () => {
  // Kills: a reader that trusts lengths, types, keys or numbers of a file, a reply or a command line.
  test("every input is accepted with finite numbers, or refused in one line", async () => {
    for (const reader of await readersIn(folder)) {
      const seed = Math.floor(2 ** 31 * draw());
      const { faults, accepted, refused } = fuzz(reader, INPUTS, seed);
      expect(faults, `${reader.name}, seed ${seed}`).toEqual([]);
      expect(accepted + refused).toBe(INPUTS);
    }
  });
});
