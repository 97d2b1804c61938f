/**
 * Loaded before a training (`node --import`): strikes at the n-th file operation within the training's folder, and says at the end how
 * many there were. The strike is read from the environment: SIC_STRIKE is JSON of the type Strike.
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { dirname, join, resolve } from "node:path";

/** What happens at which operation, counted from 1; at 0 nothing does. */
export interface Strike {
  folder: string;
  at: number;
  /** A signal before the operation; SIGKILL in the middle of it; a disk that is full from there on; the folder moved away. */
  kind: "SIGKILL" | "SIGTERM" | "SIGINT" | "SIGHUP" | "torn" | "full" | "moved";
}

type Operation = (...args: unknown[]) => unknown;

/** The functions of node:fs that a training uses on its folder. */
const OPERATIONS = [
  "accessSync",
  "appendFileSync",
  "closeSync",
  "existsSync",
  "fsyncSync",
  "linkSync",
  "mkdirSync",
  "openSync",
  "readFileSync",
  "readdirSync",
  "renameSync",
  "rmSync",
  "statSync",
  "utimesSync",
  "writeFileSync",
  "writeSync",
];

/** Those that need room on the disk. */
const WRITING = ["appendFileSync", "linkSync", "mkdirSync", "openSync", "writeFileSync", "writeSync"];

const strike = JSON.parse(process.env["SIC_STRIKE"]!) as Strike;
const folder = resolve(strike.folder);
const real = { ...fs } as unknown as Record<string, Operation>;
const open = new Set<unknown>();
let count = 0;
let full = false;

function concernsFolder([first]: unknown[]): boolean {
  return typeof first === "number" ? open.has(first) : typeof first === "string" && resolve(first).startsWith(folder);
}

function noSpace(name: string): Error {
  return Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", syscall: name });
}

function die(): void {
  process.kill(process.pid, "SIGKILL");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10_000);
}

/** Half of an operation that has halves. */
function half(name: string, args: unknown[]): void {
  const firstHalf = (content: unknown): unknown =>
    typeof content === "string"
      ? content.slice(0, content.length >> 1)
      : (content as Uint8Array).subarray(0, (content as Uint8Array).length >> 1);
  if (name === "writeSync") real[name]!(args[0], firstHalf(args[1]));
  if (name === "appendFileSync" || name === "writeFileSync") real[name]!(args[0], firstHalf(args[1]), args[2]);
  if (name === "rmSync" && real["existsSync"]!(args[0]) && (real["statSync"]!(args[0]) as fs.Stats).isDirectory())
    for (const entry of (real["readdirSync"]!(args[0]) as string[]).slice(0, 1))
      real["rmSync"]!(join(args[0] as string, entry), { recursive: true });
}

function strikeAt(name: string, args: unknown[]): void {
  if (strike.kind === "torn") {
    half(name, args);
    die();
  } else if (strike.kind === "SIGKILL") die();
  else if (strike.kind === "full") full = true;
  else if (strike.kind === "moved") {
    if (real["existsSync"]!(folder)) real["renameSync"]!(folder, join(dirname(folder), "moved"));
  } else process.kill(process.pid, strike.kind);
}

for (const name of OPERATIONS)
  (fs as unknown as Record<string, Operation>)[name] = (...args) => {
    if (!concernsFolder(args)) return real[name]!(...args);
    count++;
    if (count === strike.at) strikeAt(name, args);
    if (full && WRITING.includes(name) && !(name === "openSync" && args[1] === "r")) {
      half(name, args);
      throw noSpace(name);
    }
    const result = real[name]!(...args);
    if (name === "openSync") open.add(result);
    if (name === "closeSync") open.delete(args[0]);
    return result;
  };
syncBuiltinESMExports();

process.on("exit", () => {
  real["writeSync"]!(2, `operations: ${count}\n`);
});
