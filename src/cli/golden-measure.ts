import { mkdirSync } from "node:fs";
import { join, relative } from "node:path";
import { describeEngine, openEngine } from "../backend/engines.ts";
import { expectedOf, GOLDEN_EXPECTED } from "../golden/expected.ts";
import { loadModel, modelNames } from "../golden/models.ts";
import { goldenAnalysis } from "../golden/golden-walk.ts";
import { RESULTS_PAGE, resultsPage } from "../golden/results.ts";
import { table } from "../measure/judgement-table.ts";
import { writeAtomically } from "../io/files.ts";
import { backendOption } from "./backend-option.ts";
import { command, main } from "./command.ts";

await main(
  command(
    "golden:measure",
    "Remakes golden/expected from the weights in golden/models, and the tables of golden/README.md.",
  )
    .argument("[names...]", "names of golden models (default: all of them)")
    .addOption(backendOption("walking"))
    .action(async (names: string[], { backend }: { backend?: string }) => {
      process.stderr.write(`${describeEngine(await openEngine(backend))}\n`);
      mkdirSync(GOLDEN_EXPECTED, { recursive: true });
      for (const name of names.length > 0 ? names : modelNames()) {
        const { judgement } = goldenAnalysis(loadModel(name));
        const text = `${JSON.stringify(expectedOf(judgement), null, 1)}\n`;
        writeAtomically(join(GOLDEN_EXPECTED, `${name}.json`), text);
        process.stdout.write(`${name}: ${table(judgement)}\n\n`);
      }
      writeAtomically(RESULTS_PAGE, resultsPage());
      process.stdout.write(`The tables of ${relative(".", RESULTS_PAGE)} are made again.\n`);
    }),
);
