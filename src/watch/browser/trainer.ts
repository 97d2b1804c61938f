// The worker that trains. It computes for a short while, tells the page, and looks whether the page has asked for something.
import { InputError } from "../../io/error.ts";
import type { Terms } from "../../train/acceptance-criteria.ts";
import { NonFiniteError } from "../../train/training.ts";
import type { FromTrainer, Standing, ToTrainer } from "../messages.ts";
import { zipRun } from "../run-zip.ts";
import { Session } from "../session.ts";
import { openEngine } from "./engine.ts";

/** Milliseconds between two messages about the steps that were done. */
const TURN = 100;

/** Steps between two looks at the network. */
const LOOK_EVERY = 300;

let session: Session | undefined;
let running = false;

function tell(message: FromTrainer): void {
  postMessage(message);
}

let last = Promise.resolve();

/** Does one thing after the other, though each may have to wait for the engine. A failure on somebody's input is told in one sentence. */
function enqueue(work: () => void | Promise<void>): void {
  last = last.then(work).catch((error: unknown) => {
    running = false;
    const sentence = (error as Error).message.split("\n")[0]!;
    if (error instanceof InputError) tell({ kind: "refused", sentence });
    else if (error instanceof NonFiniteError) tell({ kind: "failed", sentence });
    else tell({ kind: "failed", sentence: `the engine stopped: ${sentence}` });
  });
}

/** Lets messages of the page have their turn before the next steps. */
const turns = new MessageChannel();
turns.port1.onmessage = () => {
  enqueue(turn);
};

function standing({ attempts }: Session): Standing {
  const { step, training, rejectedAttempts } = attempts;
  const done = attempts.isDone();
  return { step, attempt: rejectedAttempts.length, attemptStep: training.step, running: running && !done, done };
}

/** Steps until the turn is over or `most` are done. */
async function go(session: Session, most = Infinity): Promise<void> {
  const { attempts } = session;
  const losses: [number, Terms][] = [];
  const started = performance.now();
  let isLook = false;
  while (!attempts.isDone() && !isLook && losses.length < most && performance.now() - started < TURN) {
    const { total, sep, inv, cap, con } = await session.advance();
    losses.push([attempts.step, { total, sep, inv, cap, con }]);
    isLook = attempts.step % LOOK_EVERY === 0 || attempts.isDone();
  }
  const stepsASecond = (1000 * losses.length) / (performance.now() - started);
  tell({ kind: "went", standing: standing(session), losses, stepsASecond });
  if (isLook) await look(session);
}

async function look({ attempts }: Session): Promise<void> {
  const { parameters } = await attempts.training.state();
  tell({ kind: "network", network: { step: attempts.step, config: attempts.config, parameters } });
}

async function turn(): Promise<void> {
  if (session === undefined || !running) return;
  await go(session);
  running &&= !session.attempts.isDone();
  if (running) turns.port2.postMessage(null);
}

/** Puts a run in the place of the one before, once it is there. */
async function take(next: Session): Promise<void> {
  session?.dispose();
  session = next;
  running = false;
  tell({ kind: "begun", config: next.attempts.config, standing: standing(next), metrics: next.metrics });
  await look(next);
}

async function answer(message: ToTrainer): Promise<void> {
  switch (message.kind) {
    case "open":
      tell({ kind: "opened", engine: await openEngine(message.engine) });
      break;
    case "begin":
      await take(Session.start(message.config));
      break;
    case "load":
      await take(Session.from(message.files));
      break;
    case "train":
      if (running || session === undefined || session.attempts.isDone()) break;
      running = true;
      turns.port2.postMessage(null);
      break;
    case "pause":
      running = false;
      if (session === undefined) break;
      tell({ kind: "went", standing: standing(session), losses: [], stepsASecond: 0 });
      await look(session);
      break;
    case "step":
      running = false;
      if (session !== undefined && !session.attempts.isDone()) await go(session, 1);
      break;
    case "save": {
      if (session === undefined) break;
      const { config, step } = session.attempts;
      const name = `sic-seed-${config.seed}-step-${step}`;
      tell({ kind: "saved", name, zip: zipRun(name, await session.files()) });
      break;
    }
  }
}

self.onmessage = ({ data }: MessageEvent<ToTrainer>) => {
  enqueue(() => answer(data));
};
