import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openEngine } from "../../src/backend/engines.ts";
import { InputError } from "../../src/io/error.ts";
import type { Config } from "../../src/train/config.ts";
import { CONFIG_FILE, WEIGHTS_FILE } from "../../src/train/network-folder.ts";
import { Run } from "../../src/train/run.ts";
import { loadModel } from "../../src/golden/models.ts";
import { Arena } from "../../src/watch/arena.ts";
import { buildPage } from "../../src/watch/build.ts";
import { Curve } from "../../src/watch/curve.ts";
import { glossaryItems } from "../../src/watch/glossary.ts";
import { unzipRun, zipRun } from "../../src/watch/run-zip.ts";
import { serve } from "../../src/watch/serve.ts";
import { Session } from "../../src/watch/session.ts";
import { TINY } from "../tiny.ts";

const CONFIG: Config = { ...TINY, steps: 6, logEvery: 2 };

let folder = "";
beforeAll(async () => {
  await openEngine("wasm");
  folder = mkdtempSync(join(tmpdir(), "sic-watch-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe("a run in the browser", () => {
  // Kills: a line of metrics too many at a new attempt, sums that are lost in a checkpoint, another name for a folder.
  it("writes after every step the files that the command line would write, and goes on from them", async () => {
    const run = await Run.start(join(folder, "run"), CONFIG);
    let session = Session.start(CONFIG);
    for (let step = 1; !session.attempts.isDone(); step++) {
      await session.advance();
      await run.go({ shouldStop: () => run.attempts.step >= step });
      const files = await session.files();
      for (const [path, content] of files) {
        const [own, kept] = [
          Buffer.from(content).toString("latin1"),
          readFileSync(join(folder, "run", path), "latin1"),
        ];
        // A run that was read has the config's keys in another order.
        if (path.endsWith(".json")) expect(JSON.parse(own), path).toEqual(JSON.parse(kept));
        else expect(own === kept, path).toBe(true);
      }
      const next = Session.from(unzipRun(zipRun("a run", files), "file"));
      session.dispose();
      session = next;
      expect(session.metrics).toBe(readFileSync(join(folder, "run", "metrics.jsonl"), "utf8"));
    }
    session.dispose();
    run.close();
  });

  it("is taken from its newest checkpoint, and without one is refused in one line (mutant: the first one that is found)", async () => {
    const session = Session.start(CONFIG);
    const old = await session.files();
    await session.advance();
    const both = Session.from(
      new Map([...(await session.files()), ...old].map(([path, content]) => [`a/b/${path}`, content])),
    );
    expect(both.attempts.step).toBe(1);
    expect(() => Session.from(new Map([["state.json", new Uint8Array()]]))).toThrow(
      "there is no checkpoint in these files; expected the folder of a run, with checkpoints/ in it",
    );
    const cut = new Map([...old].filter(([path]) => !path.endsWith("optimiser.safetensors")));
    expect(() => Session.from(cut)).toThrow(
      /^checkpoints\/step-000000000\/optimiser\.safetensors is missing; expected/,
    );
    both.dispose();
    session.dispose();
  });
});

describe("an archive", () => {
  it("that is cut, changed or too large is refused in one line (mutant: an error of the library that gets out)", () => {
    const whole = zipSync({ "a/state.json": new Uint8Array(50).fill(32) });
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.boolean(), (place, value, cut) => {
        const bytes = cut ? whole.slice(0, place) : whole.map((byte, i) => (i === place ? value : byte));
        try {
          unzipRun(bytes, "file");
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          expect((error as Error).message).toMatch(/^file [^\n]*$/);
        }
      }),
    );
    const many = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`f${i}`, new Uint8Array()]));
    expect(() => unzipRun(zipSync(many), "file")).toThrow("file has more than 1000 files; expected a run's folder");
  });
});

describe("a curve", () => {
  it("keeps the mean of all values, few points, and the last step (mutants: no merging; a stretch that is lost)", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 3000 }),
        (values) => {
          const curve = new Curve();
          values.forEach((value, i) => {
            curve.add(i + 1, value);
          });
          const { points } = curve;
          expect(points.length).toBeLessThanOrEqual(400);
          expect(points.length).toBeGreaterThanOrEqual(Math.min(values.length, 200));
          expect(points.at(-1)![0]).toBe(values.length);
          const sum = points.reduce((all, [step, mean], i) => all + mean * (step - (points[i - 1]?.[0] ?? 0)), 0);
          expect(sum).toBeCloseTo(
            values.reduce((a, b) => a + b),
            8,
          );
        },
      ),
    );
  });
});

