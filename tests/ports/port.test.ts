import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { describePort } from "../../src/package/describe-port.ts";
import { goPort, hasGo, inShell, numpy, patient, referencePort, requireNumpy } from "./commands.ts";

// P1 to P10: every requirement as tests of a port. SIC_PORT="python3 my_port.py" npm test holds that port to them; without it the honest
// ports of this folder must pass everything. SIC_SEED and SIC_FRESH choose the fresh cases.

const given = process.env["SIC_PORT"];
const seed = process.env["SIC_SEED"];
const fresh = { fresh: Number(process.env["SIC_FRESH"] ?? 20), ...(seed && { seed: Number(seed) }) };

if (given) {
  describePort(given, fresh);
} else {
  const own = {
    ...{ seed: 1, ...fresh, save: mkdtempSync(join(tmpdir(), "sic-ports-")) },
    ...{ timeout: patient.requestSeconds, budget: patient.runSeconds },
  };
  describe("NumPy", () => {
    beforeAll(requireNumpy);
    describePort(inShell(numpy("numpy/sic_numpy_port.py")), own);
    describePort(inShell(numpy("numpy/sic_numpy_port.py", "--float64")), own);
  });
  describe("Go", () => {
    test("the port has at most 400 lines", () => {
      const files = readdirSync(goPort.folder).filter((name) => name.endsWith(".go"));
      const lines = files.flatMap((name) => readFileSync(join(goPort.folder, name), "utf8").trimEnd().split("\n"));
      expect(lines.length).toBeLessThanOrEqual(400);
    });
    if (hasGo) {
      beforeAll(() => {
        execFileSync("go", ["build", "-C", goPort.folder, "-o", goPort.program, "."]);
      });
      describePort(inShell(goPort), own);
    } else {
      test("the port in Go", (context) => {
        context.skip("not run: there is no Go on the PATH");
      });
    }
  });
  describe("the reference, tfjs on wasm", () => {
    describePort(inShell(referencePort), own);
  });
}
