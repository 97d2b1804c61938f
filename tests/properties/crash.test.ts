import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { filesOf, KINDS, struck, Trainings } from "../crash/trainings.ts";
import { draw } from "../draws.ts";

let trainings: Trainings;
let operations = 0;
let expected = new Map<string, Buffer>();
beforeAll(async () => {
  trainings = await Trainings.of("wasm");
  const whole = trainings.folder();
  operations = (await trainings.train(whole)).operations;
  expected = filesOf(whole);
});
afterAll(() => {
  trainings.close();
});

// The short form of `npm run test:crash`, which strikes at every operation.
describe("a training that is struck at one of its file operations", () => {
  // Kills: files that are written in place, a checkpoint that counts before it is whole, a lock that stays, a stack for a full disk.
  test.each(KINDS)("%s: the run ends as if nothing had been, or says one line first", async (kind) => {
    expect(operations).toBeGreaterThan(100);
    const at = 1 + Math.floor(draw() * operations);
    const { faults } = await struck(trainings, expected, { name: kind, strikes: [{ at, kind }] });
    expect(faults, `at operation ${at}`).toEqual([]);
  });
});
