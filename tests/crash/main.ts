/**
 * `npm run test:crash`: strikes at trainings, and holds that every run ends bit-identical to one that was left alone, or says one line
 * and keeps its last good state. Prints how many strikes there were and what came of them.
 */
import { Command } from "commander";
import { presentEngines } from "../../src/backend/engines.ts";
import { Random } from "../../src/train/random-source.ts";
import { filesOf, KINDS, struck, Trainings, type Case, type Kind } from "./trainings.ts";

const SIGNALS: Kind[] = ["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"];

const options = new Command("test:crash")
  .description("Strikes at trainings at every file operation and at random moments.")
  .option("--every <n>", "strike at every n-th file operation only", Number, 1)
  .option("--random <n>", "kill at so many random moments, up to three times in one run", Number, 100)
  .option("--engine <names...>", "the engines to train on", presentEngines())
  .option("--seed <n>", "seed of the random moments", Number, 1)
  .parse()
  .opts<{ every: number; random: number; engine: string[]; seed: number }>();

let faults = 0;
for (const engine of options.engine) {
  const trainings = await Trainings.of(engine);
  const random = Random.fromSeed(options.seed);
  const whole = trainings.folder();
  const started = Date.now();
  const { code, stderr, operations } = await trainings.train(whole);
  const duration = Date.now() - started;
  if (code !== 0) throw new Error(`the training that is left alone ends with exit code ${code}: ${stderr}`);
  const expected = filesOf(whole);

  const atOperations = KINDS.flatMap((kind, k) =>
    Array.from({ length: Math.ceil((operations - (k % options.every)) / options.every) }, (_, i) => {
      const at = 1 + (k % options.every) + i * options.every;
      return { name: `${kind} at operation ${at}`, strikes: [{ at, kind }] };
    }),
  );
  const atMoments = Array.from({ length: options.random }, (_, i): Case => {
    const strikes = Array.from({ length: 1 + random.below(3) }, () => ({
      at: 0,
      kind: SIGNALS[random.below(SIGNALS.length)]!,
      killAfter: Math.round(random.uniform() * duration),
    }));
    return {
      name: `random moment ${i}: ${strikes.map((s) => `${s.kind} after ${s.killAfter} ms`).join(", ")}`,
      strikes,
    };
  });
  const cases: Case[] = [...atOperations, ...atMoments];
  let strikes = 0;
  let identical = 0;
  let told = 0;
  const queue = cases.values();
  // Two at a time.
  await Promise.all(
    [0, 1].map(async () => {
      for (const one of queue) {
        const came = await struck(trainings, expected, one);
        strikes += one.strikes.length;
        for (const fault of came.faults) {
          faults++;
          process.stdout.write(`FAULT ${engine}, ${one.name}: ${fault}\n`);
        }
        if (came.faults.length > 0) continue;
        if (came.told) told++;
        else identical++;
      }
    }),
  );
  trainings.close();
  process.stdout.write(
    `${engine}: ${cases.length} trainings struck ${strikes} times (${operations} file operations, ${KINDS.length} kinds, every ${options.every}; ${options.random} runs at random moments): ` +
      `${identical} ended bit-identical, ${told} said one line and ended bit-identical once resumed\n`,
  );
}
process.stdout.write(`${faults} faults\n`);
process.exitCode = faults > 0 ? 1 : 0;
