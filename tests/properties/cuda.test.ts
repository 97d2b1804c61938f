import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { missingCudaLibraries } from "../../src/backend/cuda.ts";

// Kills: a library of CUDA that is not there, or is cut short, and is not told.
test("a folder without the libraries of CUDA: each that TensorFlow opens is named, and one that is damaged", () => {
  const folder = mkdtempSync(join(tmpdir(), "sic-cuda-"));
  const damaged = join(folder, "nvidia", "cudnn", "lib", "libcudnn_ops.so.9");
  mkdirSync(join(damaged, ".."), { recursive: true });
  writeFileSync(damaged, "cut short");
  const missing = missingCudaLibraries(folder);
  for (const name of ["cudart", "cublas", "cublasLt", "cufft", "cusolver", "cusparse", "cudnn", "cupti"])
    expect(missing.some((line) => line.startsWith(`lib${name}.so.`))).toBe(true);
  expect(missing.some((line) => line.startsWith(damaged))).toBe(true);
  rmSync(folder, { recursive: true });
});
