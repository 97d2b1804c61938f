import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const TINY = [
  "--units",
  "6",
  "--hidden",
  "4",
  "--trajectories",
  "2",
  "--timesteps",
  "4",
  "--pair-states",
  "4",
  "--warmup",
  "1",
  ...["--curriculum", "[]", "--attempts", "1", "--acceptance-criteria", "[]", "--log-every", "100"],
];

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sic-cli-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command of src/cli as a person would, on wasm unless told otherwise; `onStart` gets the process. */
function run(
  name: string,
  args: string[],
  onStart?: (kill: (signal: NodeJS.Signals) => void) => void,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ["--import", "tsx", `src/cli/${name}.ts`, ...args],
      (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
      },
    );
    onStart?.((signal) => child.kill(signal));
  });
}

const train = (out: string, ...args: string[]): Promise<Outcome> =>
  run("train", ["--out", join(folder, out), "--backend", "wasm", ...args]);

/** Exit code 2 and one sentence without a stack trace. */
function refused({ code, stderr }: Outcome, sentence: string): void {
  const said = stderr.split("\n").filter((line) => line !== "" && !line.startsWith("engine: "));
  expect(said.join("\n")).toContain(sentence);
  expect(said).toHaveLength(1);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(code).toBe(2);
}

describe.concurrent("commands", () => {
  // Kills: a stack trace for a person, an exit code of 0 or 1, a file written before the input was looked at.
  test.each([
    ["an unknown preset", ["--preset", "slow"], 'preset is "slow"; expected one of fast, wide, paper, glimpse'],
    ["an unknown key", ["--sigma-y", "1"], "unknown option '--sigma-y'; expected one of those that --help lists"],
    ["a wrong type", ["--units", "many"], 'options: units is "many"; expected a finite number'],
    ["a number out of range", ["--cosine-floor", "1.5"], "options: cosineFloor is 1.5; expected a number of at most 1"],
    ["a curriculum that is no JSON", ["--curriculum", "late"], 'options: curriculum is "late"; expected an array'],
    [
      "a knot of a curriculum",
      ["--curriculum", '[{"at":2}]'],
      "options: curriculum.0.at is 2; expected a number of at most 1",
    ],
    [
      "a network that no memory holds",
      ["--units", "90000"],
      "options: units is 90000; expected less: hidden * units^2",
    ],
    ["an infinite number", ["--learning-rate", "Infinity"], "learningRate is Infinity; expected a finite number"],
    [
      "a config file that is not there",
      ["--config", "no-such.json"],
      "no-such.json cannot be read (ENOENT); expected a file",
    ],
    ["an unknown engine", ["--backend", "abacus"], '--backend is "abacus"; expected one of webgpu, tensorflow, wasm'],
    ["a run to resume that is not there", ["--resume"], "holds no checkpoint; expected the --out folder of a training"],
  ])("train refuses %s", async (name, args, sentence) => {
    const out = join(folder, name.replaceAll(" ", "-"));
    refused(await run("train", ["--out", out, ...args]), sentence);
    expect(existsSync(out)).toBe(false);
  });

  // Kills: a config file that is merged unchecked.
  test("train refuses a config file with an unknown key or with no JSON", async () => {
    const file = join(folder, "bad.json");
    writeFileSync(file, '{"sigmaY": 1}');
    refused(await train("bad-config", "--config", file), `${file}: unknown key sigmaY`);
    const other = join(folder, "worse.json");
    writeFileSync(other, "{");
    refused(await train("worse-config", "--config", other), `${other}: `);
  });

  // Kills: a run that is overwritten, keys that change a resumed run, a damaged file that is taken for weights.
  test("a run is never overwritten, resumes only as it was, and a damaged checkpoint is named if there is no other", async () => {
    const out = join(folder, "run");
    expect((await train("run", ...TINY, "--steps", "3")).code).toBe(0);
    const config = readFileSync(join(out, "config.json"), "utf8");
    refused(
      await train("run", ...TINY, "--steps", "5"),
      `${out} already holds a run; expected an empty folder, or --resume`,
    );
    refused(await train("run", "--resume", "--units", "8"), "--resume with units; expected no other option");
    expect(readFileSync(join(out, "config.json"), "utf8")).toBe(config);

    const [older, newest] = readdirSync(join(out, "checkpoints")).sort().map((name) => join(out, "checkpoints", name)) as [string, string]; // prettier-ignore
    rmSync(older, { recursive: true });
    const weights = join(newest, "weights.safetensors");
    const whole = readFileSync(weights);
    truncateSync(weights, whole.length - 8);
    refused(await run("measure", [out]), `${weights}: `);
    writeFileSync(weights, "not weights at all");
    refused(await train("run", "--resume"), `${weights}: `);
    writeFileSync(weights, whole);
    const state = join(newest, "state.json");
    const saved = readFileSync(state, "utf8");
    writeFileSync(state, JSON.stringify({ ...(JSON.parse(saved) as object), random: [0, 0, 0, 0] }));
    refused(
      await train("run", "--resume"),
      `${state} is not the state of a checkpoint: random; expected words that are not all zero`,
    );
    writeFileSync(state, saved.replace('"units": 6', '"units": 7'));
    refused(await run("measure", [out]), "has shape [4, 36]; expected [4, 49]");
  });

  // Kills: an error after hours of training that could have been seen at once.
  test("a folder that cannot be written to is refused before training", async () => {
    // A file in its place stops everyone; missing rights would not stop root.
    const file = join(folder, "file");
    writeFileSync(file, "");
    refused(await train("file/run", ...TINY), "cannot be written to (ENOTDIR); expected a folder that can");
    expect(readFileSync(file, "utf8")).toBe("");
    refused(await train("file", ...TINY), "cannot be written to (ENOTDIR); expected a folder that can");
  });

  // Kills: a recursive mkdir that tries for ever below a parent that answers ENOENT, as Linux's /proc does.
  test("a folder that cannot be made is refused at once", async () => {
    refused(
      await run("train", ["--out", "/proc/sic/run", "--backend", "wasm", ...TINY]),
      "/proc/sic/run cannot be written to (",
    );
  });

  // Kills: a Ctrl-C that loses the run, a hint that does not work.
  test("Ctrl-C saves and says how to resume, and the resumed run ends", async () => {
    const out = join(folder, "stopped");
    const args = ["--out", out, "--backend", "wasm", ...TINY, "--steps", "3000", "--checkpoint-every", "100000"];
    const first = await run("train", args, (kill) => {
      const timer = setInterval(() => {
        if (!existsSync(join(out, "metrics.jsonl")) || readFileSync(join(out, "metrics.jsonl")).length === 0) return;
        clearInterval(timer);
        kill("SIGINT");
      }, 20);
    });
    expect(first.code).toBe(0);
    expect(first.stdout).toMatch(/^saved at step \d+; go on with: npm run train -- --out .*stopped --resume\n$/);
    const second = await run("train", ["--out", out, "--resume", "--backend", "wasm"]);
    expect(second.stdout).toContain(`done: ${out}`);
    expect(readFileSync(join(out, "metrics.jsonl"), "utf8").trim().split("\n")).toHaveLength(30);
  });

  // Kills: a picture or numbers that are not written where the command says.
  test("measure writes a picture and numbers", async () => {
    const out = join(folder, "measured");
    expect((await train("measured", ...TINY, "--steps", "1")).code).toBe(0);
    const { code, stdout } = await run("measure", [
      out,
      "--steps",
      "50",
      "--walkers",
      "20",
      "--shuffles",
      "0",
      "--backend",
      "wasm",
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain(`picture: ${join(out, "measures", "modules.png")}`);
    expect(
      readFileSync(join(out, "measures", "modules.png"))
        .subarray(1, 4)
        .toString(),
    ).toBe("PNG");
    expect(JSON.parse(readFileSync(join(out, "measures", "modules.json"), "utf8"))).toMatchObject({
      units: 6,
      step: 1,
    });
    refused(await run("measure", [out, "--box", "0.1"]), "--box is 0.1 m; expected at least twice velocityMax");
    refused(await run("measure", [out, "--bins", "7"]), "--bins is 7 in a box of 1 m; expected a whole number from 8");
    refused(await run("measure", [out, "--box", "1e9"]), "in a box of 1000000000 m; expected a whole number from 8");
    refused(await run("measure", [out, "--walkers", "0"]), "'0' is invalid. Expected a whole number of at least 1.");
  });
});
