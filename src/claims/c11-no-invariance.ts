import { ablated } from "./ablation.ts";
import type { Finding } from "./claim.ts";
import type { Study } from "./study.ts";

/** C11. Ablation: without the invariance loss no periodic tuning. */
export function withoutInvariance(study: Study): Finding {
  return ablated(study, {
    number: "C11",
    title: "Ablation: without the invariance loss no periodic tuning",
    statement:
      "Without the path invariance loss the state depends on the path taken and not on the place, and units have no spatial tuning.",
    name: "no-invariance",
    trait: "share",
    direction: "lower",
    because: "A state that depends on the path has no rate map, let alone a periodic one.",
  });
}
