import type { Claim } from "./claim.ts";

/** All claims, by number. */
export const CLAIMS: readonly Claim[] = [];
