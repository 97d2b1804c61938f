import { spawn } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { build } from "esbuild";
import type { Strike } from "./inject.ts";

/** A run of two attempts, the first of which is rejected, with checkpoints and metrics at other steps than its end. */
const TINY = Object.entries({
  units: 5,
  hidden: 3,
  trajectories: 2,
  timesteps: 3,
  "pair-states": 4,
  warmup: 1,
  steps: 6,
  attempts: 2,
  curriculum: "[]",
  "acceptance-criteria": '[{"at":0.5,"term":"sep","most":-1}]',
  "checkpoint-every": 2,
  "log-every": 2,
}).flatMap(([key, value]) => [`--${key}`, String(value)]);

/** The names that the packages written as CommonJS expect, in a bundle that is a module. */
const COMMONJS_NAMES = `
import { createRequire as requireFrom } from "node:module";
const require = requireFrom(import.meta.url);
const __filename = import.meta.filename;
const __dirname = import.meta.dirname;`;

/** How a training ended. */
interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
  stderr: string;
  /** File operations within its folder; 0 where it did not live to say. */
  operations: number;
}

/** A way to strike at a training. */
export type Kind = Strike["kind"];
export const KINDS: Kind[] = ["SIGKILL", "torn", "SIGTERM", "SIGINT", "SIGHUP", "full", "moved"];

/** One run that is struck once or more, at file operations or after milliseconds, and is then left alone. */
export interface Case {
  name: string;
  strikes: { at: number; kind: Kind; killAfter?: number }[];
}

/** Trainings of one engine, each in a process and a folder of its own. */
export class Trainings {
  readonly #engine: string;
  readonly #scripts: string;
  readonly #home = mkdtempSync(join(tmpdir(), "sic-crash-"));
  #count = 0;

  private constructor(engine: string, scripts: string) {
    this.#engine = engine;
    this.#scripts = scripts;
  }

  /**
   * Bundles the command `train` with its packages, and the injector, once: a process then starts five times as quickly.
   * On the engine `tensorflow` the packages of TensorFlow stay outside: its library finds itself beside its package, which brings
   * TensorFlow.js with it, and a second one in the bundle would warn of every kernel that both register.
   */
  static async of(engine: string): Promise<Trainings> {
    const scripts = join(".cache", "crash");
    mkdirSync(scripts, { recursive: true });
    for (const [name, entry] of [
      ["train", "src/cli/train.ts"],
      ["inject", "tests/crash/inject.ts"],
    ] as const)
      await build({
        entryPoints: [entry],
        outfile: join(scripts, `${name}.mjs`),
        bundle: true,
        platform: "node",
        format: "esm",
        external: [engine === "tensorflow" ? "@tensorflow/*" : "@tensorflow/tfjs-node*", "webgpu"],
        banner: { js: COMMONJS_NAMES },
        logLevel: "error",
      });
    // What the engine and its package load from beside their source.
    for (const from of ["src", "node_modules/@tensorflow/tfjs-backend-wasm/dist"])
      for (const file of readdirSync(from, { recursive: true, encoding: "utf8" }))
        if (file.endsWith(".wasm")) copyFileSync(join(from, file), join(scripts, basename(file)));
    return new Trainings(engine, scripts);
  }

  /** A fresh folder for a run; its parent is its own, too. */
  folder(): string {
    const parent = join(this.#home, String(this.#count++));
    mkdirSync(parent);
    return join(parent, "run");
  }

  /** Starts a run, or resumes the one that is there. */
  train(
    folder: string,
    strike: Omit<Strike, "folder"> = { at: 0, kind: "SIGKILL" },
    killAfter?: number,
  ): Promise<Ending> {
    const args = hasCheckpoint(folder) ? ["--resume"] : TINY;
    const child = spawn(
      process.execPath,
      [
        ...["--import", `./${join(this.#scripts, "inject.mjs")}`, join(this.#scripts, "train.mjs")],
        ...["--out", folder, "--backend", this.#engine, ...args],
      ],
      {
        stdio: ["ignore", "ignore", "pipe"],
        env: { ...process.env, SIC_STRIKE: JSON.stringify({ ...strike, folder }) },
      },
    );
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    if (killAfter !== undefined) setTimeout(() => child.kill(strike.kind as NodeJS.Signals), killAfter);
    const hang = setTimeout(() => child.kill("SIGABRT"), 600_000);
    return new Promise((resolve) => {
      child.on("close", (code, signal) => {
        clearTimeout(hang);
        resolve({ code, signal, stderr, operations: Number(/operations: (\d+)/.exec(stderr)?.[1] ?? 0) });
      });
    });
  }

  close(): void {
    rmSync(this.#home, { recursive: true, force: true });
  }
}

/** Every file of a run that is done, by name. */
export function filesOf(folder: string): Map<string, Buffer> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(names.sort().map((file) => [file.slice(folder.length), readFileSync(file)]));
}

/**
 * What is wrong with how a struck training ended; undefined if nothing. It may have died of the signal, saved and stopped, come to
 * its end, or said one line with exit code 2.
 */
function faultOf({ code, signal, stderr }: Ending): string | undefined {
  if (/^\s+at /m.test(stderr)) return `a stack: ${stderr}`;
  if (signal === "SIGABRT") return "it hung";
  if (signal !== null || code === 0) return undefined;
  const lines = stderr
    .split("\n")
    .filter((line) => line !== "" && !/^(engine|operations|training|attempt|warning)\b/.test(line));
  return code === 2 && lines.length === 1 && lines[0]!.startsWith("error: ")
    ? undefined
    : `exit code ${code}: ${stderr}`;
}

function hasCheckpoint(folder: string): boolean {
  const parent = join(folder, "checkpoints");
  return existsSync(parent) && readdirSync(parent).some((name) => /^step-\d+$/.test(name));
}

/** Puts a folder that was moved away back in its place. */
function putBack(folder: string): void {
  const moved = join(folder, "..", "moved");
  if (!existsSync(moved)) return;
  rmSync(folder, { recursive: true, force: true });
  cpSync(moved, folder, { recursive: true });
}

/**
 * Strikes at a run, then trains on to its end, and compares it with the files of a run that was left alone.
 * @returns what is wrong, and whether a training told of its end in one line with exit code 2
 */
export async function struck(
  trainings: Trainings,
  expected: Map<string, Buffer>,
  { strikes }: Case,
): Promise<{ faults: string[]; told: boolean }> {
  const folder = trainings.folder();
  const faults: string[] = [];
  let told = false;
  for (const { killAfter, ...strike } of strikes) {
    const ending = await trainings.train(folder, strike, killAfter);
    const fault = faultOf(ending);
    if (fault !== undefined) faults.push(fault);
    told ||= ending.code === 2;
    putBack(folder);
  }
  const last = await trainings.train(folder);
  if (last.code !== 0) return { faults: [...faults, `it cannot be resumed: ${last.stderr}`], told };
  const found = filesOf(folder);
  const differ = [...new Set([...expected.keys(), ...found.keys()])].filter((file) => {
    const [right, left] = [expected.get(file), found.get(file)];
    return right === undefined || left === undefined || !right.equals(left);
  });
  return { faults: differ.length > 0 ? [...faults, `the run ends otherwise: ${differ.join(", ")}`] : faults, told };
}
