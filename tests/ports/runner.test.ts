import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { conform } from "../../src/port/conform.ts";
import { table } from "../../src/port/report-table.ts";
import { freshChecks } from "../../src/port/fresh.ts";
import { PortProcess } from "../../src/port/process.ts";
import type { Limits } from "../../src/port/process.ts";
import { parseReply } from "../../src/port/reply.ts";
import { protocolChecks } from "../../src/port/protocol-checks.ts";
import { tryOperation, vectorChecks } from "../../src/port/vector-checks.ts";
import { loadVectors } from "../../src/port/vectors.ts";
import { isFailure } from "../../src/port/verdict.ts";
import { here, patient, python } from "./commands.ts";

// P1 to P9: nasty little ports (nasty/nasty.py). Each goes wrong on `capacity` only; the verdict says how, and `initialState`, asked
// afterwards, still passes.

const files = loadVectors().filter(({ operation }) => ["capacity", "initialState"].includes(operation));
const [capacity, initialState] = files.map(({ cases }) => cases);

/** Patient with starting, so that a busy machine fails no test, but not with a port that is meant to hang. */
const short: Limits = { ...patient, requestSeconds: 2, replyBytes: 2 ** 20 };
const hanging = [
  "hang",
  "truncated-by-silence",
  "carriage-return",
  "drips-for-ever",
  "stops-itself",
  "errors-for-ever",
];

