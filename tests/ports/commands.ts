import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Limits, PortCommand } from "../../src/port/process.ts";

/** A file beside this one. */
export function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

/** A port in plain Python, its file given from this folder. */
export function python(file: string, ...args: string[]): PortCommand {
  return { program: "python3", args: [here(file), ...args] };
}

/** A Python of this folder's own, made by the command below; without it the one on the PATH, if it has NumPy. */
const OWN_PYTHON = here("../../.cache/python/bin/python3");
const MEND = 'python3 -m venv .cache/python && .cache/python/bin/pip install "numpy>=1.26,<3"';
export const pythonWithNumpy = existsSync(OWN_PYTHON) ? OWN_PYTHON : "python3";

/** A port in NumPy, its file given from this folder. */
export function numpy(file: string, ...args: string[]): { program: string; args: string[] } {
  return { program: pythonWithNumpy, args: [here(file), ...args] };
}

/** @throws an Error that names the mend when there is no NumPy */
export function requireNumpy(): void {
  const { status, error } = spawnSync(pythonWithNumpy, ["-c", "import numpy"]);
  if (error) throw new Error("the NumPy port needs python3, which is not on the PATH; install Python 3");
  if (status !== 0)
    throw new Error(`the NumPy port needs NumPy, which ${pythonWithNumpy} cannot import; mend: ${MEND}`);
}

/** The port in Go, which is compiled from its folder to its program; and whether there is a Go for it. */
export const goPort = { folder: here("go"), program: here("../../.cache/sic-go"), args: [] };
export const hasGo = spawnSync("go", ["version"]).status === 0;

/** The project's own reference behind the protocol. */
export const referencePort = {
  program: process.execPath,
  args: ["--import", "tsx", here("tfjs/port.ts")],
};

/** A command as one line for the shell. */
export function inShell(command: { program: string; args: string[] }): string {
  return [command.program, ...command.args].map((word) => JSON.stringify(word)).join(" ");
}

/** Time limits for honest ports: no test is to fail because the machine is busy. */
export const patient: Limits = { helloSeconds: 100, requestSeconds: 60, replyBytes: 2 ** 24, runSeconds: 3600 };
