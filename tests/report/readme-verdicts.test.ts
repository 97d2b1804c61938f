import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CLAIMS } from "../../src/claims/all.ts";
import type { Finding, Verdict } from "../../src/claims/claim.ts";
import { claimText } from "../../src/claims/claim-text.ts";
import { README, changedVerdicts, readmeWith } from "../../src/report/readme-verdicts.ts";
import { FINDINGS } from "./synthetic.ts";

const page = readFileSync(README, "utf8");

/** What a run of all claims would give if the verdicts were those of README.md. */
function findings(change: Record<string, Verdict> = {}): Finding[] {
  return CLAIMS.map(({ number }) => {
    const row = new RegExp(`^\\| ${number} .*(holds|fails|not decided)`, "m").exec(page);
    return { ...FINDINGS[0]!, ...claimText(number), verdict: change[number] ?? ((row?.[1] ?? "holds") as Verdict) };
  });
}

describe("the table of verdicts in README.md", () => {
  it("is what `npm run claims -- --readme` writes, but for the verdicts themselves (mutant: a title changed by hand)", () => {
    expect(readmeWith(page, findings())).toBe(page);
  });

  it("takes over a new verdict (mutant: the old table kept)", () => {
    const changed = readmeWith(page, findings({ C1: "fails" }));
    expect(changed).toMatch(/^\| C1 .*\| \*\*fails\*\* +\|$/m);
    expect(changedVerdicts(changed, findings({ C1: "fails" }))).toEqual([]);
  });

  it("is compared with what a run found (mutants: nothing compared; a claim that is not listed passed over)", () => {
    expect(changedVerdicts(page, findings())).toEqual([]);
    const changed = readmeWith(page, findings({ C1: "fails", C9: "not decided" }));
    expect(changedVerdicts(changed, findings({ C1: "holds", C9: "holds" }))).toEqual([
      'The verdict on C1 is "holds"; README.md has "fails".',
      'The verdict on C9 is "holds"; README.md has "not decided".',
    ]);
    expect(changedVerdicts("", findings().slice(0, 1))).toHaveLength(1);
  });
});
