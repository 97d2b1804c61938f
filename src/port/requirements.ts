import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { OperationName } from "./operations.ts";

const spec = fileURLToPath(new URL("../../spec/", import.meta.url));

/** The requirement that each operation is reported under. */
export const homes: Record<OperationName, string> = {
  positions: "D3",
  transition: "N1",
  initialState: "N2",
  step: "N3",
  rollout: "N3",
  separation: "L1",
  invariance: "L2",
  capacity: "L3",
  conformalIsometry: "L4",
  losses: "L5",
  gradients: "L5",
  adamw: "T1",
  clip: "T2",
  accumulate: "T3",
  schedule: "T4",
  plateau: "T5",
  curriculum: "T6",
  train: "T1",
  rateMap: "M2",
  autocorrelogram: "M3",
  gridness: "M4",
  lattice: "M6",
  modules: "M8",
};

/** Whether a name is that of an operation. */
export function isOperation(name: string): name is OperationName {
  return Object.hasOwn(homes, name);
}

const families = "PDNLTMC";

/** Orders requirement numbers as a port's author meets them: the protocol, then the data, the network, and so on. */
export function byNumber(a: string, b: string): number {
  return families.indexOf(a[0]!) - families.indexOf(b[0]!) || Number(a.slice(1)) - Number(b.slice(1));
}

/** The titles of the numbered requirements, from the headings of spec/*.md: "L1" to "Separation". */
export function requirementTitles(): Map<string, string> {
  const pages = readdirSync(spec).filter((name) => name.endsWith(".md"));
  const headings = pages.flatMap((name) => [
    ...readFileSync(`${spec}${name}`, "utf8").matchAll(/^## ([A-Z]\d+) (.+)$/gm),
  ]);
  return new Map(headings.map(([, number, title]) => [number!, title!]));
}
