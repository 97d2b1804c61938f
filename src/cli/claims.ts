import { readFileSync } from "node:fs";
import { describeEngine, openEngine } from "../backend/engines.ts";
import { CLAIMS, findingOf } from "../claims/all.ts";
import { FULL, goldenStudy, isBaselineName } from "../claims/study.ts";
import type { Claim } from "../claims/claim.ts";
import { InputError } from "../io/error.ts";
import { GOLDEN_MODELS, modelNames } from "../golden/models.ts";
import { tally, verdictTable } from "../report/verdict-table.ts";
import { README, changedVerdicts, readmeWith } from "../report/readme-verdicts.ts";
import { writeReport } from "../report/write.ts";
import { makeWritable, writeAtomically } from "../io/files.ts";
import { command, main } from "./command.ts";
import { progress } from "./progress.ts";

interface Flags {
  out: string;
  models: string;
  backend?: string;
  only?: string;
  readme?: true;
}

const program = command("claims", "Checks each claim of the paper on trained networks and writes a page that shows it.")
  .option("--out <folder>", "where index.html and claims.json go", "runs/claims")
  .option("--models <folder>", "trained networks: seed-0, seed-1, ... and the ablations", GOLDEN_MODELS)
  .option("--backend <name>", "tensorflow or wasm; the best there is without it")
  .option("--only <numbers>", "only these claims, as in C1,C4")
  .option("--readme", "write the verdicts into the table of README.md; without it they are compared with that table")
  .action(async ({ out, models, backend, only, readme }: Flags) => {
    const golden = models === GOLDEN_MODELS && only === undefined;
    if (readme && !golden)
      throw new InputError("--readme stands beside --models or --only; expected all claims on the golden models");
    const claims = only === undefined ? CLAIMS : chosen(only);
    if (!modelNames(models).some(isBaselineName))
      throw new InputError(
        `--models is ${models}, which holds no baseline; expected a folder with networks named seed-0, seed-1 or so`,
      );
    makeWritable(out);
    process.stderr.write(`${describeEngine(await openEngine(backend))}\n`);
    let done = 0;
    const bar = progress("claims", claims.length);
    const study = goldenStudy(models, FULL, (work, share) => {
      bar.update(done, `${claims[done]!.number}: ${work}, ${Math.round(100 * share)} %`);
    });
    const findings = claims.map((claim) => {
      bar.update(done, claim.number);
      const finding = findingOf(claim, study);
      done++;
      return finding;
    });
    bar.update(done, "");
    bar.stop();
    const files = writeReport(out, findings);
    process.stdout.write(
      `${verdictTable(findings)}\n\n${tally(findings)}\npage: ${files.page}\nnumbers: ${files.numbers}\n`,
    );
    if (readme) writeAtomically(README, readmeWith(readFileSync(README, "utf8"), findings));
    else if (golden) reportChanges(changedVerdicts(readFileSync(README, "utf8"), findings));
  });

/** Says which verdicts README.md does not have; the exit code is then 1. */
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
