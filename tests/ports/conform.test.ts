import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import type { Report } from "../../src/port/conform.ts";
import { here } from "./commands.ts";

// P10: the command `conform`, on the ten-line stub of spec/port-authors.md.

const folder = mkdtempSync(join(tmpdir(), "sic-conform-"));
const stub = here("stub/stub.py");

/** The stub with its one mistake mended. */
const mended = join(folder, "mended.py");
writeFileSync(mended, readFileSync(stub, "utf8").replace('"value": sum', '"value": -sum'));

/** Runs the command in a Node that loads a script first. */
function conformAfter(preload: string, ...args: string[]): ReturnType<typeof conform> {
  const script = join(mkdtempSync(join(tmpdir(), "sic-preload-")), "preload.mjs");
  writeFileSync(script, preload);
  return start(["--import", script], args);
}

function conform(...args: string[]): ReturnType<typeof start> {
  return start([], args);
}

function start(node: string[], args: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...node, "--import", "tsx", here("../../src/cli/conform.ts"), ...args], {
      env: { ...process.env, CI: "true" },
    });
    const out = { stdout: "", stderr: "" };
    child.stdout.on("data", (bytes: Buffer) => (out.stdout += bytes.toString()));
    child.stderr.on("data", (bytes: Buffer) => (out.stderr += bytes.toString()));
    child.on("close", (status) => {
      resolve({ status, ...out });
    });
  });
}

const options = ["--seed", "1", "--fresh", "5", "--timeout", "60", "--save", folder];

/** A folder with JSON that is no vectors. */
const foreign = mkdtempSync(join(tmpdir(), "sic-foreign-"));
writeFileSync(join(foreign, "own.json"), "{}");

/** The two blocks of the author's page: the stub, and what the runner says to it. */
const page = readFileSync(here("../../spec/port-authors.md"), "utf8");
const [pageStub, pageReport] = [/```python\n(.*?)```/s, /```\n( {4}.*?)```/s].map((block) => block.exec(page)![1]!);

test("P4 the stub on the author's page is the one that is tested", () => {
  // Mutant: a stub on the page that does not run.
  expect(readFileSync(stub, "utf8").split("\n").slice(1).join("\n")).toBe(pageStub);
});

