import { ablated } from "./ablation.ts";
import type { Finding } from "./claim.ts";
import type { Study } from "./study.ts";

/** C15. Ablation: with a narrow separation kernel fewer modules. */
export function withSmallSigmaG(study: Study): Finding {
  return ablated(study, {
    number: "C15",
    title: "Ablation: with a narrow separation kernel fewer modules",
    statement:
      "If the separation kernel is narrow (a small sigma_g) states need to be only a little apart, and the several modules are lost.",
    name: "small-sigma-g",
    trait: "lattices",
    direction: "lower",
    because: "A small sigma_g lets a code of less range pass, for which fewer lattices do.",
  });
}
