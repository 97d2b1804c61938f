import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import { zipSync } from "fflate";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openEngine } from "../../src/backend/engines.ts";
import { loadCheckpoint } from "../../src/train/checkpoint.ts";
import { PRESETS } from "../../src/train/config.ts";
import { Run } from "../../src/train/run.ts";
import { buildPage } from "../../src/watch/build.ts";
import { unzipRun } from "../../src/watch/run-zip.ts";
import { serve } from "../../src/watch/serve.ts";
import type { RunFiles } from "../../src/watch/session.ts";
import { SOFTWARE_GPU, startChromium } from "./chromium.ts";
import { addressOf, openWatch, pause, reach, save, stepOf } from "./watching.ts";

let browser: Browser;
let server: Server;
let folder = "";
let address = "";
beforeAll(async () => {
  await openEngine("wasm");
  browser = await startChromium();
  server = await serve(await buildPage(), 0);
  address = addressOf(server);
  folder = mkdtempSync(join(tmpdir(), "sic-watch-"));
});
afterAll(async () => {
  await browser.close();
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});

/** The files below a folder by path. */
function filesIn(root: string): RunFiles {
  const paths = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((path) => /\.\w+$/.test(path));
  return new Map(paths.map((path) => [path, new Uint8Array(readFileSync(join(root, path)))]));
}

/** Writes the files of an archive to a folder of their own, and returns the folder of the run in it. */
function unpacked(zip: string): string {
  const files = unzipRun(new Uint8Array(readFileSync(zip)), zip);
  const own = mkdtempSync(join(folder, "saved-"));
  for (const [path, content] of files) {
    mkdirSync(join(own, dirname(path)), { recursive: true });
    writeFileSync(join(own, path), content);
  }
  return join(own, [...files.keys()][0]!.split("/")[0]!);
}

/** Trains a run of the command line to a step, and closes it. */
async function go(run: Run, step: number): Promise<void> {
  await run.go({ shouldStop: () => run.attempts.step >= step });
  run.close();
}

/** The files of a run's newest checkpoint, and those beside it. The command line keeps the checkpoint before it, too. */
function newest(files: RunFiles): RunFiles {
  const last = [...files.keys()]
    .filter((path) => path.startsWith("checkpoints"))
    .sort()
    .at(-1)!;
  return new Map(
    [...files].filter(([path]) => !path.startsWith("checkpoints") || dirname(path) === dirname(last)).sort(),
  );
}

/** Loads a zip. */
async function load(page: Page, name: string, content: Uint8Array): Promise<void> {
  await page.locator("#zip-file").setInputFiles({ name, mimeType: "application/zip", buffer: Buffer.from(content) });
}

/** What stands in the files of a run: the config's values, and checksums of everything else. */
function contents(files: RunFiles): Record<string, unknown> {
  const content = (path: string, bytes: Uint8Array): unknown =>
    path === "config.json"
      ? JSON.parse(Buffer.from(bytes).toString())
      : createHash("sha256").update(bytes).digest("hex");
  return Object.fromEntries([...files].map(([path, bytes]) => [path, content(path, bytes)]));
}

