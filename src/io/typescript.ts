import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

/** What a child process of Node needs before its script in order to read TypeScript, whatever folder it runs in. */
export const READ_TYPESCRIPT = ["--import", pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href];
