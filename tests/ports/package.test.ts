import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { here } from "./commands.ts";

// What `npm pack` makes works in a folder that has nothing else. The folder is below this repository, so that Node finds the packages that the
// tarball depends on without a network; .ci/run installs the tarball with npx in an empty folder elsewhere.

const root = here("../..");
const folder = join(root, ".cache/packed");
const installed = join(folder, "node_modules/sic-reference");

interface Manifest {
  bin: Record<string, string>;
  exports: Record<string, string | { types: string; default: string }>;
  dependencies: Record<string, string>;
  private?: boolean;
}

interface Ended {
  status: number | null;
  text: string;
}

function runIn(cwd: string, program: string, ...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { ...process.env, CI: "true", SIC_PORT: "" };
    const child = spawn(program, args, { cwd, env });
    let text = "";
    for (const pipe of [child.stdout, child.stderr]) pipe.on("data", (bytes: Buffer) => (text += bytes.toString()));
    child.on("close", (status) => {
      resolve({ status, text });
    });
  });
}

const run = (program: string, ...args: string[]): Promise<Ended> => runIn(folder, program, ...args);

const sic = (...args: string[]): Promise<Ended> =>
  run(process.execPath, join(installed, "src/package/bin/sic-reference.js"), ...args);

beforeAll(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(installed, { recursive: true });
  execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: root });
  execFileSync("tar", ["-xzf", "sic-reference-0.1.0.tgz", "--strip-components=1", "-C", installed], { cwd: folder });
  const stub = readFileSync(here("stub/stub.py"), "utf8");
  writeFileSync(join(folder, "stub.py"), stub);
  writeFileSync(join(folder, "mended.py"), stub.replace('"value": sum', '"value": -sum'));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  mkdirSync(join(folder, "broken"));
  writeFileSync(join(folder, "broken/tsconfig.json"), "{ not even JSON");
});

