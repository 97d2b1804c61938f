import type { ConformOptions } from "./index.d.ts";

/**
 * Declares the checks of a port as tests of Vitest: a `describe` for each requirement, and a `test` for each check.
 * A check of an operation that the port does not have is a skipped test.
 * @param command the command line that starts the port, for example "python3 my_port.py"
 */
export function describePort(command: string, options?: ConformOptions): void;
