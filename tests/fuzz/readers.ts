import { CommanderError } from "commander";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { command, countFromOne, messageOf, positiveNumber, wholeNumber } from "../../src/cli/command.ts";
import { addConfigOptions, configFrom } from "../../src/cli/config-options.ts";
import { readExpected } from "../../src/golden/expected.ts";
import { readManifest } from "../../src/golden/models.ts";
import { parseJson } from "../../src/io/json.ts";
import { Lock, LOCK_FILE } from "../../src/io/lock.ts";
import { decodeSafetensors, encodeSafetensors } from "../../src/io/safetensors.ts";
import { mapsFromJson, mapsFromNpy } from "../../src/measure/read-maps.ts";
import { compare } from "../../src/port/compare.ts";
import { parseReply } from "../../src/port/reply.ts";
import { goldenVectors, readVectorFile } from "../../src/port/vectors.ts";
import { loadCheckpoint } from "../../src/train/checkpoint.ts";
import { parseConfig, PRESETS } from "../../src/train/config.ts";
import { metricsSoFar, readMetrics } from "../../src/train/metrics-file.ts";
import type { Random } from "../../src/train/random-source.ts";
import { Run } from "../../src/train/run.ts";
import { TINY } from "../tiny.ts";
import { mutatedBytes, mutatedJson, mutatedWords } from "./mutate.ts";

/** Something that reads what a stranger may have made. */
export interface Reader {
  name: string;
  /** A hostile input. */
  draw: (random: Random) => Input;
  read: (input: Input) => unknown;
  /** Whether what it accepts may hold NaN (an unvisited bin). */
  mayHoldNaN?: boolean;
}

/** Bytes, or the words of a command line. */
export type Input = Buffer | string[];

/** All readers. They use `folder` for their files, and an engine must be open. */
export async function readersIn(folder: string): Promise<Reader[]> {
  const out = join(folder, "run");
  if (!existsSync(out)) {
    const run = await Run.start(out, TINY);
    await run.go();
    run.close();
  }
  const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
  const fromFile = (name: string, read: (file: string) => unknown) => {
    const file = join(folder, name);
    return (input: Input): unknown => {
      writeFileSync(file, input as Buffer);
      return read(file);
    };
  };
  const ofJson = (seeds: Buffer[]) => (random: Random) => mutatedJson(random, seeds);
  const ofBytes = (seeds: Buffer[]) => (random: Random) => mutatedBytes(random, seeds);

  const newest = join(out, "checkpoints", "step-000000006");
  rmSync(join(out, "checkpoints", "step-000000004"), { recursive: true, force: true });
  const parts = ["weights.safetensors", "optimiser.safetensors", "state.json"].map((name) => {
    const file = join(newest, name);
    const whole = readFileSync(file);
    const checkpoint = (input: Input): unknown => {
      writeFileSync(file, input as Buffer);
      try {
        return loadCheckpoint(out, () => undefined);
      } finally {
        writeFileSync(file, whole);
      }
    };
    const draw = name === "state.json" ? ofJson([whole]) : ofSafetensors([whole]);
    return { name: `checkpoint: ${name}`, draw, read: checkpoint };
  });

  const manifest = join(folder, "models");
  mkdirSync(manifest, { recursive: true });
  mkdirSync(join(folder, "expected"), { recursive: true });
  mkdirSync(join(folder, "locked"), { recursive: true });
  const expected = readFileSync(join("golden", "expected", "seed-4.json"));
  const lockText = json({ machine: "elsewhere", pid: 1, started: "1", id: "x" });
  const metrics = readFileSync(join(out, "metrics.jsonl"));
  const vectors = ["positions", "step", "adamw", "curriculum"].map((name) =>
    firstCases(JSON.parse(readFileSync(join(goldenVectors, `${name}.json`), "utf8")) as { cases: unknown[] }),
  );
  const reply = { id: 1, output: { W: [[1.5, 0], [0, 1]], value: 2, count: 3, map: [[null, 1]] } }; // prettier-ignore

  return [
    {
      name: "safetensors",
      draw: ofSafetensors([
        Buffer.from(encodeSafetensors({ a: { shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) }, b: { shape: [], values: Float32Array.of(5) } }, { step: "1" })), // prettier-ignore
        Buffer.from(encodeSafetensors({ gamma: { shape: [3], values: Float32Array.of(1, 2, 3) } }, {}, "F16")),
      ]),
      read: (input) => decodeSafetensors(input as Buffer, "file"),
      mayHoldNaN: true, // what the tensors must be is said by who reads them: a checkpoint must be finite
    },
    {
      name: "maps in .npy",
      draw: ofBytes(npySeeds()),
      read: (input) => mapsFromNpy(input as Buffer, { box: 1 }),
      mayHoldNaN: true,
    },
    {
      name: "maps in JSON",
      draw: ofJson([json([Array.from({ length: 8 }, () => Array<number>(8).fill(0.5)), Array.from({ length: 8 }, () => Array<null>(8).fill(null))])]), // prettier-ignore
      read: (input) => mapsFromJson((input as Buffer).toString(), { box: 1 }),
      mayHoldNaN: true,
    },
    {
      name: "config",
      draw: ofJson(Object.values(PRESETS).map(json)),
      read: (input) => parseConfig(parseJson((input as Buffer).toString(), "file"), "file"),
    },
    {
      name: "command line",
      draw: (random) => mutatedWords(random, COMMAND_LINES),
      read: (input) => parsedLine(input as string[]),
    },
    ...parts,
    { name: "metrics", draw: ofLines(metrics), read: fromFile("metrics.jsonl", (file) => readMetrics(file)) },
    { name: "metrics after a crash", draw: ofLines(metrics), read: fromFile("metrics.jsonl", (file) => metricsSoFar(file)) }, // prettier-ignore
    {
      name: "manifest",
      draw: ofJson([json({ "seed-0": { "config.json": "0f".repeat(32), "weights.safetensors": "1e".repeat(32) } })]),
      read: fromFile(join("models", "manifest.json"), () => readManifest(manifest)),
    },
    {
      name: "expected modules",
      draw: ofJson([expected]),
      read: fromFile(join("expected", "x.json"), () => readExpected("x", join(folder, "expected"))),
    },
    { name: "vectors", draw: ofJson(vectors.map(json)), read: fromFile("vectors.json", readVectorFile) },
    {
      name: "port's reply",
      draw: ofJson([json(reply), json({ id: 1, error: "no" })]),
      read: (input) => {
        const answer = parseReply(1, (input as Buffer).toString());
        return "output" in answer ? compare(reply.output, answer.output, { absolute: 1e-6, relative: 1e-6 }, ["count"]).kind : undefined; // prettier-ignore
      },
    },
    {
      name: "lock",
      draw: ofJson([lockText]),
      read: fromFile(join("locked", LOCK_FILE), () => {
        Lock.take(join(folder, "locked")).release();
      }),
    },
  ];
}

