import { existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { assertPlatform, buildBinding, findCompiler } from "../backend/build.ts";
import {
  assertDawnPlatform,
  DAWN_NAME,
  DAWN_SPACE,
  ENGINE_FOLDER,
  installDawn,
  isDawnInstalled,
} from "../backend/dawn.ts";
import { InputError } from "../io/error.ts";
import { missingCudaLibraries } from "../backend/cuda.ts";
import { builtFrom } from "../backend/engines.ts";
import { probe } from "../backend/probe.ts";
import { assertSpace, CPU, CUDA, cudaRequirements, download, findWheel, unpack, verify } from "../backend/wheel.ts";
import { writeAtomically } from "../io/files.ts";
import { command, main } from "./command.ts";

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const program = command(
  "engine",
  "Builds the engine `tensorflow`, which is tfjs-node-gpu on TensorFlow's own library, or installs the engine `webgpu`.",
)
  .option("--cuda", "take the build for CUDA 12 with its libraries, for a machine with an NVIDIA card")
  .option("--wheel <file>", "file with TensorFlow's wheel (default: pip downloads it from PyPI)")
  .option("--webgpu", "install the engine `webgpu` for any GPU, which is Dawn as one binary and needs no compiler")
  .option("--package <file>", `file with npm's package ${DAWN_NAME}, for --webgpu (default: npm downloads it)`)
  .action(async (options: { cuda?: boolean; wheel?: string; webgpu?: boolean; package?: string }) => {
    if (options.webgpu) {
      if (options.cuda || options.wheel !== undefined)
        throw new InputError("--webgpu with --cuda or --wheel; expected one engine at a time");
      installWebgpu(options.package);
      return;
    }
    if (options.package !== undefined) throw new InputError("--package without --webgpu; expected both");
    assertPlatform();
    const compiler = findCompiler();
    if (options.wheel !== undefined && statSync(options.wheel, { throwIfNoEntry: false })?.isFile() !== true)
      throw new InputError(`--wheel is "${options.wheel}", which is no file; expected TensorFlow's wheel`);
    const distribution = options.cuda ? CUDA : CPU;
    const unpacked = join(ENGINE_FOLDER, `${distribution.name}-${distribution.version}`);
    if (existsSync(join(unpacked, "complete"))) {
      if (options.wheel !== undefined) say(`${distribution.name} is unpacked already; --wheel is not needed`);
    } else {
      mkdirSync(ENGINE_FOLDER, { recursive: true });
      assertSpace(ENGINE_FOLDER, distribution.space);
      const wheels = join(ENGINE_FOLDER, "wheels");
      const wheel = options.wheel ?? (await keptWheel(wheels)) ?? fetchWheel(wheels);
      await verify(wheel, distribution);
      say(`unpacking ${distribution.name} ${distribution.version}`);
      rmSync(unpacked, { recursive: true, force: true });
      await unpack(wheel, unpacked);
      if (options.cuda) await addCudaLibraries(wheel, wheels, unpacked);
      writeAtomically(join(unpacked, "complete"), "");
      rmSync(wheels, { recursive: true, force: true });
    }
    if (builtFrom() === unpacked && "gflops" in probe("tensorflow")) {
      say("the binding is built already");
    } else {
      say(`compiling tfjs-node-gpu's binding with ${compiler}`);
      buildBinding(unpacked, compiler);
    }
    if (options.cuda) requireCudaLibraries(unpacked);
    prove(options.cuda ?? false);

    /** A wheel that an earlier run has downloaded. A damaged one is removed. */
    async function keptWheel(folder: string): Promise<string | undefined> {
      const wheel = findWheel(folder, distribution);
      if (wheel === undefined) return undefined;
      try {
        await verify(wheel, distribution);
        return wheel;
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        say(`${wheel} is damaged and is downloaded again`);
        rmSync(wheel, { recursive: true });
        return undefined;
      }
    }

    function fetchWheel(folder: string): string {
      say(`downloading ${distribution.name} ${distribution.version} from PyPI`);
      download([`${distribution.name}==${distribution.version}`], folder);
      return findWheel(folder, distribution)!;
    }
  });

async function addCudaLibraries(wheel: string, folder: string, unpacked: string): Promise<void> {
  const requirements = await cudaRequirements(wheel);
  say(`downloading ${requirements.length} CUDA libraries from PyPI`);
  download(requirements, folder);
  for (const requirement of requirements) {
    const name = /^[\w-]+/.exec(requirement)![0];
    const library = findWheel(folder, { ...CUDA, name, version: "" });
    if (!library) throw new InputError(`pip left no wheel of ${requirement} in ${folder}; expected one`);
    await unpack(library, unpacked);
  }
}

/** Installs Dawn where it is not yet, and says which GPU it finds. */
function installWebgpu(given: string | undefined): void {
  assertDawnPlatform();
  if (isDawnInstalled()) {
    say(`${DAWN_NAME} is installed already`);
  } else {
    mkdirSync(ENGINE_FOLDER, { recursive: true });
    assertSpace(ENGINE_FOLDER, DAWN_SPACE);
    installDawn(given, say);
  }
  const result = probe("webgpu");
  if ("reason" in result) say(`it is installed, but no training will use it: ${result.reason}`);
  else say(`webgpu ${result.version} on ${result.device}: ${result.gflops.toFixed(0)} GFLOP/s in a matrix product`);
}

/** Throws an InputError if the loader misses a library of CUDA; needs no card. */
function requireCudaLibraries(unpacked: string): void {
  const missing = missingCudaLibraries(unpacked);
  if (missing.length > 0)
    throw new InputError(
      `the loader misses libraries of CUDA: ${missing.join("; ")}; delete ${unpacked} and run the command again`,
    );
  say("the loader finds every library of CUDA that TensorFlow opens");
}

function prove(cuda: boolean): void {
  const result = probe("tensorflow");
  if ("reason" in result) throw new InputError(`the tensorflow engine was built but does not start: ${result.reason}`);
  say(`tensorflow ${result.version} on ${result.device}: ${result.gflops.toFixed(0)} GFLOP/s in a matrix product`);
  if (cuda && result.device !== "GPU")
    say("no CUDA card answers: everything runs on the CPU (see nvidia-smi; the driver must be 525 or newer)");
}

await main(program);
