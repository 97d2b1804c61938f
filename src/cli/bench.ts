import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { presentEngines } from "../backend/engines.ts";
import type { StepTimes } from "../bench/measure-step.ts";
import { markdownLine, markdownTable } from "../io/text-table.ts";
import { command, countFromOne, main } from "./command.ts";

/** The paper's sizes take minutes a step as a tape, and on wasm; they are timed on tensorflow, without the tape. */
const ROWS = [
  { preset: "glimpse", engines: ["tensorflow", "wasm"], tape: true },
  { preset: "fast", engines: ["tensorflow", "wasm"], tape: true },
  { preset: "wide", engines: ["tensorflow", "wasm"], tape: true },
  { preset: "paper", engines: ["tensorflow"], tape: false },
];

const PARTS = ["data", "rollout", "losses", "backward", "optimiser"] as const;

await main(
  command("bench", "Times a training step of each preset at its full T, on each engine, in a process of its own.")
    .option("--repeats <count>", "steps timed; the median is shown", countFromOne, 20)
    .action(({ repeats }: { repeats: number }) => {
      const head = [
        "engine",
        "preset",
        "ms a step",
        ...PARTS.map((p) => `${p} %`),
        "GFLOP/s",
        "of product",
        "tape / ours",
        "MB",
      ];
      const line = (text: string): void => void process.stdout.write(`${text}\n`);
      markdownTable([head]).forEach(line);
      for (const engine of presentEngines())
        for (const { preset, engines, tape } of ROWS) {
          if (!engines.includes(engine)) continue;
          const t = timed(preset, engine, preset === "paper" ? Math.ceil(repeats / 4) : repeats, tape ? 3 : 0);
          const share = (part: number): string => ((100 * part) / t.step).toFixed(0);
          line(
            markdownLine([
              engine,
              preset,
              t.step.toFixed(0),
              ...PARTS.map((part) => share(t[part])),
              t.gflops.toFixed(1),
              `${(100 * t.productShare).toFixed(0)} %`,
              tape ? t.tapeRatio.toFixed(1) : "-",
              t.memory.toFixed(0),
            ]),
          );
        }
    }),
);

function timed(preset: string, engine: string, repeats: number, tapeRepeats: number): StepTimes {
  const script = fileURLToPath(new URL("../bench/measure-step-child.ts", import.meta.url));
  const args = ["--import", "tsx", script, preset, engine, String(repeats), String(tapeRepeats)];
  const run = spawnSync(process.execPath, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  if (run.status !== 0) throw new Error(`timing ${preset} on ${engine} ended with exit code ${String(run.status)}`);
  return JSON.parse(run.stdout.trim()) as StepTimes;
}
