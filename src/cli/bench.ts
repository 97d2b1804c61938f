import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { trainingEngines, type EngineName } from "../backend/engines.ts";
import { fittedExponent, GROWTH } from "../bench/growth.ts";
import type { StepTimes } from "../bench/measure-step.ts";
import { writeAtomically } from "../io/files.ts";
import { withGeneratedBlock } from "../io/generated-block.ts";
import { markdownLine, markdownTable } from "../io/text-table.ts";
import { READ_TYPESCRIPT } from "../io/typescript.ts";
import { preset as presetOf, statesInPairs } from "../train/config.ts";
import { command, countFromOne, main } from "./command.ts";

/** The step as a tape takes minutes at the paper's sizes, and is left out there. */
const ROWS = [
  { preset: "glimpse", tape: true },
  { preset: "fast", tape: true },
  { preset: "wide", tape: true },
  { preset: "paper", tape: false },
];

const PARTS = ["data", "rollout", "losses", "backward", "optimiser"] as const;
const README = fileURLToPath(new URL("../../README.md", import.meta.url));

/** Hears each row of a table, the head first. */
type OnRow = (cells: string[]) => void;

interface BenchOptions {
  repeats: number;
  growth?: boolean;
  write?: boolean;
}

await main(
  command("bench", "Times a training step of each preset at its largest T, on each installed engine.")
    .option("--repeats <count>", "number of steps that are timed; the median is shown", countFromOne, 20)
    .option("--growth", "show instead how the time of a step of `fast` grows with N, B and T")
    .option("--write", "also write the table into README.md")
    .action(async ({ repeats, growth, write }: BenchOptions) => {
      const engines = await trainingEngines();
      const rows: string[][] = [];
      const onRow = (cells: string[]): void => {
        rows.push(cells);
        process.stdout.write(`${(rows.length === 1 ? markdownTable([cells]) : [markdownLine(cells)]).join("\n")}\n`);
      };
      if (growth) showGrowth(engines, repeats, onRow);
      else showSteps(engines, repeats, onRow);
      if (!write) return;
      const [name, source]: [string, string] = growth
        ? ["growth", "npm run bench -- --growth --write"]
        : ["bench", "npm run bench -- --write"];
      const page = readFileSync(README, "utf8");
      writeAtomically(README, withGeneratedBlock(page, name, source, markdownTable(rows)));
    }),
);

/** Gives a row for each engine and preset: its sizes, the time of a step, the share of each part, and ratios. */
function showSteps(engines: EngineName[], repeats: number, onRow: OnRow): void {
  const parts = PARTS.map((part) => `${part} %`);
  const ratios = ["GFLOP/s", "of product", "as it reads / ours", "tape / ours", "MB"];
  onRow(["engine", "preset", "B, T, N", "pairs of", "ms a step", ...parts, ...ratios]);
  for (const engine of engines)
    for (const { preset, tape } of ROWS) {
      const t = timed(preset, {}, engine, preset === "paper" ? Math.ceil(repeats / 4) : repeats, tape ? 3 : 0);
      const config = presetOf(preset);
      onRow([
        engine,
        preset,
        [config.trajectories, config.timesteps, config.units].join(", "),
        String(statesInPairs(config)),
        t.step.toFixed(0),
        ...PARTS.map((part) => ((100 * t[part]) / t.step).toFixed(0)),
        t.gflops.toFixed(1),
        `${(100 * t.productShare).toFixed(0)} %`,
        t.readableRatio.toFixed(1),
        tape ? t.tapeRatio.toFixed(1) : "-",
        t.memory.toFixed(0),
      ]);
    }
}

/**
 * Gives a row for each engine and size: the times at half the size, at the size and at twice the size, and the
 * exponent that fits them.
 */
function showGrowth(engines: EngineName[], repeats: number, onRow: OnRow): void {
  onRow(["engine", "size", "of", "ms a step", "exponent"]);
  for (const engine of engines)
    for (const { symbol, key, sizes } of GROWTH) {
      const times = sizes.map((size) => timed("fast", { [key]: size, curriculum: [] }, engine, repeats, 0).step);
      const shown = times.map((ms) => ms.toFixed(0)).join(", ");
      onRow([engine, symbol, sizes.join(", "), shown, fittedExponent(sizes, times).toFixed(2)]);
    }
}

function timed(preset: string, change: object, engine: string, repeats: number, tapeRepeats: number): StepTimes {
  const script = fileURLToPath(new URL("../bench/measure-step-child.ts", import.meta.url));
  const settings = [preset, JSON.stringify(change), engine, String(repeats), String(tapeRepeats)];
  const args = [...READ_TYPESCRIPT, script, ...settings];
  const run = spawnSync(process.execPath, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  if (run.status !== 0) throw new Error(`timing ${preset} on ${engine} ended with exit code ${String(run.status)}`);
  return JSON.parse(run.stdout.trim()) as StepTimes;
}
