import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

/** The one statement of the Node versions. */
const { engines } = JSON.parse(readFileSync("package.json", "utf8")) as { engines: { node: string } };

/** The versions as a sentence has them: `^20.19.0 || ^22.12.0 || >=24.0.0` is "20.19", "22.12" and "24". */
const VERSIONS = engines.node.split("||").map((range) => /\d+\.\d+/.exec(range)![0].replace(/\.0$/, ""));

const PAGES = [
  "README.md",
  ...[".github", "spec", "golden", "src"].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(".md"))
      .map((name) => join(folder, name)),
  ),
];

describe("Node versions", () => {
  // Kills: a page that was forgotten when package.json changed, an older Node that a page promises.
  test.each(PAGES)("%s names the versions of package.json, or none", (page) => {
    const named = [...readFileSync(page, "utf8").matchAll(/\bNode(?:\.js)? (\d[^;\n]*)/g)];
    for (const [, list] of named) expect(list!.match(/\d+(\.\d+)?/g)?.slice(0, VERSIONS.length)).toEqual(VERSIONS);
  });

  test("a continuous test of pull requests runs on the oldest of each", () => {
    const workflow = readFileSync(".github/workflows/ci.yml", "utf8");
    const tried = /node: \[(.*)\]/.exec(workflow)![1]!.match(/\d+\.\d+\.\d+/g);
    expect(tried).toEqual(engines.node.match(/\d+\.\d+\.\d+/g));
  });
});
