import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { writeAtomically } from "../io/files.ts";
import { withGeneratedBlock } from "../io/generated-block.ts";
import { markdownLine, markdownTable } from "../io/text-table.ts";
import { judge } from "../measure/judge.ts";
import { REGIMES } from "../synthetic/regimes.ts";
import { command, countFromOne, main } from "./command.ts";
import { progress } from "./progress.ts";

const PAGE = fileURLToPath(new URL("../../spec/judge.md", import.meta.url));
const COMMAND = "npm run judge:regimes -- --write";

await main(
  command("judge:regimes", "Judges synthetic populations of many kinds, and prints how often the judge is right.")
    .option("--seeds <count>", "number of populations of each kind", countFromOne, 2)
    .option("--only <text>", "judge only the kinds whose name contains this text")
    .option("--write", "also write the table into spec/judge.md")
    .action(({ seeds, only = "", write }: { seeds: number; only?: string; write?: boolean }) => {
      const chosen = REGIMES.filter(({ name }) => name.includes(only));
      const bar = progress("judging", seeds * chosen.length);
      const rows = [["population", "right"]];
      const tell = (lines: string[]): void => void process.stdout.write(`${lines.join("\n")}\n`);
      tell(markdownTable(rows));
      chosen.forEach(({ name, make, right }, place) => {
        const count = Array.from({ length: seeds }, (_, i) => {
          bar.update(place * seeds + i, name);
          return right(judge(make(i + 1)));
        }).filter(Boolean).length;
        const row = [name, `${count} of ${seeds}`];
        rows.push(row);
        tell([markdownLine(row)]);
      });
      bar.stop();
      if (write)
        writeAtomically(PAGE, withGeneratedBlock(readFileSync(PAGE, "utf8"), "regimes", COMMAND, markdownTable(rows)));
    }),
);
