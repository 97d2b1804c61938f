import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { judge } from "../../src/measure/judge.ts";
import { readMaps } from "../../src/measure/read-maps.ts";
import { here, pythonWithNumpy, requireNumpy } from "../ports/commands.ts";

const folder = mkdtempSync(join(tmpdir(), "sic-judge-page-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
beforeAll(requireNumpy);

/** Ten cells of a lattice of 0.4 m at 20 degrees, whose three waves stand at right angles to its vectors. */
const CELLS = `
import numpy as np
draw = np.random.default_rng(1)
x, y = draw.uniform(-0.75, 0.75, (2, 100_000))
waves = [4 * np.pi / (np.sqrt(3) * 0.4) * np.array([np.cos(a), np.sin(a)]) for a in np.radians([50, 110, 170])]
phases = draw.uniform(-0.4, 0.4, (10, 2))
rates = [np.maximum(0, sum(np.cos(k[0] * (x - p) + k[1] * (y - q)) for k in waves)) for p, q in phases]
`;

// Kills: an example with a box, an order of axes or a direction that is not what the judge reads.
test("the NumPy example of spec/judge.md makes maps in which the judge finds the module", async () => {
  const page = readFileSync(here("../../spec/judge.md"), "utf8");
  const example = /```python\n([^`]*histogram2d[^`]*)```/.exec(page)![1]!;
  execFileSync(pythonWithNumpy, ["-c", CELLS + example], { cwd: folder });
  const [, box, axes] = /judge -- maps\.npy --box (\S+) --axes (\S+)/.exec(example)!;
  expect([box, axes]).toEqual(["1.5", "unit,x,y"]);
  const { maps } = await readMaps("maps.npy", readFileSync(join(folder, "maps.npy")), {
    box: Number(box),
    axes: ["unit", "x", "y"],
  });
  const { modules } = judge(maps);
  expect(modules).toHaveLength(1);
  expect(modules[0]).toMatchObject({
    class: "hexagonal",
    counts: true,
    units: Array.from({ length: 10 }, (_, i) => i),
  });
  expect(Math.abs(modules[0]!.meanSpacing! - 0.4)).toBeLessThan(0.01);
  expect(Math.abs(modules[0]!.orientation - 20)).toBeLessThan(1);
});
