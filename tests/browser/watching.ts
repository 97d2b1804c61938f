import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { expect } from "vitest";

/** What Chromium itself says where a page asks for a GPU and there is none. */
const NO_GPU = "No available adapters.";

/** The address of a server on this machine. */
export function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Opens the page; `said` gathers errors, whatever the console says, and requests for anything but its own server. */
export async function openWatch(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; said: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const said: string[] = [];
  page.on("console", (message) => {
    if (message.text() !== NO_GPU) said.push(message.text());
  });
  page.on("pageerror", ({ message }) => said.push(message));
  context.on("request", (request) => {
    if (!request.url().startsWith(new URL("/", address).href)) said.push(`request: ${request.url()}`);
  });
  await page.goto(address);
  return { page, said };
}

/** The step that the page says it is at. */
export async function stepOf(page: Page): Promise<number> {
  const text = (await page.locator("#standing").textContent()) ?? "";
  return Number(/^Step ([\d,]+) of/.exec(text)?.[1]!.replaceAll(",", "") ?? NaN);
}

/** Waits until the training has come to a step, and returns the step that it is at. */
export async function reach(page: Page, step: number): Promise<number> {
  await expect.poll(() => stepOf(page), { timeout: 120_000 }).toBeGreaterThanOrEqual(step);
  return stepOf(page);
}

/** Pauses the training, and returns the step at which it stands. */
export async function pause(page: Page): Promise<number> {
  await page.locator("#train", { hasText: "Pause" }).click();
  await page.locator("#standing", { hasText: "Paused" }).waitFor();
  return stepOf(page);
}

/** Saves a checkpoint, and returns the zip's path. */
export async function save(page: Page): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#save").click()]);
  return download.path();
}
