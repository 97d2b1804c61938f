import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

/** Where Linux distributions put Chromium; SIC_CHROMIUM names another. */
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts a headless Chromium. Where there is none the error says how to get one. */
export async function startChromium(): Promise<Browser> {
  const named = process.env["SIC_CHROMIUM"];
  const executablePath = (named === undefined ? PLACES : [named]).find((place) => existsSync(place));
  if (executablePath === undefined)
    throw new Error(
      `there is no Chromium at ${named ?? PLACES.join(", ")}; \`apt-get install chromium\` brings it, or SIC_CHROMIUM names another`,
    );
  return chromium.launch({ executablePath, args: FLAGS });
}
