import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { KERNEL } from "../../src/fused/kernels.ts";

/** A small change of a kernel's source: `from`, which stands there once, becomes `to`. */
interface KernelMutant {
  file: string;
  from: string;
  to: string;
}

/** A mutant of each fused kernel. Stryker cannot make them: the kernels are compiled to WebAssembly. */
export const KERNEL_MUTANTS: Record<keyof typeof KERNEL, KernelMutant> = {
  product: { file: "layer.ts", from: "if (rectified)", to: "if (!rectified)" },
  dotProducts: { file: "layer.ts", from: "address(3) + at, row", to: "address(3), row" },
  gatedSum: { file: "layer.ts", from: "load<f32>(gate + at) > 0", to: "load<f32>(gate + at) >= 0" },
  initial: { file: "rollout.ts", from: "max<f32>(load<f32>(gamma + bytes(i)), 0)", to: "load<f32>(gamma + bytes(i))" },
  initialBack: {
    file: "rollout.ts",
    from: "addRow(initial, -along, to, units)",
    to: "addRow(initial, along, to, units)",
  },
  rollout: { file: "rollout.ts", from: "    from = to;\n", to: "" },
  rolloutBack: { file: "rollout.ts", from: "load<f32>(dy + at) - gi * along", to: "load<f32>(dy + at)" },
  step: { file: "rollout.ts", from: "address(2) + at, address(3) + at", to: "address(2), address(3) + at" },
  uses: { file: "rollout.ts", from: "(place % timesteps) * trajectories + place / timesteps", to: "place" },
  transitionBack: { file: "rollout.ts", from: "place < trajectories ? initial", to: "place <= trajectories ? initial" },
  mean: { file: "states.ts", from: "1 / <f32>count", to: "1 / <f32>(count + 1)" },
  fillRows: {
    file: "states.ts",
    from: "i < min(count, (task + 1) * ROWS)",
    to: "i < min(count, (task + 1) * ROWS - 1)",
  },
  addRows: {
    file: "states.ts",
    from: "addRow(from + bytes(i * units), factor",
    to: "addRow(from + bytes(i * units), -factor",
  },
  pack: { file: "separation.ts", from: "square += value * value", to: "square -= value * value" },
  separation: { file: "separation.ts", from: "row === column ? 1 : 2", to: "2" },
  pull: { file: "separation.ts", from: "k < tasks; k++) weight", to: "k < 1; k++) weight" },
  cells: {
    file: "near.ts",
    from: "load<f64>(places + second + at) / side",
    to: "load<f64>(places + second + at) / (side * 0.3)",
  },
  near: { file: "near.ts", from: "side < 9", to: "side < 8" },
  ratios: { file: "isometry.ts", from: "    before = g;\n", to: "" },
  isometryBack: { file: "isometry.ts", from: "(ratio - middle)", to: "ratio" },
  squares: { file: "optimiser.ts", from: "    total += x * x;\n", to: "" },
  combine: { file: "optimiser.ts", from: "load<f32>(y + bytes(i)) * b)", to: "load<f32>(y + bytes(i)))" },
  finite: { file: "optimiser.ts", from: "total += load<f32>(from + bytes(i)) * 0", to: "total += 0" },
  adamw: { file: "optimiser.ts", from: "f32x4.splat(decay)", to: "f32x4.splat(1)" },
};

export const ASSEMBLY = "src/fused/assembly";

/** The source of a kernel with its mutant. Throws an Error where what is to be changed does not stand there once. */
export function mutated(source: string, { file, from, to }: KernelMutant): string {
  const parts = source.split(from);
  if (parts.length !== 2) throw new Error(`"${from}" stands ${parts.length - 1} times in ${file}; expected once`);
  return parts.join(to);
}

/** The tests that hold the kernels, less the one that compares them with their source. */
const TESTS = ["tests/properties/fused.test.ts", "-t", "^(?!.*source compiles to)"];

/**
 * Runs the tests of the kernels on each mutant, in a copy of the repository under `folder`.
 * @returns for each kernel whether its mutant failed a test
 */
export function testKernelMutants(folder: string, onKernel: (kernel: string, killed: boolean) => void): void {
  const copy = resolve(folder, "kernels");
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  for (const name of ["src", "spec", "tests", "package.json", "tsconfig.json"])
    cpSync(name, join(copy, name), { recursive: true });
  for (const name of ["node_modules", "golden"]) symlinkSync(resolve(name), join(copy, name));
  const run = (command: string, args: string[]): number | null =>
    spawnSync(command, args, { cwd: copy, stdio: "ignore", env: { ...process.env, SIC_DRAWS: "1" } }).status;
  const passes = (): boolean => run("npx", ["vitest", "run", "--config", "tests/vitest.config.ts", ...TESTS]) === 0;
  const compile = (): void => {
    if (run("npx", ["tsx", "src/cli/kernels.ts"]) !== 0) throw new Error(`the kernels in ${copy} do not compile`);
  };
  compile();
  if (!passes()) throw new Error(`the tests of the kernels fail without a mutant, in ${copy}`);
  for (const [kernel, mutant] of Object.entries(KERNEL_MUTANTS)) {
    const file = join(copy, ASSEMBLY, mutant.file);
    const source = readFileSync(file, "utf8");
    writeFileSync(file, mutated(source, mutant));
    compile();
    onKernel(kernel, !passes());
    writeFileSync(file, source);
  }
}