/** Whether an error is one that a command tells in one line. */
export function isToldInOneLine(error: unknown): boolean {
  return error instanceof CommanderError || messageOf(error) !== undefined;
}

/** Safetensors files with their header changed as JSON, or with any of their bytes changed. */
function ofSafetensors(seeds: Buffer[]): (random: Random) => Buffer {
  const parts = seeds.map((bytes) => {
    const length = Number(bytes.readBigUInt64LE());
    return { header: bytes.subarray(8, 8 + length), data: bytes.subarray(8 + length) };
  });
  return (random) => {
    if (random.below(2) === 0) return mutatedBytes(random, seeds);
    const { header, data } = parts[random.below(parts.length)]!;
    const other = mutatedJson(random, [header]);
    const prefix = Buffer.alloc(8);
    prefix.writeBigUInt64LE(BigInt(other.length));
    return Buffer.concat([prefix, other, data]);
  };
}

/** Lines of JSON, one or two of which are changed, doubled or left out. */
function ofLines(whole: Buffer): (random: Random) => Buffer {
  const lines = whole.toString().trimEnd().split("\n");
  return (random) => {
    if (random.below(3) === 0) return mutatedBytes(random, [whole]);
    const changed = [...lines];
    const at = random.below(lines.length);
    changed.splice(at, random.below(2), mutatedJson(random, [Buffer.from(lines[at]!)]).toString());
    return Buffer.from(`${changed.join("\n")}\n`);
  };
}

function npySeeds(): Buffer[] {
  return (["<f2", "<f4", ">f8"] as const).map((type) => {
    const header = `{'descr': '${type}', 'fortran_order': False, 'shape': (1, 8, 8), }`.padEnd(117, " ") + "\n";
    const prefix = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0]);
    return Buffer.concat([prefix, Buffer.from(header), Buffer.alloc(64 * Number(type[2]))]);
  });
}

const COMMAND_LINES = [
  ["--preset", "fast", "--seed", "3", "--out", "x"],
  ["--units", "6", "--sigma-g", "0.4", "--permute", "false", "--init", "library"],
  ["--curriculum", '[{"at":0.5,"timesteps":3}]', "--acceptance-criteria", "[]", "--learning-rate", "1e-3"],
  ["--box", "1.5", "--walkers", "2", "--shuffles", "0"],
];

/** The options of `train`, and of other commands, as their commands read them. */
function parsedLine(words: string[]): unknown {
  const program = addConfigOptions(command("train", ""))
    .option("--out <folder>")
    .option("--resume")
    .option("--box <metres>", "", positiveNumber)
    .option("--walkers <count>", "", countFromOne)
    .option("--shuffles <count>", "", wholeNumber)
    .configureOutput({ writeOut: () => undefined, writeErr: () => undefined, outputError: () => undefined });
  program.parse(words, { from: "user" });
  const options = program.opts<Record<string, string>>();
  return { ...configFrom(options), box: program.getOptionValue("box") as unknown };
}

/** A file of vectors with its first two cases alone. */
function firstCases<File extends { cases: unknown[] }>(file: File): File {
  return { ...file, cases: file.cases.slice(0, 2) };
}