describe("the page that trains, in Chromium", () => {
  // Kills: a worker that does not start, curves that stay empty, a pause that does not hold, maps that do not come, anything fetched elsewhere.
  test("trains at once, shows curves and maps, pauses, and takes one step", async () => {
    const { page, said } = await openWatch(browser, address);
    await reach(page, 5);
    await page.locator("#blocks canvas").first().waitFor();
    const step = await pause(page);
    await page.waitForTimeout(500);
    expect(await stepOf(page)).toBe(step);
    expect(await page.locator("#said[role='status']").textContent()).toContain("Paused.");
    await page.locator("#step").click();
    await expect.poll(() => stepOf(page)).toBe(step + 1);
    await expect.poll(() => page.locator("#curves svg.plot [aria-label='line'] path").count()).toBe(4);
    await page.locator("#train", { hasText: "Train" }).click();
    await reach(page, step + 2);
    expect(said).toEqual([]);
  });

  // Kills: another binary of the engine, another order of random numbers, a seed that is not taken, a sum of metrics that is lost.
  test.each([
    ["on every thread", ""],
    ["on one thread", "?threads=1"],
  ])("is the command line to the bit, %s, and hands a run over and takes it back", async (how, query) => {
    const { page, said } = await openWatch(browser, address + query);
    await reach(page, 1);
    await page.locator("#seed").fill("7");
    await page.locator("#new button").click();
    await expect.poll(() => stepOf(page)).toBeLessThan(90);
    await reach(page, 100);
    const step = await pause(page);
    const saved = unpacked(await save(page));
    const config = { ...PRESETS.glimpse, seed: 7 };
    const own = join(folder, how);
    await go(await Run.start(own, config), step);
    expect(contents(newest(filesIn(saved)))).toEqual(contents(newest(filesIn(own))));

    await go(Run.resume(saved), step + 3);
    await page.locator("#run-folder").setInputFiles(saved);
    await expect.poll(() => stepOf(page)).toBe(step + 3);
    await page.locator("#step").click();
    await expect.poll(() => stepOf(page)).toBe(step + 4);
    await go(Run.resume(own), step + 4);
    expect(contents(newest(filesIn(unpacked(await save(page)))))).toEqual(contents(newest(filesIn(own))));
    expect(said).toEqual([]);
  });

  // Kills: a file that is believed, a stack trace in the page, a training that is lost over a bad file.
  test("refuses hostile files in one sentence, and keeps the training", async () => {
    const { page, said } = await openWatch(browser, address);
    await reach(page, 3);
    const step = await pause(page);
    const good = unzipRun(new Uint8Array(readFileSync(await save(page))), "good");
    const spoilt = (name: string, change: (content: Uint8Array) => Uint8Array): Uint8Array =>
      zipSync(
        Object.fromEntries([...good].map(([path, content]) => [path, path.endsWith(name) ? change(content) : content])),
      );
    const text = (content: string): Uint8Array => new TextEncoder().encode(content);
    const state = new TextDecoder().decode([...good].find(([path]) => path.endsWith("state.json"))![1]);
    const nan = (content: Uint8Array): Uint8Array => {
      const changed = content.slice();
      changed.fill(255, changed.length - 4);
      return changed;
    };
    const cases: [name: string, content: Uint8Array, says: RegExp][] = [
      ["noise.zip", text("no archive"), /^noise\.zip is not a whole zip archive \(.*\); expected a saved run\.$/],
      ["cut.zip", zipSync({ "a/state.json": text("{}") }).slice(0, 40), /^cut\.zip is not a whole zip archive/],
      ["empty.zip", zipSync({}), /^there is no checkpoint in these files; expected the folder of a run/],
      [
        "bomb.zip",
        zipSync({ bomb: new Uint8Array(2 ** 28 + 1) }),
        /^bomb\.zip holds more than 268435456 bytes; expected/,
      ],
    ];
    const inner: [file: string, change: (content: Uint8Array) => Uint8Array, says: RegExp][] = [
      ["state.json", () => text("{"), /state\.json: .*; expected JSON\.$/],
      ["state.json", () => text(state.replace('"units": 64', '"units": 65')), /a3 has shape|A3 has shape/],
      [
        "state.json",
        () => text(state.replace(/"step": \d+/, '"step": 1e9')),
        /step is 1000000000; expected at most 6000/,
      ],
      [
        "weights.safetensors",
        (content) => content.slice(0, -1),
        /weights\.safetensors: .*; expected a whole safetensors file/,
      ],
      ["weights.safetensors", nan, /gamma\[63\] is NaN; expected a finite number\.$/],
      ["metrics.jsonl", () => text("<script>alert(1)</script>\n"), /metrics\.jsonl:1: .*; expected JSON\.$/],
    ];
    for (const [file, change, says] of inner) cases.push(["run.zip", spoilt(file, change), says]);
    for (const [name, content, says] of cases) {
      await load(page, name, content);
      await expect.poll(() => page.locator("#refusal").textContent()).toMatch(says);
      expect(await page.locator("#refusal").textContent()).not.toContain("\n");
    }
    expect(await stepOf(page)).toBe(step);
    await page.locator("#train", { hasText: "Train" }).click();
    await reach(page, step + 1);
    expect(said).toEqual([]);
  });

  // Kills: a worker that does not walk, arrow keys that do nothing, a drag that is not followed, a network that is not exchanged, a torus that stays.
  test("lets a trained network walk by the pointer, by keys and by itself, and takes an ablation in", async () => {
    const { page, said } = await openWatch(browser, address);
    await reach(page, 1);
    await pause(page);
    const status = page.locator("#walking-status");
    const placeOf = async (): Promise<number[]> =>
      [...((await status.textContent()) ?? "").matchAll(/[(,] ?(−?[\d.]+)(?=[,)])/g)].map(([, n]) => Number(n!.replace("−", "-"))); // prettier-ignore
    await page.locator("#enter").click();
    await page.locator("#ground").waitFor({ timeout: 240_000 });
    await expect.poll(placeOf).toEqual([0, 0]);
    expect(await page.locator("#units button").count()).toBe(64);

    await page.locator("#arena").focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(placeOf).toEqual([0.1, 0]);
    await page.keyboard.press("ArrowUp");
    await expect.poll(placeOf).toEqual([0.1, 0.1]);
    await expect.poll(() => status.textContent()).toMatch(/The place decoded from the state is 0\.[0-2]\d m away\.$/);

    const shot = (id: string): Promise<string> =>
      page.locator(id).evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    const [torus, arena] = [await shot("#torus"), await shot("#arena")];
    await page.locator("#arena").click({ position: { x: 480, y: 20 } });
    await expect.poll(() => status.textContent(), { timeout: 60_000 }).toContain("outside the box that was trained on");
    expect(await shot("#torus")).not.toBe(torus);
    expect(await shot("#arena")).not.toBe(arena);
    await page.locator("#origin").click();
    await expect.poll(placeOf).toEqual([0, 0]);

    const before = await shot("#torus");
    await page.locator("#torus").focus();
    await page.keyboard.press("ArrowLeft");
    expect(await shot("#torus")).not.toBe(before);
    await page.locator("#units button").nth(5).click();
    expect(await page.locator("#units button[aria-pressed='true']").count()).toBe(1);
    await page.locator("#roam").click();
    await expect.poll(placeOf).not.toEqual([0, 0]);

    await page.getByLabel("Network", { exact: true }).selectOption("no-separation");
    await page.locator("#enter").click();
    await page.locator("#no-torus").waitFor({ timeout: 240_000 });
    await expect.poll(placeOf).toEqual([0, 0]);
    expect(said).toEqual([]);
  });

  // Kills: an address that is not printed, a server that stays after Ctrl-C, a page that needs its own server's headers, a file that is not written.
  test("is served by the command, and works from a plain folder of any web server", async () => {
    const started = Date.now();
    const command = spawn(process.execPath, ["--import", "tsx", "src/cli/watch.ts"]);
    const [line] = (await once(command.stdout, "data")) as [Buffer];
    const shown = await openWatch(browser, /http:\S+/.exec(line.toString())![0]);
    await reach(shown.page, 1);
    process.stdout.write(
      `a network was seen training ${((Date.now() - started) / 1000).toFixed(1)} s after the command\n`,
    );
    expect(shown.said).toEqual([]);
    command.kill("SIGINT");
    expect(await once(command, "exit")).toEqual([0, null]);

    const out = join(folder, "static");
    execFileSync(process.execPath, ["--import", "tsx", "src/cli/watch.ts", "--out", out]);
    const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm" };
    const plain = createServer(({ url }, response) => {
      const path = url!.endsWith("/") ? `${url!}index.html` : url!;
      response.setHeader("Content-Type", types[extname(path) as keyof typeof types]);
      response.end(readFileSync(join(folder, path)));
    });
    await once(plain.listen(0, "127.0.0.1"), "listening");
    const { page, said } = await openWatch(browser, `${addressOf(plain)}static/`);
    await reach(page, 1);
    await page.locator("#blocks canvas").first().waitFor();
    expect(await page.locator("#standing").textContent()).toContain("with fused kernels on 1 thread.");
    expect(said).toEqual([]);
    plain.close();
    plain.closeAllConnections();
  });

  // Kills: another engine than the one that is named, a kernel that computes something else, a state that is read before it is there.
  test("trains on WebGPU, near to what wasm gives", async () => {
    const own = join(folder, "small");
    const config = { ...PRESETS.glimpse, units: 8, hidden: 8, trajectories: 4, timesteps: 5, pairStates: 0 };
    await go(await Run.start(own, config), 1);
    const chromium = await startChromium(SOFTWARE_GPU);
    try {
      const { page, said } = await openWatch(chromium, `${address}?engine=webgpu&paused`);
      await page.locator("#standing", { hasText: "Paused. Engine: webgpu" }).waitFor({ timeout: 120_000 });
      await page.locator("#run-folder").setInputFiles(own);
      for (let step = 1; step < 4; step++) {
        await expect.poll(() => stepOf(page), { timeout: 120_000 }).toBe(step);
        await page.locator("#step").click();
      }
      await expect.poll(() => stepOf(page), { timeout: 120_000 }).toBe(4);
      const [there, here] = [unpacked(await save(page)), own];
      await go(Run.resume(own), 4);
      const weights = (run: string): number[] =>
        Object.values(loadCheckpoint(run).attempts.training.parameters).flatMap((values) => [...values]);
      const [gpu, cpu] = [weights(there), weights(here)];
      expect(Math.max(...gpu.map((value, i) => Math.abs(value - cpu[i]!)))).toBeLessThan(1e-6);
      expect(said).toEqual([]);
    } finally {
      await chromium.close();
    }
  });

  // Kills: controls without names, text that is cut on a phone, light paper in the dark.
  test("fits a phone, follows the dark mode, and names its controls", async () => {
    const phone = {
      viewport: { width: 390, height: 844 },
      isMobile: true,
      hasTouch: true,
      colorScheme: "dark" as const,
    };
    const { page, said } = await openWatch(browser, address, phone);
    await page.locator("#blocks canvas").first().waitFor();
    const overflow = (): Promise<number> =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(await overflow()).toBe(0);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(20, 23, 26)");
    for (const role of ["button", "combobox", "spinbutton", "img"] as const)
      for (const one of await page.getByRole(role).all()) expect(await one.getAttribute("aria-label") ?? (await one.textContent()) ?? "").not.toBe(role === "spinbutton" ? " " : ""); // prettier-ignore
    await page.getByLabel("Preset").selectOption("fast");
    await page.getByLabel("Seed").fill("3");
    await page.getByRole("button", { name: "Begin anew" }).press("Enter");
    await page.locator("#standing", { hasText: "of 15,750" }).waitFor();
    expect(said).toEqual([]);
  });
});
