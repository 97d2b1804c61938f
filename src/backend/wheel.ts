import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync, mkdirSync, readdirSync, statfsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import yauzl from "yauzl";
import { InputError } from "../io/error.ts";

/** A distribution of TensorFlow on PyPI that carries the C library and its headers. */
export interface Distribution {
  name: string;
  version: string;
  /** Of the wheel for CPython 3.12 on Linux x86_64; nothing of Python in it is used. */
  sha256: string;
  /** Bytes of free disk that download and unpacking take. */
  space: number;
}

export const CPU: Distribution = {
  name: "tensorflow-cpu",
  version: "2.20.0",
  sha256: "c7a9224185818094ed95c4e114d3efe77241db35fbf0b75251fb2bf6222dd6a7",
  space: 1.2e9,
};

export const CUDA: Distribution = {
  name: "tensorflow",
  version: "2.20.0",
  sha256: "25265b0bc527e0d54b1e9cc60c44a24f44a809fe27666b905f0466471f9c52ec",
  space: 8e9,
};

/** What a wheel's files are unpacked for. */
const LIBRARY = /^tensorflow\/libtensorflow_(cc|framework)\.so\.2$/;
const HEADERS = /^tensorflow\/include\/(tensorflow\/c|tensorflow\/core\/platform|tsl|xla\/tsl)\/.*\.h$/;
const CUDA_LIBRARY = /^nvidia\/[^/]+\/(lib|bin)\/.*|^nvidia\/cuda_nvcc\/nvvm\/.*/;
const CUDA_EXTRA = /^Requires-Dist: (nvidia-[\w-]+?)([<>=!].*?)?; extra == "and-cuda"$/gm;

/** Throws an InputError unless `folder`'s disk has `bytes` free. */
export function assertSpace(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < bytes)
    throw new InputError(
      `${folder} has ${gigabytes(bavail * bsize)} GB free; expected ${gigabytes(bytes)} GB: free some, or put the checkout on a larger disk`,
    );
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}

/** Downloads wheels from PyPI into `folder` with any Python 3 that has pip; pip checks each against the index's own hash. */
export function download(requirements: string[], folder: string): void {
  const python = ["python3", "python"].find((name) => spawnSync(name, ["-m", "pip", "--version"]).status === 0);
  if (!python)
    throw new InputError(
      "no Python 3 with pip is here; expected `python3 -m pip` to work (Debian: apt-get install python3-pip), or --wheel with the path of a downloaded wheel",
    );
  const platforms = [17, 27, 28].flatMap((minor) => ["--platform", `manylinux_2_${minor}_x86_64`]);
  const options = [
    "--no-deps",
    "--only-binary=:all:",
    "--python-version",
    "3.12",
    ...platforms,
    "--platform",
    "manylinux2014_x86_64",
  ];
  const run = spawnSync(python, ["-m", "pip", "download", ...options, "-d", folder, ...requirements], {
    stdio: ["ignore", "inherit", "pipe"],
    encoding: "utf8",
  });
  if (run.status !== 0)
    throw new InputError(
      `pip could not download ${requirements.join(" ")}: ${run.stderr.trim().split("\n").at(-1) ?? "no reason given"}`,
    );
}

/** The wheel of that distribution in `folder`, if there is one; of any version where `version` is empty. */
export function findWheel(folder: string, { name, version }: Distribution): string | undefined {
  if (!existsSync(folder)) return undefined;
  const begins = `${name.replaceAll("-", "_")}-${version === "" ? "" : `${version}-`}`;
  const file = readdirSync(folder).find((f) => f.startsWith(begins) && f.endsWith(".whl"));
  return file && join(folder, file);
}

/** Throws an InputError unless the path is that of a file with the distribution's SHA-256. */
export async function verify(wheel: string, { name, version, sha256 }: Distribution): Promise<void> {
  if (statSync(wheel, { throwIfNoEntry: false })?.isFile() !== true)
    throw new InputError(`--wheel is "${wheel}", which is no file; expected the wheel of ${name} ${version}`);
  const hash = createHash("sha256");
  await pipeline(createReadStream(wheel), hash);
  const found = hash.digest("hex");
  if (found !== sha256)
    throw new InputError(
      `${wheel} has SHA-256 ${found}; expected ${sha256}, ${name} ${version} for CPython 3.12 on Linux x86_64`,
    );
}

/** The requirements of a wheel's extra `and-cuda`, as pip takes them. */
export async function cudaRequirements(wheel: string): Promise<string[]> {
  let metadata = "";
  await eachFile(wheel, /\.dist-info\/METADATA$/, async (_, content) => {
    for await (const chunk of content) metadata += String(chunk);
  });
  return Array.from(metadata.matchAll(CUDA_EXTRA), ([, name, range]) => name! + (range ?? ""));
}

/** Unpacks the C library and the headers of a TensorFlow wheel, or the libraries of a CUDA wheel, below `folder`. */
export async function unpack(wheel: string, folder: string): Promise<void> {
  const wanted = new RegExp([LIBRARY, HEADERS, CUDA_LIBRARY].map((r) => r.source).join("|"));
  await eachFile(wheel, wanted, async (name, content) => {
    const target = join(folder, name);
    mkdirSync(dirname(target), { recursive: true });
    await pipeline(content, createWriteStream(target, { mode: name.includes("/bin/") ? 0o755 : 0o644 }));
  });
}

async function eachFile(
  wheel: string,
  wanted: RegExp,
  use: (name: string, content: NodeJS.ReadableStream) => Promise<void>,
): Promise<void> {
  const zip = await yauzl.openPromise(wheel).catch((error: unknown) => {
    throw new InputError(`${wheel}: ${(error as Error).message}; expected a wheel`);
  });
  for await (const entry of zip.eachEntry()) {
    if (!entry.fileName.endsWith("/") && wanted.test(entry.fileName))
      await use(entry.fileName, await zip.openReadStreamPromise(entry));
  }
}
