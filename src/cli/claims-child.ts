// Measures claims for the command `claims`, in a process of its own.
import { describeEngine, openEngine } from "../backend/engines.ts";
import { partOf, type Job, type Part } from "../claims/jobs.ts";
import { FULL, goldenStudy, type Study } from "../claims/study.ts";
import { answerParent } from "./processes.ts";
import { viewFiles } from "./view-files.ts";

/** A job, the options that the command was given, and the folder of the views that the processes share. */
export interface ClaimsJob {
  job: Job;
  models: string;
  views: string;
  backend: string | undefined;
}

/** The engine that is used, or what is being measured with the share that is done, or what came out of the job. */
export type ClaimsPart = { engine: string } | { work: string; share: number } | Part;

/** Time between two messages about the progress. */
const MILLISECONDS = 500;

let study: Study | undefined;

await answerParent(async (given, sendPart) => {
  const { job, models, views, backend } = given as ClaimsJob;
  const send = (part: ClaimsPart): void => {
    sendPart(part);
  };
  if (study === undefined) {
    send({ engine: describeEngine(await openEngine(backend)) });
    let told = 0;
    const onWork = (work: string, share: number): void => {
      if (Date.now() - told < MILLISECONDS) return;
      told = Date.now();
      send({ work, share });
    };
    study = goldenStudy(models, FULL, onWork, viewFiles(views));
  }
  send(partOf(job, study));
});
