import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Limits, PortCommand } from "../../src/port/process.ts";

/** A file beside this one. */
export function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

/** A port in Python, its file given from this folder. */
export function python(file: string, ...args: string[]): PortCommand {
  return { program: "python3", args: [here(file), ...args] };
}

/** The project's own reference behind the protocol. */
export const referencePort: PortCommand = {
  program: process.execPath,
  args: ["--import", "tsx", here("tfjs/port.ts")],
};

/** Time limits for honest ports: no test is to fail because the machine is busy. */
export const patient: Limits = { helloSeconds: 100, requestSeconds: 60, replyBytes: 2 ** 24 };

/** @throws an Error that names the mend when python3 has no NumPy */
export function requireNumpy(): void {
  const { status, error } = spawnSync("python3", ["-c", "import numpy"]);
  if (error) throw new Error("the NumPy port needs python3, which is not on the PATH; install Python 3");
  if (status !== 0) throw new Error("the NumPy port needs NumPy, which python3 cannot import; mend: pip install numpy");
}
