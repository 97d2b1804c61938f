import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Finding } from "../../src/port/check.ts";
import { allChecks } from "../../src/port/conform.ts";
import { PortProcess } from "../../src/port/process.ts";
import type { PortCommand } from "../../src/port/process.ts";
import { requirementTitles } from "../../src/port/requirements.ts";
import { loadVectors } from "../../src/port/vectors.ts";
import { isFailure } from "../../src/port/verdict.ts";
import { numpy, patient, referencePort, requireNumpy } from "./commands.ts";

// P1 to P10: every requirement as tests of a port. SIC_PORT="python3 my_port.py" npm test holds that port to them; without it the two honest
// ports, NumPy's in both precisions and the project's own, must pass everything. SIC_SEED and SIC_FRESH choose the fresh cases.

const given = process.env["SIC_PORT"];
const ports: { name: string; command: PortCommand; needs?: () => void }[] = given
  ? [{ name: given, command: { shell: given } }]
  : [
      { name: "NumPy, float32", command: numpy("numpy/sic_numpy_port.py"), needs: requireNumpy },
      { name: "NumPy, float64", command: numpy("numpy/sic_numpy_port.py", "--float64"), needs: requireNumpy },
      { name: "the reference, tfjs on wasm", command: referencePort },
    ];
const fresh = {
  seed: Number(process.env["SIC_SEED"] ?? (given ? Date.now() % 1_000_000 : 1)),
  runs: Number(process.env["SIC_FRESH"] ?? 20),
  folder: given ? "runs/ports" : mkdtempSync(join(tmpdir(), "sic-ports-")),
};
const files = loadVectors();
const titles = requirementTitles();

describe.each(ports)("port: $name", ({ command, needs }) => {
  const port = new PortProcess(command, patient);
  beforeAll(() => needs?.());
  afterAll(() => port.stop());

  const checks = allChecks(files, fresh);
  const numbers = [...new Set(checks.map(({ requirement }) => requirement))];
  describe.each(numbers.map((number) => `${number} ${titles.get(number) ?? ""}`))("%s", (heading) => {
    for (const { title, run } of checks.filter(({ requirement }) => heading.startsWith(`${requirement} `))) {
      test(title, async (context) => {
        const finding = await run(port);
        if (finding.kind === "not-covered") context.skip(finding.message);
        if (isFailure(finding)) expect.fail(explained(finding));
      });
    }
  });
});

function explained({ kind, message, looksLike }: Finding): string {
  return [`${kind}: ${message}`, ...(looksLike ?? []).map((says) => `looks like: ${says}`)].join("\n");
}
