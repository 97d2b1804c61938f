import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Option } from "commander";
import { CLAIMS } from "../claims/all.ts";
import type { Claim, Finding } from "../claims/claim.ts";
import type { Glance } from "../claims/glance.ts";
import { jobsOf } from "../claims/jobs.ts";
import { isBaselineName, networkNames } from "../claims/study.ts";
import { InputError } from "../io/error.ts";
import { GOLDEN_MODELS, modelNames } from "../golden/models.ts";
import { tally, verdictTable } from "../report/verdict-table.ts";
import { README, changedVerdicts, readmeWith } from "../report/readme-verdicts.ts";
import { writeReport } from "../report/write.ts";
import { makeWritable, writeAtomically } from "../io/files.ts";
import type { ClaimsJob, ClaimsPart } from "./claims-child.ts";
import { backendOption } from "./backend-option.ts";
import { command, main, workersOption } from "./command.ts";
import { inProcesses } from "./processes.ts";
import { progress } from "./progress.ts";

interface Flags {
  out: string;
  models: string;
  backend?: string;
  only?: string;
  workers: number;
  readme?: true;
}

const CHILD = fileURLToPath(new URL("./claims-child.ts", import.meta.url));

const program = command(
  "claims",
  "Checks each claim of the paper on trained networks, and writes a page with the findings.",
)
  .option("--out <folder>", "folder for index.html and claims.json", "runs/claims")
  .addOption(
    new Option("--models <folder>", "folder of trained networks: seed-0, seed-1, ... and the ablations").default(
      GOLDEN_MODELS,
      "golden/models",
    ),
  )
  .addOption(backendOption("walking"))
  .option(
    "--only <numbers>",
    "measure only these claims, for example C1,C4; the page then does not begin with one network",
  )
  .addOption(workersOption("processes that measure"))
  .option("--readme", "write the verdicts into the table of README.md instead of comparing them with it")
  .action(async ({ out, models, backend, only, workers, readme }: Flags) => {
    const golden = models === GOLDEN_MODELS && only === undefined;
    if (readme && !golden)
      throw new InputError("--readme is given with --models or --only; expected all claims on the golden models");
    const claims = only === undefined ? CLAIMS : chosen(only);
    if (!modelNames(models).some(isBaselineName))
      throw new InputError(
        `--models is ${models}, which holds no baseline; expected a folder with networks named seed-0, seed-1 or so`,
      );
    makeWritable(out);
    const work = jobsOf(networkNames(models), claims, only === undefined);
    const views = mkdtempSync(join(tmpdir(), "sic-views-"));
    const jobs = work.map((job): ClaimsJob => ({ job, models, views, backend }));
    const found = new Map<string, Finding>();
    let first: Glance | undefined;
    let engine = "";
    const bar = progress("views and claims", jobs.length);
    let done = 0;
    try {
      await inProcesses(CHILD, jobs, workers, (sent) => {
        const part = sent as ClaimsPart;
        if ("engine" in part) {
          if (engine === "") process.stderr.write(`${part.engine}\n`);
          engine = part.engine;
        } else if ("work" in part) bar.update(done, `${part.work}, ${Math.round(100 * part.share)} %`);
        else {
          if ("glance" in part) first = part.glance;
          if ("finding" in part) found.set(part.finding.number, part.finding);
          const what = "finding" in part ? `${part.finding.number} ${part.finding.verdict}` : "";
          bar.update(++done, what);
        }
      });
    } finally {
      rmSync(views, { recursive: true });
    }
    bar.stop();
    const findings = claims.map(({ number }) => found.get(number)!);
    const files = writeReport(out, findings, first);
    process.stdout.write(
      `${verdictTable(findings)}\n\n${tally(findings)}\npage: ${files.page}\nnumbers: ${files.numbers}\n`,
    );
    if (readme) writeAtomically(README, readmeWith(readFileSync(README, "utf8"), findings));
    else if (golden) reportChanges(changedVerdicts(readFileSync(README, "utf8"), findings));
  });

/** Reports the verdicts that differ from those in README.md. The exit code is then 1. */
function reportChanges(changes: readonly string[]): void {
  if (changes.length === 0) return;
  process.stderr.write(`${changes.join("\n")}\n\`npm run claims -- --readme\` writes the verdicts into README.md.\n`);
  process.exitCode = 1;
}

/** The claims that --only names, in the order of their numbers. */
function chosen(only: string): Claim[] {
  const asked = only.split(",").map((number) => number.trim());
  for (const number of asked)
    if (!CLAIMS.some((claim) => claim.number === number))
      throw new InputError(
        `--only names "${number}"; expected numbers out of ${CLAIMS.map((claim) => claim.number).join(", ")}`,
      );
  return CLAIMS.filter(({ number }) => asked.includes(number));
}

await main(program);
