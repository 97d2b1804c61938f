import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

/** The script of the page with everything that it imports, in one piece. */
export function pageScript(): string {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL("./browser/page.ts", import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: "es2022",
    charset: "utf8",
    logLevel: "silent",
  });
  return outputFiles[0]!.text.trim();
}
