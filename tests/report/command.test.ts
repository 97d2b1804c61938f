import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claimsJson } from "../../src/report/claims-json.ts";
import { page } from "../../src/report/page.ts";
import { writeReport } from "../../src/report/write.ts";
import { FINDINGS } from "./synthetic.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sic-claims-"));
  mkdirSync(join(folder, "models", "seed-0"), { recursive: true });
  writeFileSync(join(folder, "models", "seed-0", "config.json"), "{}");
  writeFileSync(join(folder, "file"), "");
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs the claims command; FOLDER in an argument is the temporary folder. */
function run(args: string[]): Promise<{ code: number; stderr: string }> {
  const there = args.map((arg) => arg.replace("FOLDER", folder));
  return new Promise((resolve) => {
    execFile(process.execPath, ["--import", "tsx", "src/cli/claims.ts", ...there], (error, _, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, stderr: stderr.replaceAll(folder, "FOLDER") });
    });
  });
}

describe.concurrent("the claims command", () => {
  // Kills: a stack trace for a person, an exit code of 0 or 1, minutes of work before the input is looked at.
  test.each([
    [
      "a claim that there is not",
      ["--only", "C99", "--models", "FOLDER/models"],
      '--only names "C99"; expected numbers out of C1, C2',
    ],
    ["no claim", ["--only", ""], '--only names ""; expected numbers out of C1, C2'],
    [
      "a folder without models",
      ["--models", "FOLDER"],
      "--models is FOLDER, which holds no baseline; expected a folder with networks named seed-0, seed-1 or so",
    ],
    [
      "a folder that is a file",
      ["--models", "FOLDER/models", "--out", "FOLDER/file"],
      "FOLDER/file cannot be written to (ENOTDIR); expected a folder that can",
    ],
    [
      "an unknown engine",
      ["--models", "FOLDER/models", "--out", "FOLDER/out", "--backend", "abacus"],
      '--backend is "abacus"; expected one of webgpu, tensorflow, wasm',
    ],
    [
      "a model that is none",
      ["--models", "FOLDER/models", "--out", "FOLDER/out", "--backend", "wasm"],
      "FOLDER/models/seed-0/config.json: ",
    ],
    ["an unknown option", ["--speed", "2"], "unknown option '--speed'"],
  ])("refuses %s in one line", async (_, args, sentence) => {
    const { code, stderr } = await run(args);
    const said = stderr.split("\n").filter((line) => line !== "" && !line.startsWith("engine: "));
    expect(said.join("\n")).toContain(sentence);
    expect(said).toHaveLength(1);
    expect(code).toBe(2);
  });

  // Kills: a page beside the numbers of another run, half-written files left behind.
  test("leaves the page and its numbers", () => {
    const out = join(folder, "report");
    mkdirSync(out);
    const files = writeReport(out, FINDINGS);
    expect(readFileSync(files.page, "utf8")).toBe(page(FINDINGS));
    expect(readFileSync(files.numbers, "utf8")).toBe(claimsJson(FINDINGS));
    expect(readdirSync(out)).toEqual(["claims.json", "index.html"]);
    expect(existsSync(join(folder, "out", "index.html"))).toBe(false);
  });
});