describe("the tarball of npm pack", () => {
  test("has its commands, vectors, schemas and pages, and no package that an install script builds", () => {
    // Mutants: spec/ left out of `files`; tfjs-node-gpu among the dependencies; `private` kept.
    const { bin, exports, dependencies, ...rest } = JSON.parse(
      readFileSync(join(installed, "package.json"), "utf8"),
    ) as Manifest;
    expect(Object.keys(bin).sort()).toEqual(["claims", "conform", "judge", "sic-reference"]);
    const files = [...Object.values(bin), ...Object.values(exports).flatMap((one) => Object.values(one))];
    const named = files.filter((path) => path.startsWith("./") && !path.includes("*"));
    const others = ["golden/vectors/capacity.json", "golden/vectors/schemas/capacity.json", "spec/ports.md", "LICENSE"];
    for (const path of [...named, ...others]) expect(existsSync(join(installed, path)), path).toBe(true);
    expect(Object.keys(dependencies)).not.toContain("@tensorflow/tfjs-node-gpu");
    expect(rest.private).toBeUndefined();
  });

  test("conform judges a port, whatever tsconfig.json lies there", async () => {
    // Mutants: a path that only a clone has; tsx sought in the folder of the port.
    const wrong = await sic("conform", "--fresh", "5", "--", "python3", "stub.py");
    expect(wrong).toMatchObject({
      status: 1,
      text: expect.stringMatching(/looks like: capacity has the wrong sign/) as unknown,
    });
    const command = join(installed, "src/package/bin/conform.js");
    const port = ["--fresh", "5", "--", "python3", "../mended.py"];
    const right = await runIn(join(folder, "broken"), process.execPath, command, ...port);
    expect(right).toMatchObject({ status: 0, text: expect.stringMatching(/^CONFORMS in what it covers/m) as unknown });
  });

  test("the workflow on the author's page runs a command that works, and leaves both reports", async () => {
    // Mutants: an option that there is not; another name of the tarball.
    const page = readFileSync(join(installed, "spec/port-authors.md"), "utf8");
    const command = /run: npx --yes \.\/sic-reference-0\.1\.0\.tgz (.*)$/m.exec(page)![1]!;
    writeFileSync(join(folder, "my_port.py"), readFileSync(join(folder, "mended.py")));
    const { status, text } = await sic(...command.split(" "));
    expect(status, text).toBe(0);
    for (const report of ["report.json", "report.xml"]) expect(existsSync(join(folder, report)), report).toBe(true);
  });

  test("judge and claims find what they need, and an unknown command is told in one line", async () => {
    // Mutants: page.css or the golden models left out; child processes that need a clone.
    const maps = Array.from({ length: 8 }, (_, y) => Array.from({ length: 8 }, (_, x) => (x + y) % 3));
    writeFileSync(join(folder, "maps.json"), JSON.stringify(maps));
    const judged = await sic("judge", "maps.json", "--box", "2", "--shuffles", "0");
    expect(judged.status, judged.text).toBe(0);
    const claims = await sic("claims", "--only", "C99");
    expect(claims).toMatchObject({ status: 2, text: expect.stringMatching(/^error: --only names "C99"/) as unknown });
    const none = await sic("confrom");
    expect(none).toMatchObject({
      status: 2,
      text: expect.stringMatching(/^error: no command confrom; expected/) as unknown,
    });
  });

  test("the runner is a function, and its types hold without those of this repository", async () => {
    // Mutants: a type of the report that it does not have; a declaration that names a file of ours.
    writeFileSync(
      join(folder, "run.ts"),
      `import { conform } from "sic-reference";
       import type { ConformReport } from "sic-reference";
       const report: ConformReport = await conform("python3 stub.py", { only: ["L3"], fresh: 5, seed: 3 });
       console.log(JSON.stringify([report.passed, report.hello?.name, report.results[0]?.looksLike]));\n`,
    );
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const flags = ["--noEmit", "--strict", "--target", "es2022", "--module", "nodenext", "--types", "node"];
    expect(await run(process.execPath, tsc, ...flags, "run.ts")).toEqual({ status: 0, text: "" });
    const javascript = readFileSync(join(folder, "run.ts"), "utf8")
      .replace(/import type.*\n/, "")
      .replace(": ConformReport", "");
    writeFileSync(join(folder, "run.js"), javascript);
    const { status, text } = await run(process.execPath, "run.js");
    expect({ status, said: text.trim() }).toEqual({
      status: 0,
      said: JSON.stringify([false, "stub", ["capacity has the wrong sign (L3)"]]),
    });
  });

  test("describePort makes Vitest the judge of a port", async () => {
    // Mutants: a failure that is no failed test; options that are ignored; a port that covers nothing passes.
    const suite = (name: string, port: string, options = "{ fresh: 5 }"): void => {
      writeFileSync(
        join(folder, `${name}.test.ts`),
        `import { describePort } from "sic-reference/vitest";\ndescribePort("python3 ${port}", ${options});\n`,
      );
    };
    suite("right", "mended.py");
    suite("wrong", "stub.py");
    suite("skipped", "stub.py", '{ fresh: 5, skip: { L3: "not yet" } }');
    writeFileSync(join(folder, "vitest.config.js"), "export default { test: { maxWorkers: 1 } };\n");
    const vitest = join(root, "node_modules/vitest/vitest.mjs");
    const judged = async (name: string): Promise<Ended> =>
      run(process.execPath, vitest, "run", "--no-color", "--root", folder, `${name}.test.ts`);
    expect((await judged("right")).status).toBe(0);
    const wrong = await judged("wrong");
    expect(wrong.status).toBe(1);
    expect(wrong.text).toContain("looks like: capacity has the wrong sign (L3)");
    const skipped = await judged("skipped");
    expect(skipped.status).toBe(1);
    expect(skipped.text).toMatch(/1 failed.*\n.*skipped|something passes that the port is held to/s);
  });
});
