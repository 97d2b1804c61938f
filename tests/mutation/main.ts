/** `npm run test:mutation`: changes the code in small ways, room by room, and tells how many changes a test notices. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { textTable } from "../../src/io/text-table.ts";
import { ROOMS, type Room } from "./rooms.ts";

const FOLDER = ".cache/mutation";
const rooms = (process.argv.length > 2 ? process.argv.slice(2) : Object.keys(ROOMS)) as Room[];
for (const room of rooms) {
  if (!(room in ROOMS)) {
    process.stderr.write(`error: ${room} is no room that is mutated; expected ${Object.keys(ROOMS).join(", ")}\n`);
    process.exit(2);
  }
}

mkdirSync(FOLDER, { recursive: true });
const rows: string[][] = [["room", "killed", "timed out", "survived", "not covered", "killed of covered"]];
for (const room of rooms) {
  const report = `${FOLDER}/${room}.json`;
  const { status } = spawnSync(
    "stryker",
    [
      ...["run", "tests/mutation/stryker.config.json", "--mutate", `src/${room}/**/*.ts`],
      // What an earlier run found is kept for every mutant whose code and tests have not changed.
      ...["--incrementalFile", report],
    ],
    { stdio: "inherit", env: { ...process.env, SIC_MUTATED: room } },
  );
  if (status !== 0) process.exit(status ?? 1);
  rows.push([room, ...counts(report)]);
}
process.stdout.write(`\n${textTable(rows).join("\n")}\n`);

function counts(report: string): string[] {
  const { files } = JSON.parse(readFileSync(report, "utf8")) as {
    files: Record<string, { mutants: { status: string }[] }>;
  };
  const statuses = Object.values(files).flatMap(({ mutants }) => mutants.map(({ status }) => status));
  const count = (status: string): number => statuses.filter((s) => s === status).length;
  const noticed = count("Killed") + count("Timeout");
  const covered = noticed + count("Survived");
  return [
    ...["Killed", "Timeout", "Survived", "NoCoverage"].map((status) => String(count(status))),
    covered === 0 ? "-" : `${((100 * noticed) / covered).toFixed(1)} %`,
  ];
}
