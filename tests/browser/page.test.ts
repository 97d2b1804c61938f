import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { numbersJson } from "../../src/report/claims-json.ts";
import { page as pageOf } from "../../src/report/page.ts";
import { everyKind, finding, FINDINGS, HOSTILE, hostile } from "../report/synthetic.ts";
import { startChromium } from "./chromium.ts";

const SCREEN = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };
const PAPER = { width: 700, height: 1000 };

let browser: Browser;
let folder = "";
let address = "";
beforeAll(async () => {
  browser = await startChromium();
  folder = mkdtempSync(join(tmpdir(), "sic-page-"));
  address = write("index.html", pageOf(FINDINGS));
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

function write(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return pathToFileURL(join(folder, name)).href;
}

/** Opens a page; `said` gathers errors, whatever the console says, and requests for anything but the page itself. */
async function open(at = address, options: BrowserContextOptions = {}): Promise<{ page: Page; said: string[] }> {
  const context = await browser.newContext({ viewport: SCREEN, ...options });
  const page = await context.newPage();
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", ({ message }) => said.push(message));
  page.on("request", (request) => {
    if (request.url() !== at && !request.url().startsWith("data:")) said.push(`request: ${request.url()}`);
  });
  await page.goto(at);
  return { page, said };
}

/** Unfolds everything, as a reader would. */
async function unfold(page: Page): Promise<void> {
  for (const summary of await page.locator("details > summary").all()) await summary.click();
}

/** The figures that show something: a picture that loaded, a shape of some size, or the sentence that there is nothing. */
async function shown(page: Page): Promise<string[]> {
  return page.locator("figure").evaluateAll((figures) =>
    figures
      .filter((figure) => {
        const sized = (element: Element): boolean => {
          const { width, height } = element.getBoundingClientRect();
          return width > 0 && height > 0 && element.checkVisibility();
        };
        const pictures = [...figure.querySelectorAll(".tiles img")] as HTMLImageElement[];
        const loaded = pictures.length > 0 && pictures.every((picture) => picture.naturalWidth > 1 && sized(picture));
        const shapes = [...figure.querySelectorAll("svg.plot :is(circle, path, rect, line, image)")];
        return loaded || shapes.some(sized) || [...figure.querySelectorAll(".nothing")].some(sized);
      })
      .map(({ id }) => id),
  );
}

const figureIds = FINDINGS.flatMap(({ figures }) => figures.map(({ id }) => id));

/** How far the document is wider than the window. */
const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Lightness, 0 to 1, of a property's colour on an element, white where it is none. */
const lightness = (page: Page, selector: string, property: string): Promise<number> =>
  page
    .locator(selector)
    .first()
    .evaluate((element, name) => {
      const [red, green, blue, alpha] = [
        ...getComputedStyle(element)
          .getPropertyValue(name)
          .matchAll(/[\d.]+/g),
      ].map(Number);
      return alpha === 0 ? 1 : (red! + green! + blue!) / (3 * 255);
    }, property);

/** Where the dots of the cloud are. */
const dots = (page: Page): Promise<{ at: string; x: number; y: number }[]> =>
  page.locator("svg.cloud circle").evaluateAll((circles) =>
    circles.map((circle) => ({
      at: circle.getAttribute("data-at")!,
      x: Number(circle.getAttribute("cx")),
      y: Number(circle.getAttribute("cy")),
    })),
  );

describe("the claims page in Chromium", () => {
  // Kills: an exception in the script, a policy that blocks the page's own parts, anything fetched, a figure that draws nothing, a fold that stays shut.
  test("draws every figure, folds all but the first, and says nothing on the console", async () => {
    const { page, said } = await open();
    const folded = FINDINGS.flatMap(({ figures }) => figures.slice(1).map(({ id }) => id));
    expect(await shown(page)).toEqual(figureIds.filter((id) => !folded.includes(id)));
    await unfold(page);
    expect(await shown(page)).toEqual(figureIds);
    expect(said).toEqual([]);
  });

  // Kills: figures that a script draws.
  test("draws every figure without scripts", async () => {
    const { page } = await open(address, { javaScriptEnabled: false });
    await unfold(page);
    expect(await shown(page)).toEqual(figureIds);
    expect(await page.locator("svg.cloud circle").count()).toBe(1200);
  });

  // Kills: text that becomes markup, even where the page's policy would not stop it.
  test("leaves hostile text inert", async () => {
    const at = write("hostile.html", pageOf([hostile(finding({ figures: everyKind }))]));
    const { page, said } = await open(at, { bypassCSP: true });
    expect(await page.evaluate(() => "hacked" in window)).toBe(false);
    expect(await page.locator("figcaption p").first().textContent()).toBe(HOSTILE);
    expect(said).toEqual([]);
  });

  // Kills: an anchor that does not exist, a link back that leads elsewhere.
  test("has links that lead where they say", async () => {
    const { page } = await open();
    const targets = await page
      .locator("a[href^='#']")
      .evaluateAll((links) => links.map((link) => link.getAttribute("href")!.slice(1)));
    for (const target of targets) expect(await page.locator(`[id="${target}"]`).count(), target).toBe(1);
    await page.locator(".verdicts a", { hasText: "C5" }).click();
    await expect
      .poll(() => page.locator("#C5").evaluate((heading) => Math.abs(heading.getBoundingClientRect().top)))
      .toBeLessThan(1);
    await page
      .locator("section", { has: page.locator("#C5") })
      .locator("a[href='#verdicts']")
      .click();
    await expect
      .poll(() => page.locator("#verdicts").evaluate((heading) => Math.abs(heading.getBoundingClientRect().top)))
      .toBeLessThan(1);
  });

  // Kills: a download that is cut, renamed or not JSON.
  test("gives its numbers as a file", async () => {
    const { page } = await open();
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("a[download]").click()]);
    expect(download.suggestedFilename()).toBe("claims-numbers.json");
    expect(readFileSync(await download.path(), "utf8")).toBe(numbersJson(FINDINGS));
  });

  // Kills: light paper in the dark, dark axes on it, text that keeps its light-mode colour.
  test("follows the dark mode, with its plots", async () => {
    for (const [colorScheme, paper, ink] of [
      ["light", 1, 0],
      ["dark", 0, 1],
    ] as const) {
      const { page } = await open(address, { colorScheme });
      for (const [selector, property, wanted] of [
        ["body", "background-color", paper],
        ["body", "color", ink],
        ["#lines svg.plot text", "fill", ink],
        ["#lines figcaption", "color", ink],
      ] as const)
        expect(
          Math.abs((await lightness(page, selector, property)) - wanted),
          `${colorScheme} ${selector}`,
        ).toBeLessThan(0.35);
      await page.context().close();
    }
  });

  // Kills: tables or maps that push the page wider than a phone, tables that are cut instead of scrolled.
  test("fits a phone: only tables scroll sideways, in their own box", async () => {
    const { page } = await open(address, { viewport: PHONE, isMobile: true, hasTouch: true });
    await unfold(page);
    expect(await overflow(page)).toBe(0);
    const wide = await page
      .locator(".scroll")
      .evaluateAll((boxes) =>
        boxes.filter((box) => box.scrollWidth > box.clientWidth).map((box) => getComputedStyle(box).overflowX),
      );
    expect(wide.length).toBeGreaterThan(0);
    expect(new Set(wide)).toEqual(new Set(["auto"]));
    const beyond = await page
      .locator("figure :is(svg.plot, img, p, li), dl, h1, h2, .verdicts td")
      .evaluateAll((parts) =>
        parts
          .filter((part) => part.getBoundingClientRect().right > window.innerWidth)
          .map((part) => part.outerHTML.slice(0, 80)),
      );
    expect(beyond).toEqual([]);
    expect(await shown(page)).toEqual(figureIds);
  });

  // Kills: dark paper in print, buttons on paper, tables and figures that run out of the sheet.
  test("prints on white, whole, without what only a screen needs", async () => {
    const { page } = await open(address, { viewport: PAPER, colorScheme: "dark" });
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await lightness(page, "body", "background-color")).toBe(1);
    expect(await lightness(page, "body", "color")).toBeLessThan(0.35);
    expect(await page.locator("a[download]").isVisible()).toBe(false);
    expect(await overflow(page)).toBe(0);
    expect(await shown(page)).toEqual(figureIds);
    const pdf = await page.pdf({ format: "A4" });
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
  });

  // Kills: a cloud that does not turn, turns the wrong way, falls apart, or turns while nobody drags.
  test("turns the torus as it is dragged, and by the arrow keys", async () => {
    const { page, said } = await open();
    const cloud = page.locator("svg.cloud");
    await cloud.scrollIntoViewIfNeeded();
    const before = await dots(page);
    const box = (await cloud.boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x - 40, y);
    await page.mouse.move(x, y);
    expect(await dots(page)).toEqual(before);
    await page.mouse.down();
    await page.mouse.move(x + 30, y, { steps: 3 });
    await page.mouse.up();
    await expect.poll(async () => (await dots(page)).map(({ at }) => at)).not.toEqual(before.map(({ at }) => at));
    const after = await dots(page);
    expect(after.map(({ at }) => at).sort()).toEqual(before.map(({ at }) => at).sort());
    // What was nearest follows the hand to the right; upright positions turn about the upright axis alone.
    const nearest = before.at(-1)!;
    expect(after.find(({ at }) => at === nearest.at)!.x).toBeGreaterThan(nearest.x);
    for (const dot of after) expect(Math.hypot(dot.x, dot.y)).toBeLessThan(1.01);
    await page.mouse.move(x - 60, y);
    expect(await dots(page)).toEqual(after);
    await cloud.focus();
    await page.keyboard.press("ArrowUp");
    await expect.poll(() => dots(page)).not.toEqual(after);
    expect(said).toEqual([]);
  });
});
