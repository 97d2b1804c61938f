import { ablated } from "./ablation.ts";
import type { Finding } from "./claim.ts";
import type { Study } from "./study.ts";

/** C12. Ablation: without the separation loss states collapse. */
export function withoutSeparation(study: Study): Finding {
  return ablated(study, {
    number: "C12",
    title: "Ablation: without the separation loss states collapse",
    statement:
      "Without the separation loss nothing keeps the states of different places apart, and all places come to share one state.",
    name: "no-separation",
    trait: "spread",
    direction: "lower",
    because: "The spread of states (1 - the squared length of their mean) is 0 if they are all one.",
  });
}
