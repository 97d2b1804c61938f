import { describe, expect, test } from "vitest";
import { largerArenas } from "../../src/claims/c06-larger-arenas.ts";
import { otherVelocities } from "../../src/claims/c07-other-velocities.ts";
import { farApart } from "../../src/claims/c08-capacity.ts";
import { pathIntegration } from "../../src/claims/c09-path-integration.ts";
import { conformalMetric } from "../../src/claims/c16-conformal-isometry.ts";
import { Study } from "../../src/claims/study.ts";
import { polar } from "../../src/synthetic/maps.ts";
import { studyOf, lostAgent, moduleRates, placeAgent, SMALL, THREE_MODULES, type Rate } from "./agents.ts";

const perfect = placeAgent(THREE_MODULES);
const three = studyOf({ agent: perfect });
const lost = studyOf({ agent: lostAgent(24) });
const nobody = new Study([], [], SMALL);

/** Waves along three directions, each in three phases: their squares add up to the same everywhere, and the metric is even. */
const waves = (period: number): Rate[] =>
  [0, 60, 120].flatMap((turn) =>
    [0, 120, 240].map((phase): Rate => {
      const [kx, ky] = polar((2 * Math.PI) / period, turn);
      return (x, y) => 1 + Math.cos(kx * x + ky * y + (phase * Math.PI) / 180);
    }),
  );
const isometric = studyOf({ agent: placeAgent(waves(4)) });

describe("claims about space", () => {
  test("C6 C7 C8 C9 C16 they hold for a population that always knows its place (mutant: a rule that none meets)", () => {
    expect([largerArenas, otherVelocities, farApart, pathIntegration].map((claim) => claim(three).verdict)).toEqual(
      new Array(4).fill("holds"),
    );
    expect(conformalMetric(isometric).verdict).toBe("holds");
  });

  test("C6 C7 C8 C9 C16 they fail for a network that has learnt nothing (mutants: a rule that all meet; no modules as all kept)", () => {
    for (const claim of [largerArenas, otherVelocities, farApart, pathIntegration, conformalMetric])
      expect(claim(lost).verdict).toBe("fails");
  });

  test("C6 C7 C8 C9 C16 nothing is decided without networks (mutant: 0 of 0 as all)", () => {
    for (const claim of [largerArenas, otherVelocities, farApart, pathIntegration, conformalMetric])
      expect(claim(nobody).verdict).toBe("not decided");
  });

  test("C6 a lattice that is another one outside of the range trained on does not go on (mutant: home compared with home)", () => {
    const changing = THREE_MODULES.map((rate): Rate => (x, y) => {
      const factor = Math.max(Math.abs(x), Math.abs(y)) > 2.5 ? 0.6 : 1;
      return rate(factor * x, factor * y);
    });
    expect(largerArenas(studyOf({ agent: placeAgent(changing) })).verdict).toBe("fails");
  });

  test("C7 an agent that takes every step for one of middling length goes wrong (mutants: all velocity statistics alike; modules alone, not their place)", () => {
    const vMax = three.baselines[0]!.config.velocityMax;
    const agent = placeAgent(THREE_MODULES, {
      believes: (v) => {
        const speed = Math.hypot(...v);
        const factor = speed === 0 ? 0 : Math.min(0.9 * vMax, Math.max(0.5 * vMax, speed)) / speed;
        return [factor * v[0], factor * v[1]];
      },
    });
    const { evidence } = otherVelocities(studyOf({ agent }));
    expect(evidence.rows.length).toBe(4);
    for (const [, , , , agreement] of evidence.rows) expect(Number(agreement)).toBeLessThan(0.5);
  });

  test("C8 one module alone repeats at every period (mutant: averages over rings alone)", () => {
    const one = studyOf({ agent: placeAgent(moduleRates({ count: 24, spacing: 1.2, turn: 10 })) });
    const finding = farApart(one);
    expect(finding.verdict).toBe("fails");
    expect(Number(finding.evidence.rows[0]![5])).toBeGreaterThan(Number(farApart(three).evidence.rows[0]![5]));
  });

  test("C9 an agent that drifts, or does no better than with a leak, does not integrate (mutants: the first times only; no comparison)", () => {
    expect(pathIntegration(studyOf({ agent: placeAgent(THREE_MODULES, { drift: 0.04 }) })).verdict).toBe("fails");
    expect(pathIntegration(studyOf({ agent: perfect, leaky: perfect })).verdict).toBe("fails");
  });

  test("C16 a code that is stretched along one axis is no conformal one (mutants: the mean ratio alone; anisotropy of eigenvalues' roots lost)", () => {
    const stretched = waves(4).map(
      (rate): Rate =>
        (x, y) =>
          rate(1.5 * x, y),
    );
    const finding = conformalMetric(studyOf({ agent: placeAgent(stretched) }));
    expect(finding.verdict).toBe("fails");
    expect(Number(finding.evidence.rows[0]![4])).toBeCloseTo(1.5, 2);
  });
});
