import { gradientMisreadings } from "./misreadings/gradients.ts";
import { lossMisreadings } from "./misreadings/losses.ts";
import type { Misreading } from "./misreadings/misreading.ts";
import { measureMisreadings } from "./misreadings/measures.ts";
import { networkMisreadings } from "./misreadings/network.ts";
import { trainingMisreadings } from "./misreadings/training.ts";

/** The catalogue of known misreadings, in the order of the requirements. */
export const misreadings: Misreading[] = [
  ...networkMisreadings,
  ...lossMisreadings,
  ...gradientMisreadings,
  ...trainingMisreadings,
  ...measureMisreadings,
];
