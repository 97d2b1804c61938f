/**
 * `npm run traceability`: prints which functions of the oracle and of src, and which tests, stand behind each requirement of spec/;
 * exits with 1 if one is missing.
 */
import { fileURLToPath } from "node:url";
import { requirementsWithOperation } from "../port/operations.ts";
import { matrixOf, textsAt } from "./matrix.ts";
import { tableOf } from "./matrix-table.ts";

const matrix = matrixOf(textsAt(fileURLToPath(new URL("../..", import.meta.url))), requirementsWithOperation);
console.log(tableOf(matrix));
process.exitCode = matrix.problems.length > 0 ? 1 : 0;
