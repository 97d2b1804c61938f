import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { openEngine } from "../../src/backend/engines.ts";
import { emergence } from "../../src/measure/emergence.ts";
import { goldenAnalysis } from "../../src/golden/golden-walk.ts";
import { picture } from "../../src/report/module-picture.ts";
import { table } from "../../src/measure/judgement-table.ts";
import { holdsRun, loadCheckpoint, newestCheckpoint } from "../../src/train/checkpoint.ts";
import { PRESETS } from "../../src/train/config.ts";
import { writeAtomically } from "../../src/io/files.ts";
import { closingLosses } from "../../src/train/metrics.ts";
import { readMetrics } from "../../src/train/metrics-file.ts";
import { stepsOf } from "../../src/train/restarts.ts";

/** Seeds to train, one after the other, and where the evidence stays: runs, losses, checkpoints, pictures. */
const SEEDS = (process.env["SIC_SEEDS"] ?? "100,101,102").split(",").map(Number);
const EVIDENCE = process.env["SIC_EVIDENCE"] ?? "runs/emergence";

/** What is trained: the preset in which grid modules emerge. */
const PRESET = "fast";

/** Of the seeds trained, how many may fail to show grid modules. */
const ALLOWED_FAILURES = Math.floor(SEEDS.length / 3);

/** Trains in a process of its own, from scratch or from the newest checkpoint; killed without warning after `killAt` steps. */
function train(folder: string, seed: number, killAt?: number): Promise<void> {
  const start = holdsRun(folder) ? ["--resume"] : ["--preset", PRESET, "--seed", String(seed)];
  const args = ["--import", "tsx", "src/cli/train.ts", "--out", folder, ...start];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
    const watch = setInterval(() => {
      if (killAt !== undefined && holdsRun(folder) && stepsDone(folder) >= killAt) child.kill("SIGKILL");
    }, 1000);
    child.on("close", (code, signal) => {
      clearInterval(watch);
      if (code === 0 || signal === "SIGKILL") resolve();
      else
        reject(new Error(`training seed ${seed} ended with exit code ${String(code)}; its evidence is in ${folder}`));
    });
  });
}

function stepsDone(folder: string): number {
  return existsSync(join(folder, "checkpoints")) && readdirSync(join(folder, "checkpoints")).length > 0
    ? Number(newestCheckpoint(folder).match(/\d+$/)![0])
    : 0;
}

describe("emergence from scratch", { timeout: 24 * 3_600_000 }, () => {
  const verdicts: { seed: number; emerged: boolean }[] = [];
  beforeAll(async () => {
    await openEngine(undefined);
  });

  // Kills: a resumed run that starts anew or trains otherwise, losses that no longer fall to where modules need them.
  it.each(SEEDS)(
    "seed %i: killed once, resumed, trained to the end; its losses are those of a trained network",
    async (seed) => {
      const folder = join(EVIDENCE, `seed-${seed}`);
      if (!holdsRun(folder)) await train(folder, seed, 2 * PRESETS[PRESET].checkpointEvery);
      const before = stepsDone(folder);
      await train(folder, seed);
      const { config, attempts } = loadCheckpoint(folder);
      const { rejectedAttempts, training } = attempts;
      expect(before).toBeGreaterThan(0);
      const rejected = stepsOf(rejectedAttempts);
      expect(training.step).toBe(config.steps);
      const lines = readMetrics(join(folder, "metrics.jsonl")).filter((line) => line.step > rejected);
      expect(lines).toHaveLength(config.steps / config.logEvery);
      const closing = closingLosses(
        lines.map((line) => ({ ...line, step: line.step - rejected })),
        config.steps,
      );
      expect(closing.inv).toBeLessThan(0.15);
      expect(closing.sep).toBeLessThan(0.13);
      const analysis = goldenAnalysis({ config, parameters: training.parameters });
      const verdict = emergence(analysis.judgement);
      writeAtomically(join(folder, "modules.png"), picture(analysis));
      writeAtomically(
        join(folder, "modules.json"),
        `${JSON.stringify({ ...verdict, ...analysis.judgement }, null, 1)}\n`,
      );
      process.stdout.write(`seed ${seed}: ${JSON.stringify(verdict)}\n${table(analysis.judgement)}\n`);
      verdicts.push({ seed, emerged: verdict.emerged });
    },
  );

  // Kills: a change of anything that trains after which grid modules no longer emerge.
  it("grid modules emerge in at least two thirds of the seeds", () => {
    expect(verdicts).toHaveLength(SEEDS.length);
    expect(verdicts.filter(({ emerged }) => !emerged).length).toBeLessThanOrEqual(ALLOWED_FAILURES);
  });
});
