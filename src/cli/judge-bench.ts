import { markdownLine } from "../io/text-table.ts";
import { analyse } from "../measure/judge.ts";
import { population } from "../synthetic/maps.ts";
import { placeCells, spreadModule } from "../synthetic/populations.ts";
import { command, main } from "./command.ts";

/** The sizes that are timed: units, and bins along a side. */
const SIZES = [
  [64, 50],
  [256, 50],
  [1024, 50],
  [4096, 50],
  [256, 25],
  [256, 100],
] as const;

/** A population of which half are grid units in three modules, and half place cells. */
function mixed(units: number, bins: number) {
  const each = Math.floor(units / 6);
  const grids = [0.3, 0.43, 0.6].flatMap((spacing, i) =>
    spreadModule({ bins, box: 2, spacing, orientation: 10 + 15 * i, noise: 0.1, seed: i + 1 }, each, {
      spacing: 0.02,
      orientation: 1,
    }),
  );
  const places = placeCells(bins, 2, units - 3 * each, { fields: [1, 4], width: 0.15, seed: 1 });
  return population([...grids, ...places], 2);
}

await main(
  command("judge:bench", "Times the judge on populations of several sizes. Half of the units are grid units.")
    .option("--largest <units>", "number of units of the largest population", Number, 4096)
    .action(({ largest }: { largest: number }) => {
      const say = (cells: readonly string[]): void => void process.stdout.write(`${markdownLine(cells)}\n`);
      say(["units", "bins", "seconds of CPU", "ms a unit", "MB at most"]);
      say(["---:", "---:", "---:", "---:", "---:"]);
      for (const [units, bins] of SIZES) {
        if (units > largest) continue;
        const maps = mixed(units, bins);
        const before = process.cpuUsage();
        analyse(maps);
        const seconds = process.cpuUsage(before).user / 1e6;
        const memory = process.resourceUsage().maxRSS / 1024;
        say([
          String(units),
          `${bins} x ${bins}`,
          seconds.toFixed(1),
          ((1000 * seconds) / units).toFixed(1),
          memory.toFixed(0),
        ]);
      }
    }),
);
