import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, "utf8")) as { scripts: Record<string, string> };

/** The commands of src/cli, each with its script and the name of a command within it where it has some. */
const commands = Object.entries(scripts)
  .filter(([, script]) => script.startsWith("tsx src/cli/"))
  .flatMap(([name, script]): [name: string, words: string[]][] => {
    const within = name === "golden:sweep" ? ["plan", "run", "job", "gather"] : [];
    return [[], ...within.map((word) => [word])].map((words) => [
      [name, ...words].join(" "),
      [script.slice(4), ...words],
    ]);
  });

async function help(words: string[]): Promise<string> {
  const args = ["--import", "tsx", ...words, "--help"];
  return (await promisify(execFile)(process.execPath, args, { cwd: ROOT })).stdout;
}

/** What a page of help says: the sentences on the command, and the phrase on each argument and option. */
function parts(text: string): { says: string; phrases: string[] } {
  // A phrase that is too long for its line goes on in lines that are indented further than a new entry.
  const [usage, says, ...rest] = text
    .trim()
    .replace(/\n {3,}/g, " ")
    .split("\n\n");
  expect(usage).toMatch(/^Usage: /);
  const lists = rest.filter((block) => /^(Arguments|Options):/.test(block));
  const entries = lists.flatMap((block) => block.split("\n").slice(1));
  return {
    says: says!.replaceAll("\n", " "),
    phrases: entries.map((line) => line.trim().split(/ {2,}/).slice(1).join(" ")),
  };
}

/** What is wrong with the form of a page of help, a line each. */
function problems(text: string): string[] {
  const { says, phrases } = parts(text);
  const ofPhrase = (phrase: string): string[] => [
    ...(phrase.split(" ").length < 3 ? [`"${phrase}" is no whole phrase`] : []),
    ...(/^(of|as|from|with|the)\b/.test(phrase) ? [`"${phrase}" does not begin with a noun or a verb`] : []),
    ...(/^[A-Z][a-z]/.test(phrase) || /\.$/.test(phrase) ? [`"${phrase}" is written as a sentence`] : []),
    ...(/without it|\(default: [[{/"]*[\]}/]/.test(phrase) ? [`"${phrase}" hides its default`] : []),
  ];
  return [
    ...(/^[A-Z][a-z]+s [^]*\.$/.test(says) ? [] : [`"${says}" is no sentence on what the command does`]),
    ...phrases.flatMap(ofPhrase),
  ];
}

describe("--help", () => {
  it.concurrent.each(commands)(
    "of %s says what the command and each option does (mutant: a command that runs)",
    async (_, words) => {
      expect(problems(await help(words))).toEqual([]);
    },
  );

  it("is looked at closely (mutants: any of the rules left out)", () => {
    const page = (says: string, phrase: string): string => `Usage: x\n\n${says}\n\nOptions:\n  --seed <n>  ${phrase}\n`;
    const fine = "Measures a network.";
    expect(problems(page(fine, "seed of the walks (default: 0)"))).toEqual([]);
    expect(problems(page("measure", "seed of the walks"))).toHaveLength(1);
    for (const phrase of [
      "seed",
      "of the walks",
      "Seed of all walks.",
      "seed of walks; 0 without it",
      "names of things (default: [])",
      'seed of the walks (default: "/tmp/x")',
    ])
      expect(problems(page(fine, phrase)), phrase).not.toEqual([]);
  });
});