test.each([
  // Mutants: a fault that ends the run; a restart that keeps the old process's half line; a reply taken for another request's; NaN or a
  // wrong shape compared as if it were a number; output read without a bound.
  ["P9", "hang", "hang", /no reply within 2 s/],
  ["P9", "crash", "crash", /ended with exit code 3.*out of cheese/],
  ["P9", "killed", "crash", /ended by SIGKILL/],
  ["P2", "garbage", "garbage", /not JSON: "the capacity is/],
  ["P2", "not-a-reply", "garbage", /not a reply as in P2/],
  ["P2", "wrong-id", "garbage", /the reply has id 2, the request had 1/],
  ["P2", "no-output", "garbage", /neither output nor error/],
  ["P2", "truncated-by-exit", "truncated", /never ended: the process ended with exit code 0/],
  ["P2", "truncated-by-silence", "truncated", /never ended: nothing more within 2 s/],
  ["P7", "nan", "not-finite", /contains NaN/],
  ["P7", "overflow", "not-finite", /value is Infinity/],
  ["P7", "null", "not-finite", /value is null/],
  ["P7", "text", "shape", /value is "-0.5", expected the number/],
  ["P7", "list", "shape", /output is \[.*\], expected an object/],
  ["P7", "missing-field", "shape", /value is missing/],
  ["P9", "flood", "flood", /more than 1048576 bytes/],
  ["P6", "error-reply", "error-reply", /not today/],
  ["P7", "deep-list", "shape", /value is \[\[\[.*expected the number/],
  ["P6", "forging-error", "error-reply", /\\u001b\[2J\\u202e\\u000aCONFORMS.{1,200}$/],
  ["P2", "byte-order-mark", "garbage", /begins with a byte order mark/],
  ["P2", "blank-line", "garbage", /an empty line; expected the reply alone/],
  ["P2", "two-objects", "garbage", /more than one object on a line/],
  ["P2", "several-lines", "garbage", /an object over several lines/],
  ["P2", "progress-before", "garbage", /not JSON: "10%/],
  ["P2", "id-as-text", "garbage", /not a reply as in P2: id/],
  ["P2", "request-echoed", "garbage", /neither output nor error/],
  ["P2", "drips-for-ever", "truncated", /never ended: nothing more within 2 s/],
  ["P6", "output-and-error", "error-reply", /not today/],
  ["P7", "prototype", "shape", /value is missing/],
  ["P9", "segmentation-fault", "crash", /ended by SIGSEGV/],
  ["P9", "stops-itself", "hang", /no reply within 2 s/],
  ["P9", "errors-for-ever", "hang", /no reply within 2 s/],
  ["P9", "long-list", "shape", /value is \[.*expected the number/],
  ["P2", "carriage-return", "truncated", /ends its lines in \\r alone/],
  ["P9", "exits-but-a-child-holds-the-pipe", "crash", /ended with exit code 3/],
  ["P9", "exits-but-a-daemon-holds-the-pipe", "crash", /ended with exit code 3/],
  ["P9", "closes-its-output", "crash", /has closed its standard output/],
] as const)("%s a port with %s gets the verdict %s, and the rest goes on", async (_, mode, kind, message) => {
  const port = new PortProcess(
    python("nasty/nasty.py", mode),
    hanging.includes(mode) ? short : { ...patient, replyBytes: 2 ** 20 },
  );
  const wrong = [...(await tryOperation(port, "capacity", capacity!.slice(0, 1))).values()];
  const right = [...(await tryOperation(port, "initialState", initialState!)).values()];
  await port.stop();
  expect(wrong).toEqual([expect.objectContaining({ kind, message: expect.stringMatching(message) as unknown })]);
  expect(right.filter(isFailure)).toEqual([]);
});

test("P9 a long reply that is made of brackets is not read", () => {
  // Mutant: JSON.parse takes it, and some thirty times its length in memory.
  const reply = (lists: number): string => `{"id": 1, "output": {"value": [${"[],".repeat(lists)}[]]}}`;
  expect(parseReply(1, reply(10))).toHaveProperty("output");
  expect(parseReply(1, reply(500_000))).toMatchObject({
    fault: { kind: "garbage", message: expect.stringMatching(/made of 50000\d lists/) as unknown },
  });
});

test("P9 a port that hangs is killed, not left behind", async () => {
  // Mutant: a time limit that gives the verdict but lets the process live.
  const port = new PortProcess(python("nasty/nasty.py", "hang"), short);
  await tryOperation(port, "capacity", capacity!.slice(0, 1));
  const pid = Number(/process (\d+)/.exec(port.lastNotes())![1]);
  await vi.waitFor(() => {
    expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
  }, patient.requestSeconds * 1000);
  await port.stop();
});

test("P2 a port that answers twice fails the next request, not the ones after it", async () => {
  // Mutant: stray output is thrown away without a word.
  const port = new PortProcess(python("nasty/nasty.py", "two-lines"), patient);
  const first = [...(await tryOperation(port, "capacity", capacity!.slice(0, 1))).values()];
  const rest = [...(await tryOperation(port, "initialState", initialState!)).values()];
  await port.stop();
  expect(first.map(({ kind }) => kind)).toEqual(["pass"]);
  expect(rest.map(({ kind }) => kind)).toEqual(["garbage", ...rest.slice(1).map(() => "pass")]);
});

test("P9 an operation that cost two processes is not asked again, and its other vectors do not pass", async () => {
  // Mutants: every vector of a crashing operation costs a process; the reason is lost where a check of the protocol met it first.
  const port = new PortProcess(python("nasty/nasty.py", "crash"), patient);
  const findings = [...(await tryOperation(port, "capacity", capacity!)).values()];
  const kinds = findings.map(({ kind }) => kind);
  await port.stop();
  expect(kinds).toEqual(["crash", "crash", ...capacity!.slice(2).map(() => "given-up")]);
  for (const { message } of findings.slice(2)) expect(message).toMatch(/cost 2 processes.*crash.*out of cheese/);
});

test("P9 a slow start and much noise on standard error harm nothing", async () => {
  // Mutants: hello under a request's time limit; standard error left unread until its pipe is full.
  for (const mode of ["slow-start", "noisy"]) {
    const port = new PortProcess(python("nasty/nasty.py", mode), {
      ...patient,
      requestSeconds: mode === "noisy" ? 60 : 1,
    });
    expect(await port.hello()).toHaveProperty("hello.name", mode);
    const findings = [...(await tryOperation(port, "initialState", initialState!)).values()];
    await port.stop();
    expect(findings.filter(isFailure)).toEqual([]);
  }
});

test("P9 a port that never says hello is given up after three starts", async () => {
  // Mutant: a port that cannot start is started again for each request.
  const port = new PortProcess(python("nasty/nasty.py", "never-starts"), patient);
  const faults = [];
  for (let start = 0; start < 5; start++) faults.push(await port.ask("capacity", {}));
  await port.stop();
  const crash = { fault: { kind: "crash", message: expect.stringContaining("no licence found") as unknown } };
  const givenUp = { fault: { kind: "given-up", message: expect.stringContaining("did not answer hello") as unknown } };
  expect(faults).toEqual([crash, crash, crash, givenUp, givenUp]);
});

test("P1 a program that cannot be started is a verdict, not an exception", async () => {
  // Mutant: the spawn's error event is not listened to.
  const port = new PortProcess({ program: here("no-such-program"), args: [] }, patient);
  expect(await port.ask("capacity", {})).toEqual({
    fault: { kind: "crash", message: expect.stringContaining("could not be started") as unknown },
  });
  expect(await port.stop()).toBe(true);
});

test.each([
  ["P3", "hello-without-precision", /precision/],
  ["P3", "hello-of-another-protocol", /protocol/],
])("%s %s is refused with the field's name", async (_, mode, message) => {
  // Mutant: hello's reply is taken as it comes.
  const port = new PortProcess(python("nasty/nasty.py", mode), patient);
  const greeting = await port.hello();
  await port.stop();
  expect(greeting).toEqual({ fault: { kind: "garbage", message: expect.stringMatching(message) as unknown } });
});

test("P9 a port that is silent from the start is started once", async () => {
  // Mutant: hello is waited for three times.
  const port = new PortProcess(python("nasty/nasty.py", "silent"), { ...patient, helloSeconds: 1 });
  const kinds = [];
  for (let start = 0; start < 3; start++) {
    const answer = await port.ask("capacity", {});
    kinds.push("fault" in answer ? answer.fault.kind : "answered");
  }
  await port.stop();
  expect(kinds).toEqual(["hang", "given-up", "given-up"]);
});

test("P9 a port that has closed its input is told so at the next request, and started again", async () => {
  // Mutant: EPIPE is not listened to, and the request waits for its time limit.
  const port = new PortProcess(python("nasty/nasty.py", "closes-its-input"), patient);
  const first = await port.ask("capacity", capacity![0]!.input);
  const second = await port.ask("initialState", initialState![0]!.input);
  const third = await port.ask("initialState", initialState![0]!.input);
  await port.stop();
  expect(first).toHaveProperty("output");
  expect(second).toHaveProperty("fault.message", expect.stringMatching(/has closed its standard input/));
  expect(third).toHaveProperty("output");
});

test("P9 all requests of a run have one budget, and six without a reply are the last", async () => {
  // Mutants: each operation may hang twice; the time of a run grows with its number of cases.
  const hangs = new PortProcess(python("nasty/nasty.py", "hang"), { ...patient, requestSeconds: 0.2 });
  const names = ["capacity", "positions", "step", "clip"] as const;
  const kinds = [];
  for (const name of [...names, ...names, ...names]) {
    const answer = await hangs.ask(name, { states: [[1]] });
    kinds.push("fault" in answer ? answer.fault.kind : "answered");
  }
  await hangs.stop();
  expect(kinds.filter((kind) => kind === "hang").length).toBeLessThanOrEqual(6);
  const spent = new PortProcess(python("nasty/nasty.py", "right"), { ...patient, runSeconds: 0 });
  await spent.ask("capacity", capacity![0]!.input);
  const sibling = spent.sibling();
  const answer = await sibling.ask("capacity", capacity![0]!.input);
  await spent.stop();
  await sibling.stop();
  expect(answer).toHaveProperty("fault.kind", "given-up");
});

test("P3 what a port says of itself cannot act on a terminal or forge a verdict", async () => {
  // Mutant: a name printed as it comes.
  const report = await conform(python("nasty/nasty.py", "hello-that-forges"), protocolChecks(files), 1, patient);
  const text = table(report, new Map());
  expect(text).not.toMatch(/[^\n -~]/);
  expect(text).not.toMatch(/^CONFORMS/m);
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThan(400);
});

test("P10 a fault of the runner among fresh cases is no pass (mutant: what fast-check reports is not looked at)", async () => {
  const { operation, cases } = files.find((file) => file.operation === "capacity")!;
  const broken = [{ operation, cases: [{ ...cases[0]!, exact: 7 as unknown as string[] }] }];
  const [check] = freshChecks(broken, { seed: 1, runs: 3, folder: tmpdir() });
  const { results } = await conform(python("nasty/nasty.py", "right"), [check!], 1, patient);
  expect(results[0]).toMatchObject({
    kind: "runner-fault",
    message: expect.stringMatching(/includes is not/) as unknown,
  });
});

test("P10 a port that nests more fields than asked for conforms, and a fault of the runner is a finding", async () => {
  // Mutants: the port's own output walked to its depth; an exception that ends the report.
  const checks = [...protocolChecks(files), ...vectorChecks(files)];
  const deep = await conform(python("nasty/nasty.py", "deep-extra"), checks, 1, patient);
  expect(deep.results.filter(isFailure)).toEqual([]);
  const broken = { requirement: "P10", title: "broken", run: () => Promise.reject(new RangeError("too deep")) };
  const { results } = await conform(python("nasty/nasty.py", "right"), [broken, ...checks], 1, patient);
  expect(results[0]).toMatchObject({ kind: "runner-fault", message: expect.stringMatching(/too deep/) as unknown });
  expect(results.slice(1).filter(isFailure)).toEqual([]);
});

test.each([
  ["P1", "outlives-its-input", "hang", /still running/],
  ["P3", "hello-of-unknown-operations", "garbage", /levitation/],
  ["P5", "stateful", "off", /capacity asked again/],
  ["P5", "crash-when-asked-again", "crash", /capacity asked again: .*ended with exit code 7/],
  ["P5", "wrong-from-the-third-process-on", "off", /capacity asked again/],
  ["P6", "dies-of-bad-requests", "crash", /ended with exit code 1/],
  ["P6", "error-after-error", "error-reply", /capacity after an error reply: .*still upset/],
])("%s the protocol's own checks catch a port that is %s", async (requirement, mode, kind, message) => {
  // Mutants: a check of the protocol that always passes; P5 blamed for a crash; the answer after an error not marked.
  const counter = join(mkdtempSync(join(tmpdir(), "sic-nasty-")), "processes");
  const port = new PortProcess(python("nasty/nasty.py", mode, counter), {
    ...patient,
    requestSeconds: mode === "outlives-its-input" ? 2 : 60,
  });
  const findings = [];
  for (const check of protocolChecks(files))
    findings.push({ requirement: check.requirement, ...(await check.run(port)) });
  await port.stop();
  const failed = findings.filter(isFailure);
  expect(failed[0]).toMatchObject({ requirement, kind, message: expect.stringMatching(message) as unknown });
});
