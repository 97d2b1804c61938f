import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { trainingEngines, type EngineName } from "../backend/engines.ts";
import { fittedExponent, GROWTH } from "../bench/growth.ts";
import type { StepTimes } from "../bench/measure-step.ts";
import { markdownLine, markdownTable } from "../io/text-table.ts";
import { READ_TYPESCRIPT } from "../io/typescript.ts";
import { command, countFromOne, main } from "./command.ts";

/** The step as a tape takes minutes at the paper's sizes, and is left out there. */
const ROWS = [
  { preset: "glimpse", tape: true },
  { preset: "fast", tape: true },
  { preset: "wide", tape: true },
  { preset: "paper", tape: false },
];

const PARTS = ["data", "rollout", "losses", "backward", "optimiser"] as const;
const line = (text: string): void => void process.stdout.write(`${text}\n`);

await main(
  command("bench", "Times a training step of each preset at its largest T, on each installed engine.")
    .option("--repeats <count>", "number of steps that are timed; the median is shown", countFromOne, 20)
    .option("--growth", "show instead how the time of a step of `fast` grows with N, B and T")
    .action(async ({ repeats, growth }: { repeats: number; growth?: boolean }) => {
      const engines = await trainingEngines();
      if (growth) showGrowth(engines, repeats);
      else showSteps(engines, repeats);
    }),
);

/** Prints a line for each engine and preset: the time of a step, the share of each part, and ratios. */
function showSteps(engines: EngineName[], repeats: number): void {
  const parts = PARTS.map((part) => `${part} %`);
  const ratios = ["GFLOP/s", "of product", "as it reads / ours", "tape / ours", "MB"];
  markdownTable([["engine", "preset", "ms a step", ...parts, ...ratios]]).forEach(line);
  for (const engine of engines)
    for (const { preset, tape } of ROWS) {
      const t = timed(preset, {}, engine, preset === "paper" ? Math.ceil(repeats / 4) : repeats, tape ? 3 : 0);
      line(
        markdownLine([
          engine,
          preset,
          t.step.toFixed(0),
          ...PARTS.map((part) => ((100 * t[part]) / t.step).toFixed(0)),
          t.gflops.toFixed(1),
          `${(100 * t.productShare).toFixed(0)} %`,
          t.readableRatio.toFixed(1),
          tape ? t.tapeRatio.toFixed(1) : "-",
          t.memory.toFixed(0),
        ]),
      );
    }
}

/**
 * Prints a line for each engine and size: the times at half the size, at the size and at twice the size, and the
 * exponent that fits them.
 */
function showGrowth(engines: EngineName[], repeats: number): void {
  markdownTable([["engine", "size", "of", "ms a step", "exponent"]]).forEach(line);
  for (const engine of engines)
    for (const { symbol, key, sizes } of GROWTH) {
      const times = sizes.map((size) => timed("fast", { [key]: size, curriculum: [] }, engine, repeats, 0).step);
      const shown = times.map((ms) => ms.toFixed(0)).join(", ");
      line(markdownLine([engine, symbol, sizes.join(", "), shown, fittedExponent(sizes, times).toFixed(2)]));
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
