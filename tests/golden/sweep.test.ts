import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jobOf, planOf, readPlan, sweepTable, writePlan, type JobResult } from "../../src/golden/sweep.ts";
import { PRESETS } from "../../src/train/config.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sic-sweep-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const sweep = (...words: string[]) =>
  spawnSync(process.execPath, ["--import", "tsx", "src/cli/golden-sweep.ts", ...words], { encoding: "utf8" });

describe("a sweep's plan", () => {
  // Kills: a combination left out or twice, seeds that vary slower than settings, settings of the preset that are lost.
  it("has a job for each combination and seed", () => {
    const { settings, jobs } = planOf(PRESETS.fast, { velocityMax: [0.2, 0.3], seed: [4, 5, 6] });
    expect(settings).toEqual(["velocityMax", "seed"]);
    expect(jobs.map(({ velocityMax, seed }) => [velocityMax, seed])).toEqual(
      [0.2, 0.3].flatMap((velocityMax) => [4, 5, 6].map((seed) => [velocityMax, seed])),
    );
    for (const job of jobs)
      expect({ ...job, velocityMax: 0.3, seed: 0 }).toEqual({ ...PRESETS.fast, velocityMax: 0.3, seed: 0 });
  });

  // Kills: a key that is no setting, a value of another kind, an index beyond the last one.
  it("refuses what cannot be trained", () => {
    expect(() => planOf(PRESETS.fast, { speed: [1] })).toThrow('the grid has "speed"; expected a key of the config');
    expect(() => planOf(PRESETS.fast, { units: [] })).toThrow('no values of "units"');
    expect(() => planOf(PRESETS.fast, { units: ["many"] })).toThrow("units");
    expect(() => jobOf(planOf(PRESETS.fast, { seed: [1, 2] }), 2)).toThrow(
      "the job is 2; expected a whole number from 0 to 1",
    );
  });

  // Kills: a plan that takes the place of another one, whose runs would be mixed up.
  it("is kept in its folder, and is not replaced by another one", () => {
    const out = join(folder, "kept");
    const plan = planOf(PRESETS.glimpse, { seed: [1, 2] });
    writePlan(out, plan);
    writePlan(out, plan);
    expect(readPlan(out)).toEqual(plan);
    expect(() => {
      writePlan(out, planOf(PRESETS.glimpse, { seed: [3] }));
    }).toThrow("holds another sweep");
    expect(() => readPlan(folder)).toThrow("holds no sweep.json");
  });

  it("becomes a table with a row for each result (mutants: settings left out; the preset's value for the job's)", () => {
    const plan = planOf(PRESETS.fast, { velocityMax: [0.2, 0.3], seed: [4] });
    const judgement = { units: 64, active: 0, modules: [], pairs: [] } as unknown as JobResult["judgement"];
    const [head, , row] = sweepTable(plan, [{ index: 1, config: plan.jobs[1]!, attempts: 2, judgement }]);
    const cells = (line: string): string[] => line.split("|").map((cell) => cell.trim());
    expect(cells(head!).slice(1, 7)).toEqual(["job", "velocityMax", "seed", "verdict", "grid modules", "attempts"]);
    expect(cells(row!).slice(1, 7)).toEqual(["1", "0.3", "4", "not emerged", "0", "2"]);
  });
});

describe("the command golden:sweep", { timeout: 1_200_000 }, () => {
  const tiny = ["steps=4", "units=6", "hidden=4", "trajectories=2", "timesteps=4", "pairStates=8", "logEvery=2"];
  const settings = tiny.flatMap((setting) => ["--set", setting]);

  // Kills: jobs that are not trained, trained twice or by another config, a table without them, finished jobs that are lost.
  it("plans, trains and gathers, by index and side by side", () => {
    const out = join(folder, "tiny");
    const planned = execFileSync(
      process.execPath,
      ["--import", "tsx", "src/cli/golden-sweep.ts", "plan", out, "--preset", "glimpse", "--seeds", "1-2", ...settings],
      { encoding: "utf8" },
    );
    expect(JSON.parse(planned)).toEqual([0, 1]);
    expect(sweep("job", out, "0", "--backend", "wasm").status).toBe(0);
    const partly = sweep("gather", out, "--backend", "wasm");
    expect([partly.status, partly.stderr.includes("jobs 1 are not finished")]).toEqual([1, true]);
    const all = sweep("run", out, "--workers", "2", "--backend", "wasm");
    expect(all.stdout.split("\n").sort().join(" ")).toContain("[0] done: job 0 [1] done: job 1");
    const gathered = sweep("gather", out, "--backend", "wasm");
    expect(gathered.status).toBe(0);
    expect(gathered.stdout.trim().split("\n")).toHaveLength(4);
    const results = JSON.parse(readFileSync(join(out, "results.json"), "utf8")) as JobResult[];
    expect(results.map(({ config }) => [config.seed, config.steps])).toEqual([
      [1, 4],
      [2, 4],
    ]);
  });

  // Kills: bad input as a stack trace, or only after training.
  it("refuses bad input in one line", () => {
    const out = join(folder, "bad");
    for (const [words, sentence] of [
      [["plan", out, "--seeds", "9-1"], '--seeds is "9-1"; expected seeds such as 0-9 or 1,4,7'],
      [["plan", out, "--set", "units"], '--set is "units"; expected a key of the config with its values'],
      [["job", out, "0"], "holds no sweep.json; expected the folder of a planned sweep"],
    ] as const) {
      const { status, stderr } = sweep(...words);
      expect([status, stderr.trim().split("\n").length]).toEqual([2, 1]);
      expect(stderr).toContain(sentence);
    }
    expect(existsSync(out)).toBe(false);
  });
});
