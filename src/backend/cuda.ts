import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * The libraries that TensorFlow 2.20 opens once it finds a card, by the names that it gives to the loader. NCCL, which is for several
 * cards, is not among the folders that it names, and is not needed here.
 */
const OPENED = [
  "libcudart.so.12",
  "libcublas.so.12",
  "libcublasLt.so.12",
  "libcufft.so.11",
  "libcusolver.so.11",
  "libcusparse.so.12",
  "libcudnn.so.9",
  "libcupti.so.12",
];

/** Opens the libraries that it is told and prints why the loader cannot open one. Node says of any that is opened that it is no addon. */
const OPEN = `
for (const name of JSON.parse(process.argv[1]))
  try {
    process.dlopen({ exports: {} }, name);
  } catch (error) {
    if (/cannot open shared object file|version .* not found|invalid ELF|file too short/.test(error.message)) console.log(error.message);
  }`;

/**
 * What the loader does not find of the libraries that TensorFlow opens, and of the others that came with them, in the folders that
 * TensorFlow's own library names, a line each. It is asked in a process of its own, which sees no card. The driver's libcuda.so.1 is
 * not among them.
 */
export function missingCudaLibraries(unpacked: string): string[] {
  const folders = ["cc", "framework"].flatMap((kind) =>
    runpathOf(join(unpacked, "tensorflow", `libtensorflow_${kind}.so.2`)),
  );
  const carried = readdirSync(join(unpacked, "nvidia"))
    .map((name) => join(unpacked, "nvidia", name, "lib"))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)))
    .filter((file) => /\.so\.\d+$/.test(file));
  const env = { ...process.env, LD_LIBRARY_PATH: folders.join(":"), CUDA_VISIBLE_DEVICES: "" };
  const run = spawnSync(process.execPath, ["-e", OPEN, JSON.stringify([...OPENED, ...carried])], {
    env,
    encoding: "utf8",
  });
  const lines = run.stdout.split("\n").filter((line) => line !== "" && !line.startsWith("libcuda.so.1:"));
  return run.status === 0 ? lines : [...lines, `opening them ended with ${String(run.signal ?? run.status)}`];
}

/** The folders that a library names for those that it opens. readelf comes with the compiler. */
function runpathOf(library: string): string[] {
  const { stdout } = spawnSync("readelf", ["-d", library], { encoding: "utf8" });
  const [, path] = /\((?:RUNPATH|RPATH)\).*\[(.*)\]/.exec(stdout) ?? [];
  return (path ?? "").split(":").map((folder) => folder.replace("$ORIGIN", join(library, "..")));
}
