import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { READ_TYPESCRIPT } from "../io/typescript.ts";
import { GOLDEN_MODELS } from "../golden/models.ts";
import { backendOption } from "./backend-option.ts";
import { command, main } from "./command.ts";

/** The trained network that is shown first, and where its picture and the claims page go. */
const MODEL = "seed-4";
const FOLDER = "runs/start";

await main(
  command("start", "Shows the modules of a trained network, and then every claim of the paper on one page.")
    .addOption(backendOption("walking"))
    .action(({ backend }: { backend?: string }) => {
      const engine = backend === undefined ? [] : ["--backend", backend];
      if (!run("measure", [join(GOLDEN_MODELS, MODEL), "--out", FOLDER, ...engine])) return;
      process.stdout.write(
        "\nEach small map in the picture is the mean activity of one unit over the box.\nThe unit fires on a lattice, although the network was never told where it was.\n\n",
      );
      if (!run("claims", ["--out", FOLDER, ...engine])) return;
      process.stdout.write(
        "\nYou can train such a network yourself, in minutes to an hour:\nnpm run train -- --preset fast --seed 4 --out runs/mine\n",
      );
    }),
);

/**
 * Runs another command of this folder in a process of its own, and passes its exit code on. Returns whether it was 0.
 */
function run(name: string, args: string[]): boolean {
  const script = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const { status } = spawnSync(process.execPath, [...READ_TYPESCRIPT, script, ...args], { stdio: "inherit" });
  process.exitCode = status ?? 1;
  return status === 0;
}
