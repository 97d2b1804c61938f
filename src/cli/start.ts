import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { newestCheckpoint } from "../train/checkpoint.ts";
import { command, main } from "./command.ts";

/** Where the first look goes. */
const FOLDER = "runs/glimpse";

await main(
  command("start", "A first look: trains a small SIC for a few minutes, then shows what its units learnt of space.")
    .option("--backend <name>", "tensorflow or wasm; the best there is without it")
    .action(({ backend }: { backend?: string }) => {
      const engine = backend === undefined ? [] : ["--backend", backend];
      const goOn = existsSync(FOLDER) && hasCheckpoint();
      const what = goOn ? ["--resume"] : ["--preset", "glimpse"];
      if (!run("train", ["--out", FOLDER, ...what, ...engine])) return;
      if (!run("measure", [FOLDER, ...engine])) return;
      process.stdout.write(
        `\nEach small map is one unit's mean activity over the box: it fires in places, though no place was ever shown to it.\n` +
          `A whole training, to hexagonal modules: npm run train -- --preset fast --out runs/fast\n`,
      );
    }),
);

function hasCheckpoint(): boolean {
  try {
    newestCheckpoint(FOLDER);
    return true;
  } catch {
    return false;
  }
}

/** Runs another command of this folder in a process of its own, and passes its exit code on. True when it was 0. */
function run(name: string, args: string[]): boolean {
  const script = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const { status } = spawnSync(process.execPath, ["--import", "tsx", script, ...args], { stdio: "inherit" });
  process.exitCode = status ?? 1;
  return status === 0;
}
