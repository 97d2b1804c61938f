import { join, relative } from "node:path";
import { describeEngine, openEngine } from "../backend/engines.ts";
import { GOLDEN_MODELS, storeModel } from "../golden/models.ts";
import { recipe, RECIPES } from "../golden/recipes.ts";
import { holdsRun } from "../train/checkpoint.ts";
import { workload } from "../train/config.ts";
import { Run } from "../train/run.ts";
import { backendOption } from "./backend-option.ts";
import { command, main } from "./command.ts";
import { trainWithProgress } from "./train-with-progress.ts";

/** Folder of the runs in which golden models are trained. */
const RUNS = "runs/golden";

await main(
  command(
    "golden:train",
    "Trains one golden model from its recipe and keeps it in golden/models. A training that was stopped continues.",
  )
    .argument("<name>", `name of the model: one of ${Object.keys(RECIPES).join(", ")}`)
    .addOption(backendOption("training"))
    .action(async (name: string, { backend }: { backend?: string }) => {
      const config = recipe(name);
      const folder = join(RUNS, name);
      process.stderr.write(`${describeEngine(await openEngine(backend, workload(config)))}\n`);
      const run = holdsRun(folder) ? Run.resume(folder, config) : await Run.start(folder, config);
      const finished = await trainWithProgress(run, `npm run golden:train -- ${name}`);
      if (!finished) return;
      storeModel(name, folder);
      process.stdout.write(`kept: ${relative(".", join(GOLDEN_MODELS, name))}\nnext: npm run golden:measure\n`);
    }),
);
