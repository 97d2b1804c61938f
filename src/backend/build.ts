import { spawnSync } from "node:child_process";
import { lstatSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { bindingFile, buildNote, noteFile, tensorflowPackage } from "./engines.ts";
import { InputError } from "../io/error.ts";
import { writeAtomically } from "../io/files.ts";

const require = createRequire(import.meta.url);
const NAPI_VERSION = 8;

/** Throws an InputError where TensorFlow's wheel does not run. */
export function assertPlatform(): void {
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new InputError(
      `this is ${process.platform} ${process.arch}; expected linux x64 for the tensorflow engine. The wasm engine works here as it is`,
    );
}

/** Throws an InputError that names the mend when there is no C++ compiler. */
export function findCompiler(): string {
  const asked = process.env["CXX"];
  const found = (asked ? [asked] : ["g++", "clang++", "c++"]).find(
    (name) => spawnSync(name, ["--version"]).status === 0,
  );
  if (!found)
    throw new InputError(
      `no C++ compiler is here; expected ${asked ?? "g++"} (Debian: apt-get install g++), or CXX with the name of one`,
    );
  return found;
}

/**
 * Compiles tfjs-node-gpu's own binding against the unpacked library in `unpacked` and links both into the installed package. The note
 * that makes them count as built is written last.
 */
export function buildBinding(unpacked: string, compiler: string): void {
  const home = tensorflowPackage();
  const binding = bindingFile();
  const partial = `${binding}.partial`;
  rmSync(noteFile(), { force: true });
  const napi = join(dirname(require.resolve("node-api-headers/package.json")), "include");
  const library = join(unpacked, "tensorflow");
  mkdirSync(join(home, "deps"), { recursive: true });
  mkdirSync(dirname(binding), { recursive: true });
  for (const kind of ["cc", "framework"])
    link(
      join(library, `libtensorflow_${kind}.so.2`),
      join(library, kind === "cc" ? "libtensorflow.so" : "libtensorflow_framework.so"),
    );
  link(library, join(home, "deps", "lib"));
  link(join(library, "include"), join(home, "deps", "include"));
  link(join(unpacked, "nvidia"), join(home, "deps", "nvidia"));
  const run = spawnSync(
    compiler,
    [
      ...["-O2", "-std=c++17", "-fPIC", "-shared", `-DNAPI_VERSION=${NAPI_VERSION}`],
      ...["-I.", "-Ideps/include", `-I${napi}`, "binding/tfjs_backend.cc", "binding/tfjs_binding.cc"],
      ...["-Ldeps/lib", "-ltensorflow", "-ltensorflow_framework", "-Wl,-rpath,$ORIGIN/../../deps/lib", "-o", partial],
    ],
    { cwd: home, encoding: "utf8" },
  );
  if (run.status !== 0) throw new InputError(`${compiler} could not compile tfjs-node-gpu's binding:\n${run.stderr}`);
  renameSync(partial, binding);
  writeAtomically(noteFile(), `${JSON.stringify(buildNote(unpacked))}\n`);
}

/** A relative symbolic link, in place of whatever was there. */
function link(target: string, path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })) rmSync(path, { recursive: true });
  symlinkSync(relative(dirname(path), target), path);
}