describe.concurrent("conform", { timeout: 600_000 }, () => {
  test("P10 the stub is red, by the equation that it has wrong, and its mistake is named", async () => {
    // Mutants: an exit code of 0 for a port that fails; the diagnosis left out of the table.
    const { status, stdout } = await conform(...options, "python3", stub);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^L3 .*FAILED/m);
    expect(stdout).toContain(pageReport);
    expect(stdout).toMatch(/^DOES NOT CONFORM/m);
  });

  test("P10 the mended stub passes; what it does not have is not covered, and never passed", async () => {
    // Mutant: an operation that a port does not have counts as passed.
    const { status, stdout } = await conform(...options, "--json", "python3", mended);
    const report = JSON.parse(stdout) as Report;
    expect(status).toBe(0);
    expect(report.hello?.operations).toEqual(["capacity"]);
    const passed = report.results.filter(({ kind }) => kind === "pass").map(({ requirement }) => requirement);
    expect([...new Set(passed)]).toEqual(["P1", "P3", "P5", "P6", "L3"]);
    const others = report.results.filter(({ requirement }) => !passed.includes(requirement));
    expect(new Set(others.map(({ kind }) => kind))).toEqual(new Set(["not-covered"]));
  });

  test("P10 a port that covers nothing does not pass", async () => {
    // Mutant: a port without failures passes, whatever it covers.
    const empty = join(folder, "empty.py");
    writeFileSync(empty, readFileSync(stub, "utf8").replace('["capacity"]', '["nothing"]'));
    const { status, stdout } = await conform(...options, "--only", "L3", "--", "python3", empty);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^COVERS NOTHING/m);
  });

  test("P10 a saved counter-example is asked again by itself, and fails no right port", async () => {
    // Mutants: --vectors is ignored; the operations of other files are unknown then; fresh cases are drawn again.
    const save = mkdtempSync(join(tmpdir(), "sic-saved-"));
    const only = ["--seed", "3", "--fresh", "5", "--only", "L3"];
    await conform(...only, "--save", save, "--", "python3", stub);
    const again = await conform(...only, "--save", save, "--vectors", save, "--json", "--", "python3", stub);
    const titles = (JSON.parse(again.stdout) as Report).results.map(({ title }) => title);
    expect(titles).toEqual(["capacity/fresh-3 (drawn with seed 3 and shrunk)"]);
    const right = await conform("--vectors", save, "--save", save, "python3", mended);
    expect(right).toMatchObject({ status: 0, stdout: expect.stringMatching(/^CONFORMS.*1 passed/m) as unknown });
  });

  test("P10 reports go to files, with whose folders made and the table still printed", async () => {
    // Mutants: --json takes the port's program for its file; the table lost; a folder that is not there.
    const [json, xml] = [join(folder, "new", "report.json"), join(folder, "new", "report.xml")];
    const { status, stdout } = await conform(
      ...options,
      "--only",
      "L3",
      "--json",
      json,
      "--junit",
      xml,
      "python3",
      stub,
    );
    expect(status).toBe(1);
    expect(stdout).toMatch(/^DOES NOT CONFORM/m);
    const report = JSON.parse(readFileSync(json, "utf8")) as Report;
    expect(report.passed).toBe(false);
    const asked = report.results.filter(({ requirement }) => requirement === "L3").length;
    expect(readFileSync(xml, "utf8")).toContain(
      `<testsuite name="L3 Capacity" tests="${asked}" failures="${asked}" errors="0" skipped="0">`,
    );
    expect(readFileSync(xml, "utf8")).toMatch(/<failure type="off" message="value is 0.66.*">looks like: capacity has/);
  });

  test("P10 a known failure may be skipped or expected, by requirement, operation or vector, with a reason", async () => {
    // Mutants: the reason lost; an expectation that hides other failures; one that nothing fulfils kept in silence; a port conforms of which
    // everything fails as expected.
    const only = [...options, "--only", "L3", "--json"];
    const skip = await conform(...only, "--skip", "capacity=not written yet", "python3", stub);
    const skipped = (JSON.parse(skip.stdout) as Report).results;
    expect(new Set(skipped.map(({ kind, message }) => `${kind}: ${message}`))).toEqual(
      new Set(["skipped: not written yet"]),
    );
    const all = await conform(...only.slice(0, -1), "--expect-fail", "L3=a minus is missing", "python3", stub);
    expect(all.status).toBe(1);
    expect(all.stdout).toMatch(/^PASSES NOTHING/m);
    const small = join(folder, "small.py");
    writeFileSync(
      small,
      readFileSync(mended, "utf8").replace("mean =", 'assert len(input["states"]) < 100\n    mean ='),
    );
    const expected = await conform(...only, "--expect-fail", "capacity/large=no room yet", "python3", small);
    expect(expected.status).toBe(0);
    const one = await conform(...only, "--expect-fail", "capacity/any=a minus is missing", "python3", stub);
    expect(one.status).toBe(1);
    const gone = await conform(...only, "--expect-fail", "L3=a minus is missing", "python3", mended);
    expect(gone.status).toBe(1);
    expect(gone.stdout).toMatch(/no check of L3 fails any more; remove the exception/);
  });

  test("P10 a fault of the runner is told as such, with exit code 3, and the rest is still reported", async () => {
    // Mutants: the exit code of a port that fails; the port accused; the other checks lost.
    const broken = 'Math.fround = () => { throw new TypeError("planted"); };';
    const inCheck = await conformAfter(broken, ...options, "--only", "L3", "python3", mended);
    expect(inCheck.status).toBe(3);
    expect(inCheck.stdout).toMatch(/runner-fault: "TypeError: planted/);
    expect(inCheck.stdout).toMatch(/^THE RUNNER WENT WRONG.* 6 passed, 1 failed/m);
    // Half a second after the command has said what it does with an exception that nothing catches.
    const late = `process.on("newListener", (event) => {
      if (event === "uncaughtException") setTimeout(() => { throw new TypeError("planted"); }, 500);
    });`;
    const hanging = ["python3", here("nasty/nasty.py"), "hang", join(folder, "pid-3")];
    const outside = await conformAfter(late, ...options, "--timeout", "100", "--only", "L3", ...hanging);
    expect(outside.status).toBe(3);
    expect(outside.stderr).toMatch(/TypeError: planted/);
  });

  test("P10 SIC_PORT makes npm test the tests of that port alone, without types, lint and format", async () => {
    // Mutants: the variable ignored; all parts run; a red port gives exit code 0.
    const npmTest = (port: string): Promise<{ status: number | null; text: string }> =>
      new Promise((resolve) => {
        const env = { ...process.env, SIC_PORT: `python3 ${port}`, SIC_FRESH: "3" };
        const child = spawn(process.execPath, ["--import", "tsx", "tests/parts.ts"], { cwd: here("../.."), env });
        let text = "";
        for (const pipe of [child.stdout, child.stderr]) pipe.on("data", (bytes: Buffer) => (text += bytes.toString()));
        child.on("close", (status) => {
          resolve({ status, text });
        });
      });
    const green = await npmTest(mended);
    expect(green.status, green.text).toBe(0);
    expect(green.text).toMatch(/^tests {2,}\d+ s$/m);
    expect(green.text).not.toMatch(/^(types|lint|exports|format) /m);
    const red = await npmTest(stub);
    expect(red.status).toBe(1);
    expect(red.text).toContain("looks like: capacity has the wrong sign (L3)");
  });

  test("P10 where CI is set the same cases are drawn each time; --only takes commas or spaces, with or without --", async () => {
    // Mutants: a random seed in CI; the port's program taken for a requirement.
    for (const numbers of [["L3,L4"], ["L3", "L4"], ["L3", "L4", "--"]]) {
      const { status, stdout } = await conform(
        "--fresh",
        "2",
        "--save",
        folder,
        "--only",
        ...numbers,
        "python3",
        mended,
      );
      expect(status).toBe(0);
      expect(stdout).toMatch(/fresh cases: seed 1\)/);
    }
  });

  test("P9 a signal to the runner ends the port, too", async () => {
    // Mutant: no handler, so that the port goes on by itself.
    const words = [
      "--import",
      "tsx",
      here("../../src/cli/conform.ts"),
      "--timeout",
      "100",
      "--save",
      folder,
      "--only",
      "L3",
    ];
    const child = spawn(process.execPath, [...words, "python3", here("nasty/nasty.py"), "hang", join(folder, "pid")]);
    await vi.waitFor(() => readFileSync(join(folder, "pid"), "utf8"), { timeout: 60_000, interval: 100 });
    const pid = Number(readFileSync(join(folder, "pid"), "utf8"));
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    expect(await ended).toBe(143);
    await vi.waitFor(() => {
      expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
    }, 60_000);
  });

  test.each([
    [["--seed", "-1", "python3", stub], /--seed.*-1.*whole number/],
    [["--timeout", "soon", "python3", stub], /--timeout.*soon.*seconds above 0/],
    [[], /missing required argument 'command'/],
    [["./my-port"], /^error: the port's program is \.\/my-port, which is not there; expected a path, or a program on/],
    [["no-such-program", "x.py"], /^error: the port's program is no-such-program, which is not there/],
    [["--bogus", "python3", stub], /unknown option '--bogus'; expected/],
    [["--only", "L3,L33", "python3", stub], /--only has L33; expected some of P1, /],
    [["--skip", "L3", "python3", stub], /--skip is L3; expected a requirement.*= and the reason/],
    [
      ["--expect-fail", "L33=no", "python3", stub],
      /--expect-fail names L33; expected a requirement, an operation or a vector/,
    ],
    [["--vectors", join(folder, "nothing"), "python3", stub], /nothing holds no vectors; expected a folder with/],
    [["--vectors", foreign, "python3", stub], /own.json is not a file of vectors: operation; expected one of/],
    [["--save", join(stub, "x"), "python3", stub], /x cannot be written to \(ENOTDIR\); expected a folder that can/],
  ])("P10 bad options are refused by name, in one line and with exit code 2: %s", async (args, message) => {
    // Mutants: an option's value is taken as it comes; a stack trace; the exit code of a port that fails.
    const { status, stderr } = await conform(...args);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd()).not.toContain("\n");
  });
});
