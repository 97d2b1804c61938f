import { describe, expect, test } from "vitest";
import { CLAIMS } from "../../src/claims/all.ts";
import type { Agent } from "../../src/measure/agent.ts";
import { studyOf, lostAgent, moduleRates, placeAgent, THREE_MODULES, type Rate } from "./agents.ts";

const full = placeAgent(THREE_MODULES);
const onlyOne = placeAgent(moduleRates({ count: 20, spacing: 1.2, turn: 10 }));
const collapsed = placeAgent(new Array<Rate>(12).fill(() => 1));
const stretched = placeAgent(
  THREE_MODULES.map(
    (rate): Rate =>
      (x, y) =>
        rate(1.8 * x, 0.6 * y),
  ),
);

/** Each ablation with its network's name, and an agent that shows what should follow. */
const ABLATIONS: [string, string, Agent][] = [
  ["C10", "no-capacity", onlyOne],
  ["C11", "no-invariance", lostAgent(20)],
  ["C12", "no-separation", collapsed],
  ["C13", "no-conformal-isometry", stretched],
  ["C14", "no-permutation", lostAgent(20)],
  ["C15", "small-sigma-g", onlyOne],
];

describe("C10 to C15 ablations", () => {
  for (const [number, name, agent] of ABLATIONS) {
    const { decide } = CLAIMS.find((claim) => claim.number === number)!;

    test(`${number} ${name} holds if the network without it shows what should follow (mutant: the other direction)`, () => {
      const finding = decide(studyOf({ agent: full }, [{ name, agent }]));
      expect(finding.verdict).toBe("holds");
      expect(finding.evidence.rows[0]![0]).toBe(name);
      expect(finding.null!.rows).toHaveLength(1);
    });

    test(`${number} ${name} fails if the network without it is like the others (mutant: no worse as worse)`, () => {
      expect(decide(studyOf({ agent: full }, [{ name, agent: full }])).verdict).toBe("fails");
    });

    test(`${number} ${name} is not decided without that network (mutant: absent as broken)`, () => {
      expect(decide(studyOf({ agent: full }, [{ name: "another", agent: full }])).verdict).toBe("not decided");
    });
  }
});
