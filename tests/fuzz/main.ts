/**
 * `npm run test:fuzz`: draws hostile inputs for every reader. None may end in a stack, hang, be accepted with a number that is not
 * finite, or take more than ten times its length in memory. Prints what came of them.
 */
import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { openEngine } from "../../src/backend/engines.ts";
import { textTable } from "../../src/io/text-table.ts";
import { BOMBS } from "./bombs.ts";
import { fuzz, type Outcome } from "./campaign.ts";
import { isToldInOneLine, readersIn } from "./readers.ts";

/** Seconds without a new input after which a reader counts as hanging. */
const HANG_SECONDS = 300;

/** Memory that a process takes beside its input: what a garbage collector leaves lying. */
const SLACK = 96 * 2 ** 20;
const LARGEST_RATIO = 10;

/** What a child does: all inputs of one reader, or one large input. */
interface Task {
  reader: number;
  inputs: number;
  seed: number;
  folder: string;
  bomb?: string;
}

type Message = { done: number } | { outcome: Outcome } | { memory: number; length: number; fault?: string };

if (process.send !== undefined) await child(JSON.parse(process.argv[2]!) as Task);
else await parent();

async function parent(): Promise<void> {
  const { inputs, seed, bombs } = new Command("test:fuzz")
    .option("--inputs <n>", "inputs for all readers together", Number, 100_000)
    .option("--seed <n>", "seed of the inputs", Number, 1)
    .option("--no-bombs", "leave out the large inputs")
    .parse()
    .opts<{ inputs: number; seed: number; bombs: boolean }>();
  const folder = mkdtempSync(join(tmpdir(), "sic-fuzz-"));
  await openEngine("wasm");
  const names = (await readersIn(folder)).map(({ name }) => name);
  const each = Math.ceil(inputs / names.length);
  const faults: string[] = [];
  const rows: string[][] = [];
  for (const [reader, name] of names.entries()) {
    const ran = await run({ reader, inputs: each, seed: seed + reader, folder });
    if (typeof ran === "string") faults.push(`${name}: ${ran}`);
    else if ("outcome" in ran) {
      faults.push(...ran.outcome.faults.map((fault) => `${name}: ${fault}`));
      const { accepted, refused, slowest } = ran.outcome;
      rows.push([name, String(each), String(accepted), String(refused), slowest.toFixed(0)]);
    }
  }
  process.stdout.write(
    `${textTable([["reader", "inputs", "accepted", "refused", "slowest, ms"], ...rows]).join("\n")}\n`,
  );
  tell(faults);
  process.stdout.write(`${each * names.length} inputs for ${names.length} readers: ${faults.length} faults\n`);
  const before = faults.length;
  let exploded = 0;
  let largest = 0;
  for (const [reader, name] of bombs ? names.entries() : []) {
    if (name === "command line") continue; // the system bounds its length
    for (const bomb of Object.keys(BOMBS)) {
      const ran = await run({ reader, inputs: 0, seed, folder, bomb });
      exploded++;
      if (typeof ran === "string") faults.push(`${name}, ${bomb}: ${ran}`);
      else if ("memory" in ran) {
        const ratio = Math.max(0, ran.memory - SLACK) / ran.length;
        largest = Math.max(largest, ratio);
        if (ran.fault !== undefined) faults.push(`${name}, ${bomb}: ${ran.fault}`);
        if (ran.length > 2 ** 20 && ratio > LARGEST_RATIO)
          faults.push(`${name}, ${bomb}: ${ratio.toFixed(1)} times its length in memory`);
      }
    }
  }
  rmSync(folder, { recursive: true });
  tell(faults.slice(before));
  if (bombs)
    process.stdout.write(
      `${exploded} large inputs, at most ${largest.toFixed(1)} times their length in memory: ${faults.length - before} faults\n`,
    );
  process.exitCode = faults.length > 0 ? 1 : 0;
}

/** The first faults, a line each. */
function tell(faults: string[]): void {
  for (const fault of faults.slice(0, 50)) process.stdout.write(`FAULT ${fault}\n`);
}

/** Gives a task to a process of its own; text says what became of it if it did not come to its end. */
function run(task: Task): Promise<Message | string> {
  const child = fork(fileURLToPath(import.meta.url), [JSON.stringify(task)], { execArgv: ["--import", "tsx"] });
  let last: Message | undefined;
  let timer: NodeJS.Timeout | undefined;
  let hung = false;
  const watch = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      hung = true;
      child.kill("SIGKILL");
    }, 1000 * HANG_SECONDS);
  };
  watch();
  child.on("message", (message: Message) => {
    last = message;
    watch();
  });
  return new Promise((resolve) => {
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      const at = last !== undefined && "done" in last ? ` after input ${last.done}` : "";
      if (code === 0 && last !== undefined) resolve(last);
      else resolve(hung ? `it hangs${at}` : `it dies (${signal ?? `exit code ${String(code)}`})${at}`);
    });
  });
}

async function child({ reader: index, inputs, seed, folder, bomb }: Task): Promise<void> {
  const send = (message: Message): void => void process.send!(message);
  await openEngine("wasm");
  const reader = (await readersIn(folder))[index]!;
  if (bomb === undefined) {
    const outcome = fuzz(reader, inputs, seed, (done) => {
      if (done % 500 === 0) send({ done });
    });
    send({ outcome });
  } else {
    const input = BOMBS[bomb]!();
    const before = process.memoryUsage().rss;
    let fault: string | undefined;
    try {
      reader.read(input);
    } catch (error) {
      if (!isToldInOneLine(error)) fault = String((error as Error).stack);
    }
    const memory = 1024 * process.resourceUsage().maxRSS - before;
    send({ memory, length: (input as Buffer).length, ...(fault !== undefined && { fault }) });
  }
  process.disconnect();
}
