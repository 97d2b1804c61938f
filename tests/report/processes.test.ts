import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { inProcesses } from "../../src/cli/processes.ts";
import { InputError } from "../../src/io/error.ts";
import type { Echo } from "./echo-child.ts";

const SCRIPT = fileURLToPath(new URL("./echo-child.ts", import.meta.url));

async function partsOf(jobs: Echo[], workers: number): Promise<{ name: string; part: number; values: Float64Array }[]> {
  const parts: { name: string; part: number; values: Float64Array }[] = [];
  await inProcesses(SCRIPT, jobs, workers, (part) => {
    parts.push(part as (typeof parts)[number]);
  });
  return parts;
}

describe("jobs in child processes", { timeout: 300_000 }, () => {
  // Kills: the last parts of a child that are lost when it exits, jobs left out where there are more than workers, parts in another order.
  test.each([1, 2])("send all their parts, %i at a time", async (workers) => {
    const jobs = ["a", "b", "c"].map((name) => ({ name, numbers: 400_000, parts: 3 }));
    const parts = await partsOf(jobs, workers);
    for (const { name } of jobs) {
      const own = parts.filter((part) => part.name === name);
      expect(own.map(({ part }) => part)).toEqual([0, 1, 2]);
      for (const { part, values } of own) expect([values.length, values.at(-1)]).toEqual([400_000, part]);
    }
    if (workers === 1) expect(parts.map(({ name }) => name).join("")).toBe("aaabbbccc");
  });

  // Kills: bad input as a crash, a child that died as one that is done, other children left running.
  test("pass on what went wrong", async () => {
    const fails = (kind: Echo["fails"]): Echo => ({
      name: "x",
      numbers: 1,
      parts: 1,
      ...(kind ? { fails: kind } : {}),
    });
    await expect(partsOf([fails("input")], 1)).rejects.toThrow(new InputError("x is wrong; expected another"));
    await expect(partsOf([fails("otherwise")], 1)).rejects.toThrow("ended with exit code 3");
  });

  test("are no processes at all without jobs (mutant: one that waits for nothing)", async () => {
    expect(await partsOf([], 2)).toEqual([]);
  });
});
