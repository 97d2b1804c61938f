import { Option } from "commander";
import { ENGINES } from "../backend/engines.ts";

/** "webgpu, tensorflow or wasm". */
const NAMES = `${ENGINES.slice(0, -1).join(", ")} or ${ENGINES.at(-1)!}`;

/** The option `--backend`, which is the same for every command that computes. */
export function backendOption(): Option {
  return new Option("--backend <name>", `engine: ${NAMES} (default: the fastest that is available)`);
}
