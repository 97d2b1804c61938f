import { describe, expect, test } from "vitest";
import { CLAIMS } from "../../src/claims/all.ts";
import { glance } from "../../src/claims/glance.ts";
import { jobsOf, partsOf } from "../../src/claims/jobs.ts";
import { Study } from "../../src/claims/study.ts";
import { lostAgent, model, moduleRates, placeAgent, SMALL, studyOf, THREE_MODULES } from "./agents.ts";

const numbers = CLAIMS.map(({ number }) => number);

describe("claims as jobs", () => {
  // Kills: a claim that no job measures, one that two do, claims that look at all baselines in more than one process.
  test("each claim is in one job, and those that look at all baselines are together", () => {
    const jobs = jobsOf(CLAIMS, true);
    expect(jobs.flatMap((job) => job.numbers).sort()).toEqual([...numbers].sort());
    expect(jobs[0]!.numbers).toEqual(CLAIMS.filter(({ looks }) => looks === "all").map(({ number }) => number));
    expect(jobs.filter((job) => job.glance)).toHaveLength(1);
    expect(jobsOf([], false)).toEqual([]);
    expect(jobsOf([], true)).toEqual([{ numbers: [], glance: true }]);
    const some = CLAIMS.filter(({ number }) => ["C4", "C6"].includes(number));
    expect(jobsOf(some, false).map((job) => job.numbers)).toEqual([["C4"], ["C6"]]);
  });

  test("a job makes its findings, then the glance (mutants: all findings in every job; no glance)", () => {
    const study = studyOf({ agent: lostAgent(6) });
    const parts = [...partsOf({ numbers: ["C12", "C4"], glance: true }, study)];
    expect(parts.map((part) => ("finding" in part ? part.finding.number : "glance"))).toEqual(["C4", "C12", "glance"]);
  });
});

describe("one network at a glance", () => {
  const one = placeAgent(moduleRates({ count: 20, spacing: 1.2, turn: 10 }));
  const three = placeAgent(THREE_MODULES);
  const study = new Study(
    [model({ name: "seed-0", agent: one }), model({ name: "seed-1", agent: three, config: { seed: 1 } })],
    [],
    { ...SMALL, first: 2 },
  );

  // Kills: the first network whatever it shows, modules left out, lattices that are turned or stretched.
  test("is the one with the most grid modules, with a lattice for each module", () => {
    const seen = glance(study)!;
    expect([seen.model, seen.seed]).toEqual(["seed-1", 1]);
    expect(seen.figures.map(({ kind }) => kind)).toEqual(["maps", "scatter", "cloud", "lines"]);
    const [maps, lattices] = seen.figures;
    expect(maps?.kind === "maps" && maps.rows.map((row) => row.maps.length)).toEqual([9, 9, 9]);
    if (lattices?.kind !== "scatter") throw new Error("the second figure has no lattices");
    const nearest = lattices.series.map(({ points }) =>
      Math.min(...points.map(([x, y]) => Math.hypot(x, y)).filter((distance) => distance > 0)),
    );
    [0.9, 1.26, 1.76].forEach((spacing, i) => {
      expect(nearest[i]! / spacing).toBeCloseTo(1, 1);
    });
    expect(seen.text).toContain("It has 16 units with a period of 0.9");
  });

  // Kills: a path that is decoded a step late, axes exchanged.
  test("has a decoded path near the true one, for an agent that knows its place", () => {
    const path = glance(study)!.figures.at(-1)!;
    if (path.kind !== "lines") throw new Error("the last figure has no path");
    const [truth, decoded] = path.series;
    expect(decoded!.points).toHaveLength(truth!.points.length - 1);
    const away = decoded!.points.map(([x, y], i) => {
      const [tx, ty] = truth!.points[i + 1]!;
      return Math.hypot(x - tx, y - ty);
    });
    expect(away.sort((p, q) => p - q)[Math.floor(0.9 * away.length)]).toBeLessThan(0.15);
  });

  test("is nothing without networks, and says so where there is no module (mutants: an exception; an empty figure)", () => {
    expect(glance(new Study([], [], SMALL))).toBeUndefined();
    const lost = glance(studyOf({ agent: lostAgent(6) }))!;
    expect(lost.figures.map(({ kind }) => kind)).toEqual(["maps", "lines"]);
    expect(lost.text).toContain("no module with a lattice");
  });
});