describe("the page's files", () => {
  let files: ReadonlyMap<string, Uint8Array>;
  let server: Server;
  beforeAll(async () => {
    files = await buildPage();
    server = await serve(files, 0);
  });
  afterAll(() => {
    server.close();
  });

  const text = (path: string): string => Buffer.from(files.get(path)!).toString();

  // Kills: a module of Node in the page, a second copy of the engine, source maps.
  it("weigh less than 5 MB without models", () => {
    const own = [...files].filter(([path]) => !path.startsWith("models/"));
    expect(own.reduce((sum, [, content]) => sum + content.length, 0)).toBeLessThan(5e6);
  });

  it("have every network that the page lets choose (mutants: a model less; another name of a file)", () => {
    const chosen = [...text("index.html").matchAll(/<option value="([\w-]+)"/g)].map(([, name]) => name!);
    expect(chosen.at(-1)).toBe("own");
    for (const name of chosen.slice(0, -1))
      for (const file of [CONFIG_FILE, WEIGHTS_FILE]) expect([...files.keys()]).toContain(`models/${name}/${file}`);
  });

  it("have the words of the glossary, to which every link of the page leads (mutant: a table that is not read)", () => {
    const page = text("index.html");
    const targets = [...page.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id!);
    expect(targets.length).toBeGreaterThan(3);
    for (const id of targets) expect(page).toContain(` id="${id}"`);
    for (const [, path] of page.matchAll(/(?:href|src)="([\w./-]+)"/g)) expect(files.has(path!), path).toBe(true);
    expect(
      glossaryItems("## Glossary\n\n| word | meaning |\n| ---- | --- |\n| a, b | <c> `d` |\n\n## Next\n").markup,
    ).toBe('<dt id="word-a">a, b</dt>\n<dd>&lt;c&gt; <code>d</code></dd>');
  });

  it("are served on this machine alone, isolated, and nothing beside them (mutants: a path that leads out; a header less)", async () => {
    const { port, address } = server.address() as AddressInfo;
    expect(address).toBe("127.0.0.1");
    const get = (path: string, init?: RequestInit): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`, init);
    const index = await get("/");
    expect(await index.text()).toBe(text("index.html"));
    expect(index.headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(index.headers.get("cross-origin-embedder-policy")).toBe("require-corp");
    expect((await get("/kernels.wasm")).headers.get("content-type")).toBe("application/wasm");
    for (const path of ["/..%2fpackage.json", "/../package.json", "/spec/", "/%ff", "/no"])
      expect((await get(path)).status, path).toBe(404);
    expect((await get("/", { method: "POST" })).status).toBe(404);
  });
});

describe("a network in its arena", () => {
  // Kills: a decoder of another network, walls that let through, a state that does not follow, a torus with its axes exchanged.
  it("shows its modules, decodes the place near the origin, stays inside, and comes back to the same state", () => {
    const arena = Arena.of({ step: 0, ...loadModel("seed-4") }, () => undefined);
    const { view } = arena;
    expect(view.box).toBe(2 * view.trained);
    expect(view.modules.filter(({ torus }) => torus !== undefined).length).toBeGreaterThanOrEqual(2);
    const start = arena.begin();
    const errors: number[] = [];
    for (const way of [
      [0.2, 0.1],
      [0, 0.2],
      [-0.2, 0],
      [0, -0.3],
    ] as [number, number][]) {
      // prettier-ignore
      const { place, decoded, state, torus } = arena.step(way);
      errors.push(Math.hypot(decoded![0] - place[0], decoded![1] - place[1]));
      expect(Math.hypot(...state)).toBeCloseTo(1, 3);
      for (const { point } of torus)
        expect(Math.hypot(Math.hypot(point[0], point[2]) - 1, point[1])).toBeCloseTo(0.45, 6);
    }
    expect(Math.max(...errors)).toBeLessThan(0.3);
    for (let i = 0; i < 40; i++) arena.step([0.15, 0]);
    expect(arena.step([0.15, 0]).place[0]).toBe(view.box / 2);
    expect(arena.begin()).toEqual(start);
    arena.end();
  });
});
