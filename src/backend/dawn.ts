import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { InputError } from "../io/error.ts";
import { writeAtomically } from "../io/files.ts";

/** Where engines are unpacked, and where what was fetched for them is kept between calls. */
export const ENGINE_FOLDER = fileURLToPath(new URL("../../.engine", import.meta.url));

/** Dawn, the WebGPU of Chromium, for Node: a package of npm with one binary for each platform. */
const DAWN = {
  package: "webgpu",
  version: "0.6.2",
  integrity: "sha512-3L4GfmqJLvYUIEWJngEQY+2HQiUlAFkg8+P8NDDj3Xx5hHHIFO/r8JW+ynfqBj7kHN4mbnwO74uB+lrRtLhp4Q==",
  platforms: ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64", "win32-x64", "win32-arm64"],
  /** Bytes of free disk that download and unpacking take. */
  space: 1.5e8,
};

/** Dawn as it is named to people. */
export const DAWN_NAME = `${DAWN.package} ${DAWN.version}`;
export const DAWN_SPACE = DAWN.space;

const FOLDER = join(ENGINE_FOLDER, `${DAWN.package}-${DAWN.version}`);
/** Written last: the bytes of each unpacked file. */
const NOTE = "complete";

/** What of the WebGPU standard is used here. */
export interface Adapter {
  info: { vendor: string; architecture: string; device: string; description: string; isFallbackAdapter?: boolean };
}
export interface Gpu {
  requestAdapter(options?: { powerPreference?: "high-performance" | "low-power" }): Promise<Adapter | null>;
}

/** Whether Dawn is installed and whole. A file that is cut short kills a process that loads it. */
export function isDawnInstalled(folder = FOLDER): boolean {
  try {
    const bytes = JSON.parse(readFileSync(join(folder, NOTE), "utf8")) as Record<string, number>;
    return Object.entries(bytes).every(([file, size]) => statSync(join(folder, file)).size === size);
  } catch {
    return false;
  }
}

/** Dawn while the process runs: it crashes what still computes when its object is collected. */
let loaded: Gpu | undefined;

/** Loads Dawn, with the classes of WebGPU as globals, as in a browser. */
export async function loadDawn(): Promise<Gpu> {
  if (loaded !== undefined) return loaded;
  const dawn = (await import(pathToFileURL(join(FOLDER, "index.js")).href)) as {
    create: (options: string[]) => Gpu;
    globals: object;
  };
  Object.assign(globalThis, dawn.globals);
  return (loaded = dawn.create([]));
}

/** Throws an InputError where Dawn has no binary. */
export function assertDawnPlatform(): void {
  const platform = `${process.platform}-${process.arch}`;
  if (!DAWN.platforms.includes(platform))
    throw new InputError(`this is ${platform}; expected one of ${DAWN.platforms.join(", ")} for the webgpu engine`);
}

/**
 * Unpacks the binary for this platform out of Dawn's package. Without `given`, a file, the package is fetched. What was fetched
 * is kept until it is unpacked, so that a call that was stopped does not fetch it again.
 */
export function installDawn(given: string | undefined, say: (text: string) => void): void {
  const downloads = join(ENGINE_FOLDER, "packages");
  const packed = given ?? keptPackage(downloads, say) ?? fetchPackage(downloads, say);
  verifyPackage(packed);
  const partial = `${FOLDER}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const platform = `${process.platform}-${process.platform === "darwin" ? "universal" : process.arch}`;
  const wanted = ["index.js", "package.json", "LICENSE.md", `dist/${platform}`].map((path) => `package/${path}`);
  say(`unpacking ${DAWN_NAME}`);
  const run = spawnSync("tar", ["-xzf", packed, "-C", partial, "--strip-components=1", ...wanted], {
    encoding: "utf8",
  });
  if (run.error) throw new InputError(`tar does not start (${run.error.message}); expected the command tar`);
  if (run.status !== 0) throw new InputError(`tar could not unpack ${packed}: ${run.stderr.trim()}`);
  writeAtomically(join(partial, NOTE), `${JSON.stringify(bytesBelow(partial))}\n`);
  rmSync(FOLDER, { recursive: true, force: true });
  renameSync(partial, FOLDER);
  rmSync(downloads, { recursive: true, force: true });
}

function bytesBelow(folder: string): Record<string, number> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map((entry) => {
      const file = join(entry.parentPath, entry.name);
      return [relative(folder, file), statSync(file).size];
    }),
  );
}

function packageFile(folder: string): string {
  return join(folder, `${DAWN.package}-${DAWN.version}.tgz`);
}

/** A package that an earlier call has fetched; a damaged one is removed. */
function keptPackage(folder: string, say: (text: string) => void): string | undefined {
  const file = packageFile(folder);
  if (!existsSync(file)) return undefined;
  try {
    verifyPackage(file);
    return file;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    say(`${file} is damaged and is fetched again`);
    rmSync(file);
    return undefined;
  }
}

/**
 * Fetches the package: with curl, which goes on where a call that was stopped left off, or, where curl is not there or does not
 * reach it, with npm, from the registry and through the proxy that npm is set to.
 */
function fetchPackage(folder: string, say: (text: string) => void): string {
  mkdirSync(folder, { recursive: true });
  const file = packageFile(folder);
  const partial = `${file}.partial`;
  const had = statSync(partial, { throwIfNoEntry: false })?.size ?? 0;
  say(`downloading ${DAWN_NAME}${had > 0 ? `, of which ${(had / 1e6).toFixed(1)} MB are here already` : ""}`);
  const address = npm(["view", `${DAWN.package}@${DAWN.version}`, "dist.tarball"]);
  const args = ["--silent", "--fail", "--location", "--continue-at", "-", "--output", partial, address];
  if (spawnSync("curl", args).status === 0) {
    renameSync(partial, file);
    return file;
  }
  npm(["pack", `${DAWN.package}@${DAWN.version}`, "--pack-destination", folder, "--silent"]);
  rmSync(partial, { force: true });
  return file;
}

/** What npm prints. Throws an InputError where it does not start or fails. */
function npm(args: string[]): string {
  const program = process.platform === "win32" ? "npm.cmd" : "npm";
  const run = spawnSync(program, args, { encoding: "utf8", shell: process.platform === "win32" });
  if (run.error) throw new InputError(`npm does not start (${run.error.message}); expected npm, or --package`);
  if (run.status === 0) return run.stdout.trim();
  const reason = run.stderr.trim().split("\n").at(-1) ?? "no reason given";
  throw new InputError(`npm could not download ${DAWN.package}@${DAWN.version}: ${reason}`);
}

/** Throws an InputError unless the path is that of a file with the hash that is pinned here. */
function verifyPackage(file: string): void {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true)
    throw new InputError(`--package is "${file}", which is no file; expected the package ${DAWN_NAME} of npm`);
  const found = `sha512-${createHash("sha512").update(readFileSync(file)).digest("base64")}`;
  if (found !== DAWN.integrity)
    throw new InputError(`${file} has the hash ${found}; expected ${DAWN.integrity}, ${DAWN_NAME} of npm`);
}
