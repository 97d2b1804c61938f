/** `npm test`: types, lint, format and all quick tests, one after the other, and at its end how long each took. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { relative } from "node:path";
import { textTable } from "../src/io/text-table.ts";

/** Where vitest leaves the times of its files. */
const REPORT = ".cache/tests.json";

const PARTS: [name: string, command: string, ...args: string[]][] = [
  ["types", "tsc"],
  ["lint", "eslint", "-c", ".eslint.config.js", "."],
  ["exports", "knip", "--no-tag-hints"],
  ["format", "prettier", "--check", "--log-level", "warn", "."],
  [
    ...["tests", "vitest", "run", "--config", "tests/vitest.config.ts"],
    ...["--reporter=default", "--reporter=json", `--outputFile.json=${REPORT}`],
    ...process.argv.slice(2),
  ] as [string, string, ...string[]],
];

mkdirSync(".cache", { recursive: true });
rmSync(REPORT, { force: true });
const rows: [string, number][] = [];
// With a port named, its tests alone: whoever writes one is not to mend our rules of style in files of their own.
for (const [name, command, ...args] of process.env["SIC_PORT"] ? PARTS.slice(-1) : PARTS) {
  const started = Date.now();
  const { status, error } = spawnSync(command, args, { stdio: "inherit" });
  rows.push([name, Date.now() - started]);
  if (error) process.stderr.write(`error: ${command} does not start (${error.message}); expected \`npm ci\` first\n`);
  process.exitCode = status ?? 1;
  if (status !== 0) break;
}
const table = [...rows, ...testTimes()].map(([name, time]) => [name, `${(time / 1000).toFixed(0)} s`]);
process.stdout.write(`\n${textTable(table).join("\n")}\n`);

/** The times of the folders of tests, each the sum of its files; two files run at a time. */
function testTimes(): [string, number][] {
  if (!existsSync(REPORT)) return [];
  const { testResults } = JSON.parse(readFileSync(REPORT, "utf8")) as {
    testResults: { name: string; startTime: number; endTime: number }[];
  };
  const sums = new Map<string, number>();
  for (const { name, startTime, endTime } of testResults) {
    const folder = relative("tests", name).split("/")[0]!;
    sums.set(folder, (sums.get(folder) ?? 0) + endTime - startTime);
  }
  return [...sums].map(([folder, time]) => [`  tests/${folder}, its files one after the other`, time]);
}
