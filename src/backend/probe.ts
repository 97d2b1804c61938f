import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { READ_TYPESCRIPT } from "../io/typescript.ts";
import type { Engine, EngineName } from "./engines.ts";

export interface Probe extends Engine {
  gflops: number;
}

/** Starts an engine in a process of its own and times a matrix product there; the reason, if it does not start. */
export function probe(name: EngineName): Probe | { reason: string } {
  const script = fileURLToPath(new URL("./probe-child.ts", import.meta.url));
  const run = spawnSync(process.execPath, [...process.execArgv, ...READ_TYPESCRIPT, script, name], {
    encoding: "utf8",
  });
  if (run.status === 0) return JSON.parse(run.stdout.trim().split("\n").at(-1)!) as Probe;
  const said = run.stderr.split("\n").find((line) => line.includes("Error: "));
  return {
    reason:
      said?.replace(/^.*?Error: /, "") ?? (run.signal ? `it dies of ${run.signal}` : `exit code ${String(run.status)}`),
  };
}
