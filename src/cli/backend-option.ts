import { Option } from "commander";
import { ENGINES } from "../backend/engines.ts";

/** The option `--backend`, which is the same for every command that computes. */
export function backendOption(): Option {
  return new Option("--backend <name>", `engine: ${ENGINES.join(" or ")} (default: the fastest that is available)`);
}
