// The packed project as a library. tsx lets Node read its TypeScript; the types are in index.d.ts.
import { tsImport } from "tsx/esm/api";

/** @type {typeof import("./library.ts")} */
const library = await tsImport("./library.ts", { parentURL: import.meta.url, tsconfig: false });

export const { conform } = library;
