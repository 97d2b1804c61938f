import { ablated } from "./ablation.ts";
import type { Finding } from "./claim.ts";
import type { Study } from "./study.ts";

/** C14. Ablation: without permuted trajectories less periodic tuning. */
export function withoutPermutation(study: Study): Finding {
  return ablated(study, {
    number: "C14",
    title: "Ablation: without permuted trajectories less periodic tuning",
    statement:
      "Without permutations different trajectories rarely meet, so that path invariance has little to work on and periodic modules do not form.",
    name: "no-permutation",
    trait: "share",
    direction: "lower",
    because: "Modules are what the permutations are there for.",
  });
}
