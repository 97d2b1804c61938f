import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { ENGINE_FOLDER, isDawnInstalled } from "../backend/dawn.ts";
import { InputError } from "../io/error.ts";
import { readJson } from "../io/files.ts";

/** What the archive needs besides the repository's own dependencies, and what of these it does not need. */
const TOOLS = ["vitest", "fast-check"];
const LEFT_OUT = ["@tensorflow/tfjs-node-gpu"];
/** Files of packages that nothing loads: types, source maps, builds for browsers and for bundlers. */
const NOT_LOADED = /\.(map|ts|mts|cts|md|markdown|flow)$|\.min\.js$|\/(es2017|miniprogram|browser|cjs\/browser)\//;
/** Of tfjs's packages Node loads one bundle each, and the compiled kernels. */
const TFJS_LOADED = /\/(package\.json|[\w-]+\.node\.js|[\w-]+\.wasm|tf\.node\.js)$/;

const LOADER = "libvulkan.so.1";
const LOADERS = ["/usr/lib/x86_64-linux-gnu", "/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib/aarch64-linux-gnu"];

/** The command in the archive. The machine's own Vulkan loader goes before the one that is carried along. */
const RUN = `#!/bin/sh
# Tests, times and trains SIC on this machine's GPU; ./run --help lists the options.
cd "$(dirname "$0")" || exit 1
if ! ldconfig -p 2>/dev/null | grep -q ${LOADER}; then
  export LD_LIBRARY_PATH="$PWD/lib\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
fi
PATH="$PWD/bin:\${PATH:-/usr/local/bin:/usr/bin:/bin}" exec ./bin/node --import tsx src/cli/gpu.ts "$@"
`;

/**
 * Packs what a machine with a GPU and nothing else needs to run `npm run gpu`: Node, Dawn, the packages, and the sources that git
 * knows. The ending of the file's name says how it is compressed, as in .tar.gz or .tar.xz.
 */
export function pack(file: string, say: (text: string) => void): void {
  if (!isDawnInstalled()) throw new InputError("Dawn is not installed; expected `npm run engine -- --webgpu` first");
  if (!/\.(tgz|tar\.\w+)$/.test(file)) throw new InputError(`--pack is "${file}"; expected a name as in gpu.tar.gz`);
  const stage = join(".cache", "gpu", "sic-gpu");
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(join(stage, "bin"), { recursive: true });
  copyFileSync(process.execPath, join(stage, "bin", "node"));
  spawnSync("strip", [join(stage, "bin", "node")]); // smaller where there is strip
  const loader = LOADERS.map((folder) => join(folder, LOADER)).find((path) => existsSync(path));
  if (loader) {
    mkdirSync(join(stage, "lib"));
    copyFileSync(loader, join(stage, "lib", LOADER));
  }
  for (const path of sources()) copyInto(stage, path);
  for (const path of packages()) copyPackage(stage, path);
  const dawn = join(stage, basename(ENGINE_FOLDER));
  cpSync(ENGINE_FOLDER, dawn, { recursive: true, filter: (path) => !/tensorflow|wheels|packages/.test(path) });
  writeFileSync(join(stage, "run"), RUN, { mode: 0o755 });
  mkdirSync(dirname(file), { recursive: true });
  const run = spawnSync("tar", ["-caf", file, "-C", dirname(stage), basename(stage)], { encoding: "utf8" });
  if (run.status !== 0) throw new InputError(`tar could not pack ${file}: ${run.stderr.trim()}`);
  rmSync(dirname(stage), { recursive: true });
  say(`packed: ${file}, ${(statSync(file).size / 2 ** 20).toFixed(1)} MiB`);
  say(`on the machine with the GPU: tar -xf ${basename(file)} && sic-gpu/run`);
}

/** Files of the repository that training, timing and their tests need. */
function sources(): string[] {
  const wanted = ["src", "spec", "tests", "package.json", "tsconfig.json", "LICENSE"];
  const run = spawnSync("git", ["ls-files", ...wanted], { encoding: "utf8" });
  if (run.status !== 0) throw new InputError(`git ls-files: ${run.stderr.trim()}; expected a checkout of git`);
  return run.stdout.trim().split("\n");
}

/** The folders of the packages that are needed, with those that they need, below node_modules. */
function packages(): string[] {
  const { dependencies } = readJson("package.json") as { dependencies: Record<string, string> };
  const found = new Set<string>();
  const add = (name: string, from: string): void => {
    const path = [...foldersAbove(from), "."].map((folder) => join(folder, "node_modules", name)).find(existsSync);
    if (path === undefined || found.has(path) || LEFT_OUT.includes(name)) return;
    found.add(path);
    const about = JSON.parse(readFileSync(join(path, "package.json"), "utf8")) as Record<string, object | undefined>;
    const needed = { ...about["dependencies"], ...about["optionalDependencies"], ...about["peerDependencies"] };
    for (const other of Object.keys(needed)) if (!other.startsWith("@types/")) add(other, path);
  };
  for (const name of [...Object.keys(dependencies), ...TOOLS]) add(name, ".");
  return [...found].filter((path) => ![...found].some((other) => path.startsWith(`${other}/`)));
}

/** The folders from a package up to the root, itself first. */
function foldersAbove(path: string): string[] {
  return path === "." ? [] : [path, ...foldersAbove(dirname(path))];
}

function copyInto(stage: string, path: string): void {
  mkdirSync(join(stage, dirname(path)), { recursive: true });
  copyFileSync(path, join(stage, path));
}

function copyPackage(stage: string, path: string): void {
  const isTfjs = path.startsWith(join("node_modules", "@tensorflow"));
  cpSync(path, join(stage, path), {
    recursive: true,
    filter: (source) =>
      statSync(source).isDirectory()
        ? !NOT_LOADED.test(`${source}/`)
        : !NOT_LOADED.test(source) && (!isTfjs || TFJS_LOADED.test(source)),
  });
}
