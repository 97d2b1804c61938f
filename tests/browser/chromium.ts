import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

/** Where Linux distributions put Chromium; SIC_CHROMIUM names another. */
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** WebGPU on a CPU, by the program SwiftShader that Chromium brings with it. */
export const SOFTWARE_GPU = ["--enable-unsafe-webgpu", "--enable-features=Vulkan", "--use-webgpu-adapter=swiftshader"];

/** Starts a headless Chromium, with other flags in place of --disable-gpu if there are any. Where there is none the error says how to get one. */
export async function startChromium(gpu: readonly string[] = ["--disable-gpu"]): Promise<Browser> {
  const named = process.env["SIC_CHROMIUM"];
  const executablePath = (named === undefined ? PLACES : [named]).find((place) => existsSync(place));
  if (executablePath === undefined)
    throw new Error(
      `there is no Chromium at ${named ?? PLACES.join(", ")}; \`apt-get install chromium\` brings it, or SIC_CHROMIUM names another`,
    );
  return chromium.launch({ executablePath, args: [...FLAGS, ...gpu] });
}
