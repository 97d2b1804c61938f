// Measures some claims for the command `claims`, in a process of its own.
import { describeEngine, openEngine } from "../backend/engines.ts";
import { partsOf, type Job, type Part } from "../claims/jobs.ts";
import { FULL, goldenStudy } from "../claims/study.ts";
import { answerParent } from "./processes.ts";

/** A job, with the options that the command was given. */
export interface ClaimsJob extends Job {
  models: string;
  backend: string | undefined;
}

/** The engine that is used, or what is being measured with the share that is done, or a part of the result. */
export type ClaimsPart = { engine: string } | { work: string; share: number } | Part;

/** Time between two messages about the progress. */
const MILLISECONDS = 500;

await answerParent(async (given, sendPart) => {
  const job = given as ClaimsJob;
  const send = (part: ClaimsPart): void => {
    sendPart(part);
  };
  send({ engine: describeEngine(await openEngine(job.backend)) });
  let told = 0;
  const study = goldenStudy(job.models, FULL, (work, share) => {
    if (Date.now() - told < MILLISECONDS) return;
    told = Date.now();
    send({ work, share });
  });
  for (const part of partsOf(job, study)) send(part);
});
