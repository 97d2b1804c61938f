import { join } from "node:path";
import type { Finding } from "../claims/claim.ts";
import type { Glance } from "../claims/glance.ts";
import { writeAtomically } from "../io/files.ts";
import { claimsJson } from "./claims-json.ts";
import { page } from "./page.ts";

/** The files of a report. */
export interface ReportFiles {
  page: string;
  numbers: string;
}

/** Writes index.html, the page, and claims.json, all its numbers, to a folder that is there. */
export function writeReport(folder: string, findings: readonly Finding[], first?: Glance): ReportFiles {
  const files = { page: join(folder, "index.html"), numbers: join(folder, "claims.json") };
  writeAtomically(files.numbers, claimsJson(findings, first));
  writeAtomically(files.page, page(findings, first));
  return files;
}
