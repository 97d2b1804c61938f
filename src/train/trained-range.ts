import type { Config } from "./config.ts";

/** Four standard deviations of the end points trained on, to the half metre below: a side of the box that was seen well. */
export function trainedRange({ velocityShape, velocityMax, timesteps }: Config): number {
  const deviation = (velocityMax / (velocityShape === "disc" ? 2 : Math.sqrt(3))) * Math.sqrt(timesteps);
  return Math.max(Math.floor(8 * deviation) / 2, 2 * velocityMax, 0.5);
}
