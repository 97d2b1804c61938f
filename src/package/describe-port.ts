import { afterAll, describe, expect, test } from "vitest";
import type { Finding } from "../port/check.ts";
import { doesConform } from "../port/conform.ts";
import { checksOf } from "../port/plan.ts";
import { PortProcess } from "../port/process.ts";
import { requirementTitles } from "../port/requirements.ts";
import { isFailure } from "../port/verdict.ts";
import { limitsOf, planOf } from "./library.ts";
import type { describePort as DescribePort } from "./vitest.d.ts";

/** Added to what the port may take, for the runner's own work. */
const OWN_MILLISECONDS = 300_000;

/** `describePort` as vitest.d.ts describes it. */
export const describePort: typeof DescribePort = (command, options = {}) => {
  const limits = limitsOf(options);
  const checks = checksOf(planOf(options));
  const titles = requirementTitles();
  const numbers = [...new Set(checks.map(({ requirement }) => requirement))];
  const timeout = 1000 * limits.runSeconds + OWN_MILLISECONDS;
  describe(`port: ${command}`, { concurrent: false }, () => {
    const port = new PortProcess({ shell: command }, limits);
    const findings: (Pick<Finding, "kind"> & { requirement: string })[] = [];
    afterAll(() => port.stop());
    for (const number of numbers) {
      describe(`${number} ${titles.get(number) ?? ""}`.trim(), () => {
        for (const { title, run } of checks.filter(({ requirement }) => requirement === number)) {
          test(title, { timeout }, async (context) => {
            const finding = await run(port);
            findings.push({ requirement: number, ...finding });
            if (isFailure(finding)) expect.fail(explained(finding));
            if (finding.kind !== "pass") context.skip(`${finding.kind}: ${finding.message}`);
          });
        }
      });
    }
    test("something passes that the port is held to", () => {
      if (!findings.some(isFailure)) expect(doesConform(findings)).toBe(true);
    });
  });
};

function explained({ kind, message, looksLike }: Finding): string {
  return [`${kind}: ${message}`, ...(looksLike ?? []).map((says) => `looks like: ${says}`)].join("\n");
}
