import { spawn, type ChildProcess } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openEngine } from "../../src/backend/engines.ts";
import { InputError } from "../../src/io/error.ts";
import { Lock, LOCK_FILE } from "../../src/io/lock.ts";
import { decodeSafetensors, encodeSafetensors } from "../../src/io/safetensors.ts";
import { loadCheckpoint } from "../../src/train/checkpoint.ts";
import { PRESETS, type Config } from "../../src/train/config.ts";
import { readMetrics } from "../../src/train/metrics-file.ts";
import { Run } from "../../src/train/run.ts";
import { NonFiniteError, Training } from "../../src/train/training.ts";

const tiny: Config = {
  ...PRESETS.fast,
  steps: 8,
  attempts: 2,
  acceptanceCriteria: [{ at: 0.5, term: "sep", most: -1 }],
  trajectories: 3,
  timesteps: 4,
  curriculum: [],
  units: 4,
  hidden: 3,
  pairStates: 6,
  warmup: 2,
  checkpointEvery: 3,
  logEvery: 2,
};

let folder = "";
let out = "";
beforeAll(async () => {
  await openEngine("wasm");
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sic-run-"));
  out = join(folder, "run");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const at = (...names: string[]): string => join(out, ...names);
const checkpoints = (): string[] => readdirSync(at("checkpoints")).sort();

/** Trains in `out` up to a step of all attempts, or to the end. */
async function trainTo(stop = Infinity, config = tiny): Promise<void> {
  const run = existsSync(at("checkpoints"))
    ? Run.resume(out, undefined, () => undefined)
    : await Run.start(out, config);
  await run.go({ shouldStop: () => run.attempts.step >= stop });
  run.close();
}

/** What is left at the end of a run, but for the lock. */
async function finished(): Promise<unknown> {
  await trainTo();
  return [
    loadCheckpoint(out),
    readFileSync(at("metrics.jsonl"), "utf8"),
    JSON.parse(readFileSync(at("config.json"), "utf8")),
  ];
}

/** The same run, never stopped. */
async function uninterrupted(): Promise<unknown> {
  const [kept, elsewhere] = [out, join(folder, "whole")];
  out = elsewhere;
  const whole = await finished();
  out = kept;
  return whole;
}

describe("a run's folder", () => {
  // Kills: a config or metrics that make a folder a run before there is anything to resume.
  test("it is a run from its first checkpoint on: what a crash has left before is begun anew", async () => {
    const whole = await uninterrupted();
    for (const left of [[], ["config.json"], ["config.json", "metrics.jsonl"]]) {
      rmSync(out, { recursive: true, force: true });
      mkdirSync(at("checkpoints", "step-000000000.partial"), { recursive: true });
      for (const name of left)
        writeFileSync(at(name), name === "config.json" ? JSON.stringify({ ...tiny, seed: 5 }) : "");
      expect(() => Run.resume(out)).toThrow("holds no checkpoint");
      const run = await Run.start(out, tiny);
      run.close();
      expect(await finished()).toEqual(whole);
      expect(checkpoints().some((name) => name.includes("partial"))).toBe(false);
    }
  });

  // Kills: a golden model, metrics or a stranger's config that is overwritten because there is no checkpoint beside it.
  test.each([
    ["weights.safetensors", "", "already holds a network (weights.safetensors)"],
    ["metrics.jsonl", "{}", "already holds metrics.jsonl of a run without checkpoints"],
    ["config.json", '{"name": "mine"}', "already holds a config.json that is not of a run; expected an empty folder"],
  ])("a folder with %s is not taken for an empty one", async (name, content, says) => {
    mkdirSync(out);
    writeFileSync(at(name), content);
    await expect(Run.start(out, tiny)).rejects.toThrow(says);
    expect(readdirSync(out)).toEqual([name]);
    expect(readFileSync(at(name), "utf8")).toBe(content);
  });

  // Kills: a run that trains on under another config than the one that its folder, or its recipe, says.
  test("a config that was changed is refused, and the key that differs is named", async () => {
    await trainTo(3);
    expect(() => Run.resume(out, { ...tiny, sigmaG: 0.7 })).toThrow(
      `${out}: sigmaG is 0.4; expected 0.7, as in the recipe`,
    );
    writeFileSync(at("config.json"), JSON.stringify({ ...tiny, units: 5 }));
    expect(() => Run.resume(out)).toThrow(`config.json: units is 5; expected 4, as in its newest checkpoint`);
    rmSync(at("config.json"));
    expect(await finished()).toEqual(await uninterrupted());
  });

  // Kills: a newest checkpoint that cannot be read and stops the run although the one before is whole; one that is passed over in silence.
  test.each([
    ["weights cut short", (file: string) => { truncateSync(join(file, "weights.safetensors"), 100); }], // prettier-ignore
    ["a state that is gone", (file: string) => { rmSync(join(file, "state.json")); }], // prettier-ignore
    ["a state that is no JSON", (file: string) => { writeFileSync(join(file, "state.json"), "{"); }], // prettier-ignore
    ["an optimiser of another step", (file: string) => { reheaded(join(file, "optimiser.safetensors"), "1"); }], // prettier-ignore
    ["weights of another step", (file: string) => { reheaded(join(file, "weights.safetensors"), "1"); }], // prettier-ignore
    ["a step behind the last", (file: string) => { restated(file, { step: 9 }); }], // prettier-ignore
    ["a step that its folder does not have", (file: string) => { restated(file, { step: 1 }); }], // prettier-ignore
    ["a generator that is stuck", (file: string) => { restated(file, { random: [0, 0, 0, 0] }); }], // prettier-ignore
    ["a sum too many", (file: string) => { restated(file, { criterionSums: [1, 2] }); }], // prettier-ignore
    ["more attempts than there are", (file: string) => { restated(file, { rejectedAttempts: Array(2).fill({ seed: 0, steps: 4, at: 0.5, term: "sep", mean: 1 }) }); }], // prettier-ignore
    ["a rejected attempt of another seed", (file: string) => { restated(file, { step: 2, rejectedAttempts: [{ seed: 7, steps: 4, at: 0.5, term: "sep", mean: 1 }] }); }], // prettier-ignore
  ])(
    "%s: the checkpoint before is taken, with a warning, and the run ends as if nothing had been",
    async (_, spoil) => {
      await trainTo(6);
      const [older, newest] = checkpoints().map((name) => at("checkpoints", name)) as [string, string];
      expect(newest).toContain("6");
      spoil(newest);
      const said: string[] = [];
      const run = Run.resume(out, undefined, (line) => said.push(line));
      expect(run.attempts.step).toBe(3);
      run.close();
      expect(said).toHaveLength(1);
      expect(said[0]).toMatch(/^warning: .*; the checkpoint before it is taken: .*3$/);
      expect(said[0]).toContain(newest);
      expect(await finished()).toEqual(await uninterrupted());
      spoil(at("checkpoints", checkpoints().at(-1)!));
      rmSync(older, { recursive: true, force: true });
      if (checkpoints().length === 1) expect(() => loadCheckpoint(out)).toThrow(InputError);
    },
  );

  // Kills: a step that is saved twice, so that a crash between finds the newest checkpoint half removed.
  test("a stop at a step that was just saved does not touch its checkpoint", async () => {
    const run = await Run.start(out, tiny);
    await run.go({
      shouldStop() {
        if (run.attempts.step < 3) return false;
        utimesSync(at("checkpoints", "step-000000003", "state.json"), 1, 1);
        return true;
      },
    });
    run.close();
    expect(checkpoints()).toEqual(["step-000000000", "step-000000003"]);
    expect(statSync(at("checkpoints", "step-000000003", "state.json")).mtimeMs).toBe(1000);
  });

  // Kills: two trainings in one folder; a lock that outlives its owner, or its release.
  test("one process at a time: a living owner refuses others, a dead one does not", async () => {
    const run = await Run.start(out, tiny);
    expect(() => Run.resume(out)).toThrow(`${out} is in use by process ${process.pid}, says ${at(LOCK_FILE)}`);
    run.close();
    expect(existsSync(at(LOCK_FILE))).toBe(false);

    const child = await holder(out);
    expect(() => Run.resume(out)).toThrow(`is in use by process ${child.pid}`);
    const lock = readFileSync(at(LOCK_FILE), "utf8");
    child.kill("SIGKILL");
    await new Promise((resolve) => child.once("exit", resolve));
    expect(readFileSync(at(LOCK_FILE), "utf8")).toBe(lock);
    Run.resume(out).close();

    // Another process has got the dead one's number.
    writeFileSync(at(LOCK_FILE), JSON.stringify({ ...(JSON.parse(lock) as object), pid: process.pid }));
    Run.resume(out).close();
    // Nobody can see the owner: it counts as dead once it has not touched the lock for ten minutes.
    const [elsewhere, long] = [{ machine: "elsewhere" }, { more: "x".repeat(5000) }].map((other) =>
      JSON.stringify({ ...(JSON.parse(lock) as object), ...other }),
    );
    for (const text of [elsewhere!, long!, "no lock", ""]) {
      writeFileSync(at(LOCK_FILE), text);
      expect(() => Run.resume(out)).toThrow("is in use by");
      utimesSync(at(LOCK_FILE), Date.now() / 1000 - 700, Date.now() / 1000 - 700);
      Run.resume(out).close();
    }
    expect(readdirSync(out).sort()).toEqual(["checkpoints", "config.json", "metrics.jsonl"]);
  });

  // Kills: a folder that was moved away and is silently made again; a takeover that is not noticed.
  test("a run stops when its folder is moved away, or its lock is another's", async () => {
    const moved = await Run.start(out, tiny);
    renameSync(out, join(folder, "moved"));
    await expect(moved.go()).rejects.toThrow("no longer holds the lock of this process (run.lock)");
    moved.close();
    expect(existsSync(out)).toBe(false);
    out = join(folder, "moved");
    expect(() => Run.resume(out)).toThrow("is in use by");
    rmSync(at(LOCK_FILE)); // as if this process were dead
    expect(await finished()).toEqual(await uninterrupted());

    const other = await Run.start(join(folder, "other"), tiny);
    rmSync(join(folder, "other", LOCK_FILE));
    const lock = Lock.take(join(folder, "other"));
    await expect(other.go()).rejects.toThrow(InputError);
    other.close();
    lock.assertHeld();
    lock.release();
  });

  // Kills: metrics that are lost in silence, lines of another kind that are taken, a line cut short in the middle.
  test("metrics are read line by line, and what is wrong is named with file and line", async () => {
    await trainTo();
    const file = at("metrics.jsonl");
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    expect(readMetrics(file).map(({ step }) => step)).toEqual([2, 4, 6, 8, 10, 12]);
    const written = (list: string[], end = "\n"): string => {
      writeFileSync(file, list.join("\n") + end);
      return file;
    };
    expect(() => readMetrics(written(lines, ""))).toThrow(`${file}:6 is cut short; expected a whole line of metrics`);
    expect(() => readMetrics(written([lines[0]!, "null"]))).toThrow(`${file}:2 is not a line of metrics`);
    expect(() => readMetrics(written([lines[0]!, '{"step":3}']))).toThrow(`${file}:2 is not a line of metrics`);
    expect(() => readMetrics(written([lines[0]!, "{"]))).toThrow(`${file}:2: `);
    expect(() => readMetrics(written([lines[1]!, lines[0]!]))).toThrow(`${file}:2: step is 2; expected one above 4`);
    written([lines[0]!, lines[2]!]);
    const said: string[] = [];
    Run.resume(out, undefined, (line) => said.push(line)).close();
    expect(said).toEqual([`warning: ${file} has no line of step 4, 8, 10, 12; the run goes on without`]);
  });

  // Kills: an update that is kept unseen; a checkpoint with a value that is not finite.
  test.each([
    ["a learning rate that no float32 holds", { learningRate: 1e300 }],
    ["an epsilon that is 0 in float32", { epsilon: 1e-320, lambdaSep: 0, lambdaInv: 0, lambdaCap: 0, lambdaCon: 0 }],
    ["a weight decay that no float32 holds", { weightDecay: 1e60 }],
  ])("%s stops the run at its first step, and nothing is kept", async (_, change) => {
    const run = await Run.start(out, { ...tiny, warmup: 0, clipNorm: 0, pairStates: 0, checkpointEvery: 1, ...change });
    await expect(run.go()).rejects.toThrow(/^A1 has a value that is not finite at step 1; expected finite numbers$/);
    await expect(run.go()).rejects.toThrow(NonFiniteError);
    run.close();
    expect(checkpoints()).toEqual(["step-000000000"]);
  });

  // Kills: one of the 21 tensors that is not looked at.
  test("a state with one value that is not finite is no training", async () => {
    const training = Training.start(tiny);
    const state = await training.state();
    training.dispose();
    for (const part of ["parameters", "first", "second"] as const)
      for (const name of Object.keys(state[part]) as (keyof (typeof state)[typeof part])[]) {
        const spoilt = { ...state, [part]: { ...state[part], [name]: state[part][name].map(() => NaN) } };
        expect(() => Training.from(tiny, spoilt)).toThrow(`${name}[0] is NaN; expected a finite number`);
      }
  });
});

/** Another step in the header of a safetensors file. */
function reheaded(file: string, step: string): void {
  const { tensors, metadata } = decodeSafetensors(readFileSync(file), file);
  writeFileSync(file, encodeSafetensors(tensors, { ...metadata, step }));
}

/** Other entries in the state of a checkpoint. */
function restated(checkpoint: string, change: object): void {
  const file = join(checkpoint, "state.json");
  writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, "utf8")) as object), ...change }));
}

/** A process that holds the lock of a folder until it is killed. */
async function holder(path: string): Promise<ChildProcess> {
  const script = `import("./src/io/lock.ts").then(({ Lock }) => { Lock.take(${JSON.stringify(path)}); console.log("held"); setInterval(() => {}, 1000); });`;
  const child = spawn(process.execPath, ["--import", "tsx", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  return child;
}
