import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/** The compiled kernels, which are kept beside their source: they are read at once and need no compiler. */
export const KERNELS_FILE = fileURLToPath(new URL("./kernels.wasm", import.meta.url));

/** Compiles assembly/ to a file. Throws an error with the compiler's messages where it does not compile. */
export function compileKernels(outFile: string): void {
  const compiler = createRequire(import.meta.url).resolve("assemblyscript/bin/asc.js");
  const options = [
    ...["index.ts", "--outFile", outFile, "-O3", "--runtime", "stub"],
    ...["--importMemory", "--sharedMemory", "--initialMemory", "16", "--maximumMemory", "65536"],
    ...["--enable", "threads", "--enable", "simd", "--enable", "relaxed-simd", "--disableWarning", "112"],
  ];
  const cwd = fileURLToPath(new URL("./assembly", import.meta.url));
  const run = spawnSync(process.execPath, [compiler, ...options], { cwd, encoding: "utf8" });
  if (run.status !== 0) throw new Error(`the kernels do not compile: ${run.stderr}`);
}
