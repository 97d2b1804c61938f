import { ablated } from "./ablation.ts";
import type { Finding } from "./claim.ts";
import type { Study } from "./study.ts";

/** C13. Ablation: without the conformal isometry loss the metric is uneven. */
export function withoutConformalIsometry(study: Study): Finding {
  return ablated(study, {
    number: "C13",
    title: "Ablation: without the conformal isometry loss the metric is uneven",
    statement:
      "Without the conformal isometry loss equal steps move the state unequally far, and the lattices need not be regular.",
    name: "no-conformal-isometry",
    trait: "variation",
    direction: "higher",
    because:
      "Isometry is what the loss asks for; lattices may be irregular or not for other reasons, and are shown beside it.",
  });
}
