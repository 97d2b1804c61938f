import { spawnSync } from "node:child_process";
import type { JsonObject } from "../../src/port/compare.ts";
import type { Answering } from "../../src/port/process.ts";
import { parseReply } from "../../src/port/reply.ts";
import type { VectorFile } from "../../src/port/vectors.ts";
import { numpy, requireNumpy } from "./commands.ts";

/** The replies of the NumPy port and of all its mutants to the golden vectors. */
export interface EveryMutant {
  /** The names of the mutants. */
  names: string[];
  /** The vectors to which a mutant replies in another way than the right port does, each with the reply. */
  changed: (name: string) => ReadonlyMap<string, string>;
  /** A mutant as something that questions can be put to. It knows no questions but the vectors. */
  port: (name: string) => Answering;
}

/**
 * Asks every mutant all golden vectors, in one process: starting one for each mutant would take minutes.
 * @param files the golden vectors, whose inputs the mutants are asked
 * @throws an Error if there is no NumPy, or if a mutant ends the process
 */
export function everyMutant(files: VectorFile[]): EveryMutant {
  requireNumpy();
  const { program, args } = numpy("numpy/every_mutant.py");
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", maxBuffer: 2 ** 28 });
  if (status !== 0)
    throw new Error(`every_mutant.py ended with exit code ${status ?? "unknown"}: ${stderr.slice(-500)}`);
  const lines = stdout.trim().split("\n");
  const replies = new Map(lines.map((line) => recordOf(JSON.parse(line) as [string, Record<string, string>])));
  const right = replies.get("right")!;
  const ids = new Map(files.flatMap(({ cases }) => cases.map(({ id, input }): [JsonObject, string] => [input, id])));
  const changed = (name: string): ReadonlyMap<string, string> => replies.get(name)!;
  return {
    names: [...replies.keys()].filter((name) => name !== "right"),
    changed,
    port: (name) => ({
      hello: () =>
        Promise.resolve({ hello: { protocol: 1, name, language: "Python", precision: "float32", operations: [] } }),
      ask: (_, input) => {
        const id = ids.get(input as JsonObject)!;
        return Promise.resolve(parseReply(0, changed(name).get(id) ?? right.get(id)!));
      },
    }),
  };
}

function recordOf([name, replies]: [string, Record<string, string>]): [string, Map<string, string>] {
  return [name, new Map(Object.entries(replies))];
}
