import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describeEngine, openEngine } from "../backend/engines.ts";
import { expectedOf, GOLDEN_EXPECTED } from "../golden/expected.ts";
import { loadModel, modelNames } from "../golden/models.ts";
import { SUMMARY_HEAD, summaryRow } from "../golden/summary.ts";
import { survey } from "../golden/survey.ts";
import { table } from "../measure/judgement-table.ts";
import { writeAtomically } from "../io/files.ts";
import { command, main } from "./command.ts";

await main(
  command("golden:measure", "Remakes golden/expected from the weights in golden/models.")
    .argument("[names...]", "models; all of them without any")
    .option("--backend <name>", "tensorflow or wasm; the best there is without it")
    .action(async (names: string[], { backend }: { backend?: string }) => {
      process.stderr.write(`${describeEngine(await openEngine(backend))}\n`);
      mkdirSync(GOLDEN_EXPECTED, { recursive: true });
      const rows = (names.length > 0 ? names : modelNames()).map((name) => {
        const model = loadModel(name);
        const { judgement } = survey(model);
        const expected = expectedOf(judgement);
        writeAtomically(join(GOLDEN_EXPECTED, `${name}.json`), `${JSON.stringify(expected, null, 1)}\n`);
        process.stdout.write(`${name}: ${table(judgement)}\n\n`);
        return summaryRow(model, expected);
      });
      process.stdout.write(`${[...SUMMARY_HEAD, ...rows].join("\n")}\n`);
    }),
);
