import { ablated } from "./ablation.ts";
import type { Finding } from "./claim.ts";
import type { Study } from "./study.ts";

/** C10. Ablation: without the capacity loss fewer modules. */
export function withoutCapacity(study: Study): Finding {
  return ablated(study, {
    number: "C10",
    title: "Ablation: without the capacity loss fewer modules",
    statement:
      "Without the capacity loss nothing makes the code spare the space of states, and the several modules are lost.",
    name: "no-capacity",
    trait: "lattices",
    direction: "lower",
    because: "The number of modules is what capacity is said to bring.",
  });
}
