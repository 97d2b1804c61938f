import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { ABLATIONS, BASELINES } from "../golden/recipes.ts";
import { readBytes, readText } from "../io/files.ts";
import { glossaryItems } from "./glossary.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BROWSER = fileURLToPath(new URL("./browser/", import.meta.url));

/** The page and its workers. */
const ENTRIES = ["page", "trainer", "surveyor", "walker", "kernel-thread"].map((name) => join(BROWSER, `${name}.ts`));

/** The whole page as files by path. It needs nothing else, and asks no other server for anything. */
export async function buildPage(): Promise<Map<string, Uint8Array>> {
  const { outputFiles } = await build({
    entryPoints: [...ENTRIES, join(BROWSER, "page.css")],
    outdir: "/",
    bundle: true,
    splitting: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    logLevel: "silent",
    alias: { linkedom: join(BROWSER, "linkedom.ts") },
  });
  const pages = readdirSync(join(ROOT, "spec")).filter((name) => name.endsWith(".md"));
  return new Map<string, Uint8Array>([
    ["index.html", indexPage()],
    ...outputFiles.map(({ path, contents }): [string, Uint8Array] => [path.replace(/^\//, ""), contents]),
    ...wasmFiles(),
    ...models(),
    ...pages.map((name): [string, Uint8Array] => [`spec/${name}`, readBytes(join(ROOT, "spec", name))]),
  ]);
}

function indexPage(): Uint8Array {
  const glossary = glossaryItems(readText(join(ROOT, "spec/README.md"))).markup;
  return new TextEncoder().encode(readText(join(BROWSER, "page.html")).replace("<!-- glossary -->", () => glossary));
}

/** The files of a model that the page reads. The rooms that name them load the whole of TensorFlow.js, and the command would wait for it. */
const MODEL_FILES = ["config.json", "weights.safetensors"];

/** The baselines, and the ablations of one of them. */
function models(): [string, Uint8Array][] {
  return [...BASELINES, ...Object.keys(ABLATIONS)].flatMap((name) =>
    MODEL_FILES.map((file): [string, Uint8Array] => [
      `models/${name}/${file}`,
      readBytes(join(ROOT, "golden/models", name, file)),
    ]),
  );
}

/** tfjs's binaries, with SIMD and without, and the fused kernels. */
function wasmFiles(): [string, Uint8Array][] {
  const home = dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm/package.json"));
  return [
    ...["tfjs-backend-wasm.wasm", "tfjs-backend-wasm-simd.wasm"].map((name): [string, Uint8Array] => [
      name,
      readBytes(join(home, "wasm-out", name)),
    ]),
    ["kernels.wasm", readBytes(fileURLToPath(new URL("../fused/kernels.wasm", import.meta.url)))],
  ];
}
