import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { READ_TYPESCRIPT } from "../io/typescript.ts";
import { GOLDEN_MODELS } from "../golden/models.ts";
import { command, main } from "./command.ts";

/** The trained network that is shown first, and where its picture and the claims page go. */
const MODEL = "seed-4";
const FOLDER = "runs/start";

await main(
  command("start", "A first look: the modules of a trained network, then every claim of the paper on one page.")
    .option("--backend <name>", "tensorflow or wasm; the best there is without it")
    .action(({ backend }: { backend?: string }) => {
      const engine = backend === undefined ? [] : ["--backend", backend];
      if (!run("measure", [join(GOLDEN_MODELS, MODEL), "--out", FOLDER, ...engine])) return;
      process.stdout.write(
        "\nEach small map is one unit's mean activity over the box: it fires on a lattice, though no place was ever shown to it.\n\n",
      );
      if (!run("claims", ["--out", FOLDER, ...engine])) return;
      process.stdout.write(
        "\nTrain this one yourself, in minutes to an hour: npm run train -- --preset fast --seed 4 --out runs/mine\n",
      );
    }),
);

/** Runs another command of this folder in a process of its own, and passes its exit code on. True when it was 0. */
function run(name: string, args: string[]): boolean {
  const script = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const { status } = spawnSync(process.execPath, [...READ_TYPESCRIPT, script, ...args], { stdio: "inherit" });
  process.exitCode = status ?? 1;
  return status === 0;
}
