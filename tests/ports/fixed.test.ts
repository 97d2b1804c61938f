import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { conform } from "../../src/port/conform.ts";
import type { Report } from "../../src/port/conform.ts";
import { fitted, misfit, problemsOf } from "../../src/port/fixed.ts";
import type { Fixed } from "../../src/port/fixed.ts";
import { junit } from "../../src/port/junit.ts";
import { checksOf } from "../../src/port/plan.ts";
import { table } from "../../src/port/report-table.ts";
import { isFailure } from "../../src/port/verdict.ts";
import { numpy, patient, requireNumpy } from "./commands.ts";

// P3, P10: a port that cannot change some settings is judged on the rest.

const save = mkdtempSync(join(tmpdir(), "sic-fixed-"));

async function judged(...args: string[]): Promise<Report> {
  const only = ["P3", "N3", "L1", "L4", "L5", "T1"];
  const checks = checksOf({ only, skip: [], expectFail: [], seed: 1, fresh: 10, save });
  return conform(numpy("numpy/fixed.py", "--float64", ...args), checks, 1, patient);
}

describe("P10 the NumPy port with sigmaS = 0, sigmaC = sigmaX and all pairs, whatever it is asked", () => {
  let report: Report;
  beforeAll(async () => {
    requireNumpy();
    report = await judged();
  });
  const of = (operation: string): Report["results"] => report.results.filter((one) => one.operation === operation);

  test("conforms, by vectors, fresh cases and properties that fit (mutants: all cases asked; fresh cases drawn without it)", () => {
    expect(report.results.filter(isFailure)).toEqual([]);
    expect(report.passed).toBe(true);
    for (const operation of ["losses", "gradients", "conformalIsometry", "train"])
      expect(of(operation).filter(({ kind }) => kind === "pass").length, operation).toBeGreaterThan(1);
    expect(of("gradients").find(({ title }) => title.includes("fresh cases"))?.kind).toBe("pass");
  });

  test("is told what was not covered, and why, in each form of the report (mutant: such cases left out in silence)", () => {
    const reasons = report.results.filter(({ kind }) => kind === "not-covered").map(({ message }) => message);
    expect(reasons).toContain("the port has sigmaS fixed at 0, and this case has another");
    expect(reasons).toContain("the port has sigmaC fixed at sigmaX, and this case has another");
    const { message } = of("losses").find(({ title }) => title.startsWith("losses/pairs "))!;
    expect(message).toMatch(/^the port has .* fixed at .*, and this case has another$/);
    const text = table(report, new Map());
    expect(text).toContain("Fixed settings: sigmaS = 0, sigmaC = sigmaX, pairs = all.");
    expect(text).toMatch(/^L4 .*ok .*not covered/m);
    expect(junit(report, new Map())).toContain('<skipped message="not-covered: the port has sigmaS fixed at 0');
    expect(report.hello?.fixed).toEqual({ sigmaS: 0, sigmaC: "sigmaX", pairs: "all" });
  });
});

test("P3 a setting that is unknown or impossible is one failure, of hello, in one line (mutant: taken as it comes)", async () => {
  const wrong = await judged("sigma_s=0", "sigmaS=0", 'sigmaC="sigmaX"', 'pairs="all"');
  expect(wrong.results.filter(isFailure).map(({ message }) => message)).toEqual([
    expect.stringMatching(/^hello fixes sigma_s, which is no setting; expected some of sigmaX, .*pairs, curriculum$/),
  ]);
});

test.each<[Fixed, RegExp]>([
  [{ sigmaX: -1 }, /sigmaX at -1; expected a number above 0/],
  [{ sigmaS: "all" }, /sigmaS at "all"; expected a number, or the name of another setting/],
  [{ sigmaS: "sigmaS" }, /name of another setting/],
  [{ sigmaC: "sigmaX", sigmaX: "sigmaC" }, /that has its own value/],
  [{ reduction: "median" }, /reduction at "median"; expected "mean" or "sum"/],
  [{ pairs: 7 }, /pairs at 7; expected "all"/],
  [{ beta1: 1 }, /beta1 at 1; expected a number of at least 0 and below 1/],
  [{ warmup: 0.5 }, /warmup at 0.5; expected a whole number/],
  [{ steps: 100 }, /steps, which is no setting/],
  [{ constructor: 1 }, /constructor, which is no setting/],
])("P3 %j is refused (mutant: each rule left out)", (fixed, says) => {
  expect(problemsOf(fixed)[0]).toMatch(says);
});

test("P10 settings are found wherever an input has them (mutants: only in the input itself; only in settings)", () => {
  const settings = { sigmaX: 0.25, sigmaC: 1, sigmaG: 0.5, curriculum: [{ at: 0.5, sigmaG: 1 }] };
  const input = { batches: [[{ order: [[0]], pairs: [0] }]], settings };
  expect(misfit({ sigmaX: 0.25 }, input)).toBeUndefined();
  expect(misfit({ sigmaC: "sigmaX" }, input)).toBe("sigmaC");
  expect(misfit({ sigmaG: 0.5 }, input)).toBe("sigmaG"); // in a knot
  expect(misfit({ pairs: "all" }, input)).toBe("pairs");
  expect(misfit({ curriculum: "none" }, input)).toBe("curriculum");
  expect(misfit({ sigmaC: "sigmaX" }, { sigmaC: 1 })).toBeUndefined();
  expect(fitted({ sigmaC: "sigmaX", sigmaX: 0.5, pairs: "all", curriculum: "none" }, input)).toEqual({
    batches: [[{ order: [[0]] }]],
    settings: { sigmaX: 0.5, sigmaC: 0.5, sigmaG: 0.5, curriculum: [] },
  });
});
