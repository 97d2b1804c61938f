import { fileURLToPath } from "node:url";
import { requirementsWithOperation } from "../port/operations.ts";
import { tableOf } from "../traceability/matrix-table.ts";
import { matrixOf, textsAt } from "../traceability/matrix.ts";
import { command, main } from "./command.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

await main(
  command(
    "traceability",
    "Prints the functions and tests that stand behind each requirement of spec/. The exit code is 1 if one is missing.",
  ).action(() => {
    const matrix = matrixOf(textsAt(ROOT), requirementsWithOperation);
    console.log(tableOf(matrix));
    process.exitCode = matrix.problems.length > 0 ? 1 : 0;
  }),
);
