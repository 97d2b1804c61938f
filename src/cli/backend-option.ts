import { Option } from "commander";
import { ENGINES, type EngineName } from "../backend/engines.ts";

/** The option `--backend`. WebGPU trains only, because the states of a walk are read one by one. */
export function backendOption(use: "training" | "walking"): Option {
  const engines = ENGINES.filter((name) => use === "training" || name !== ("webgpu" satisfies EngineName));
  const names = `${engines.slice(0, -1).join(", ")} or ${engines.at(-1)!}`;
  return new Option("--backend <name>", `engine: ${names} (default: the first of these that is available)`);
}
