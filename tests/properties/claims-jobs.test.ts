import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CLAIMS } from "../../src/claims/all.ts";
import { glance } from "../../src/claims/glance.ts";
import { jobsOf, partOf, type Job } from "../../src/claims/jobs.ts";
import { Study, type TrainedModel } from "../../src/claims/study.ts";
import { viewFiles } from "../../src/cli/view-files.ts";
import { lostAgent, model, moduleRates, placeAgent, SMALL, studyOf, THREE_MODULES } from "./agents.ts";

const numbers = CLAIMS.map(({ number }) => number);

describe("views and claims as jobs", () => {
  const named = (name: string): TrainedModel => model({ name, agent: lostAgent(6) });
  const networks = [["seed-0", "seed-1", "seed-2"].map(named), [named("no-capacity")]] as const;
  const names = {
    baselines: ["seed-0", "seed-1", "seed-2"],
    first: ["seed-0", "seed-1"],
    ablations: ["no-capacity"],
  };
  const views = (jobs: readonly Job[]): string[] =>
    jobs.flatMap((job) => ("view" in job ? [`${job.untrained ? "untrained" : "trained"} ${job.view}`] : []));
  const first = ["trained seed-0", "trained seed-1"];
  const untrained = ["untrained seed-0", "untrained seed-1"];

  // Kills: a claim that no job measures, one that two do, a claim before the views that it looks at, a view that is made twice or for nothing.
  test("each claim is in one job, after the views that claims share", () => {
    const jobs = jobsOf(names, CLAIMS, true);
    expect(views(jobs)).toEqual([...first, "trained seed-2", "trained no-capacity", ...untrained]);
    const rest = jobs.slice(views(jobs).length);
    expect(rest.at(-1)).toEqual({ glance: true });
    expect(rest.flatMap((job) => ("claim" in job ? [job.claim] : [])).sort()).toEqual([...numbers].sort());
    const some = (...chosen: string[]): string[] =>
      views(
        jobsOf(
          names,
          CLAIMS.filter(({ number }) => chosen.includes(number)),
          false,
        ),
      );
    expect(some("C5")).toEqual([...first, ...untrained]);
    expect(some("C6")).toEqual(first);
    expect(some("C16")).toEqual([]);
    expect(views(jobsOf(names, [], true))).toEqual(first);
    expect(jobsOf(names, [], false)).toEqual([]);
  });

  test("a job makes a view, a finding or the glance (mutants: another claim; no glance)", () => {
    const lost = studyOf({ agent: lostAgent(6) });
    expect(partOf({ claim: "C12" }, lost)).toMatchObject({ finding: { number: "C12" } });
    expect(partOf({ view: "seed-0", untrained: true }, lost)).toEqual({ viewed: "seed-0" });
    expect(Object.keys(partOf({ glance: true }, lost))).toEqual(["glance"]);
  });

  // Kills: views that are made anew in each process, one network's view read as another's, untrained as trained, values that files lose.
  test("a view is made once for all processes, and read from its file as it was made", () => {
    const folder = mkdtempSync(join(tmpdir(), "views-"));
    const walks: string[] = [];
    const counted = (): Study =>
      new Study(
        ...networks,
        SMALL,
        (work, share) => {
          if (share === 1) walks.push(work);
        },
        viewFiles(folder),
      );
    const [one, other] = [counted(), counted()];
    const [seed0, seed1] = one.baselines as [TrainedModel, TrainedModel];
    const made = [one.view(seed0), one.view(seed1), one.untrained(seed0)];
    expect(walks).toHaveLength(3);
    expect([other.view(seed0), other.view(seed1), other.untrained(seed0)]).toEqual(made);
    expect(walks).toHaveLength(3);
    rmSync(folder, { recursive: true });
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
