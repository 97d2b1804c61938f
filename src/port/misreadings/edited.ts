import { readFileSync } from "node:fs";
import { compileFunction } from "node:vm";
import { transformSync } from "esbuild";
import * as mathjs from "mathjs";
import { readingFrom } from "../reading.ts";
import type { Oracle, Reading } from "../reading.ts";

/** The files of the oracle that readings are made from. Each imports only files before it. */
const FILES = ["arrays", "data", "network", "losses", "training", "gradients", "measures"] as const;

/** One of the oracle's files, without `oracle-` before and `.ts` after it. */
type OracleFile = (typeof FILES)[number];

/**
 * A misreading as a change of the oracle's own text: the given functions of a reading, taken from an oracle in which
 * `right` in `file` reads `wrong`. The oracle is compiled when one of them is called for the first time.
 * @throws an Error at that call, if `right` does not stand in the file exactly once
 */
export function edited(pieces: (keyof Reading)[], file: OracleFile, right: string, wrong: string): Partial<Reading> {
  let compiled: Reading | undefined;
  const reading = (): Reading => (compiled ??= readingFrom(editedOracle(file, right, wrong)));
  const change = pieces.map((piece) => [
    piece,
    (...args: unknown[]) => (reading()[piece] as (...args: unknown[]) => unknown)(...args),
  ]);
  return Object.fromEntries(change) as Partial<Reading>;
}

function editedOracle(file: OracleFile, right: string, wrong: string): Oracle {
  const modules = new Map<string, object>([["mathjs", mathjs]]);
  for (const name of FILES) {
    const text = readFileSync(new URL(`../../../spec/oracle-${name}.ts`, import.meta.url), "utf8");
    if (name === file && text.split(right).length !== 2)
      throw new Error(`oracle-${file}.ts has ${text.split(right).length - 1} times \`${right}\`; expected it once`);
    // The replacement is a function, so that no $ in the text has a meaning.
    const { code } = transformSync(name === file ? text.replace(right, () => wrong) : text, {
      loader: "ts",
      format: "cjs",
    });
    const module = { exports: {} };
    const run = compileFunction(code, ["module", "require"]) as (
      own: object,
      require: (name: string) => unknown,
    ) => void;
    run(module, (imported) => modules.get(imported));
    modules.set(`./oracle-${name}.ts`, module.exports);
  }
  return Object.assign({}, ...modules.values()) as Oracle;
}
