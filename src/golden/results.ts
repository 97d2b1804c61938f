import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { withGeneratedBlock } from "../io/generated-block.ts";
import { markdownTable } from "../io/text-table.ts";
import { hasEmerged } from "../measure/emergence.ts";
import type { Config } from "../train/config.ts";
import { closingLosses } from "../train/metrics.ts";
import { readExpected, type Expected } from "./expected.ts";
import { loadModel, modelNames, type GoldenModel } from "./models.ts";
import { recipe, REFERENCE } from "./recipes.ts";

/** The page of results. */
export const RESULTS_PAGE = fileURLToPath(new URL("../../golden/README.md", import.meta.url));

/** The command that makes the tables of that page. */
const COMMAND = "npm run golden:measure";

/** What a table of results needs of a golden model. */
type Trained = Pick<GoldenModel, "name" | "config" | "metrics" | "rejectedAttempts">;

/** A golden model with what it must show. */
export interface Result {
  model: Trained;
  expected: Expected;
}

const list = (values: readonly (number | null)[], digits: number): string =>
  values.map((value) => (value === null ? "–" : value.toFixed(digits))).join(", ");

/**
 * The first cells of every row: the model, whether grid modules emerged (M14), the number of grid modules, and the
 * number of attempts (T8).
 */
function verdictCells({ model, expected }: Result): string[] {
  const { active, inModules, gridModules } = expected;
  const emerged = hasEmerged(gridModules, active === 0 ? 0 : inModules / active);
  return [
    model.name,
    emerged ? "emerged" : "not emerged",
    String(gridModules),
    String(model.rejectedAttempts.length + 1),
  ];
}

/** The modules of a model, largest first, with a list in each cell. */
function moduleCells({ expected: { modules } }: Result): string[] {
  const spacings = modules.map(({ spacing: [a, b] }) => (b === null ? a : Math.sqrt(a * b)));
  return [
    list(
      modules.map(({ size }) => size),
      0,
    ),
    modules.map((module) => module.class).join(", "),
    list(spacings, 2),
    list(
      modules.map(({ angle }) => angle),
      0,
    ),
    list(
      modules.map(({ gridness }) => gridness),
      2,
    ),
  ];
}

const VERDICT_HEAD = ["model", "verdict", "grid modules", "attempts"];
const MODULE_HEAD = ["units", "class", "spacing (m)", "angle (°)", "gridness"];
const TERMS = ["sep", "inv", "cap", "con"] as const;

/** The closing losses of a model: means over the last tenth of the steps. */
function lossCells({ model: { metrics, config } }: Result): string[] {
  const losses = closingLosses(metrics, config.steps);
  return TERMS.map((term) => losses[term].toFixed(4));
}

/** The steps of all attempts of a model. */
function stepsOfAll({ model: { config, rejectedAttempts } }: Result): number {
  return rejectedAttempts.reduce((sum, { steps }) => sum + steps, config.steps);
}

/** A table whose columns of numbers are aligned to the right. */
function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return markdownTable([head, ...rows], (column) => rows.some((row) => !Number.isFinite(Number(row[column] || "–"))));
}

/** A row for each model: its verdict, its steps over all attempts, its modules, and its closing losses. */
export function resultsTable(results: readonly Result[]): string[] {
  const head = [...VERDICT_HEAD, "steps", "active", "in modules", ...MODULE_HEAD, "Sep", "Inv", "Cap", "ConIso"];
  const rows = results.map((result) => [
    ...verdictCells(result),
    String(stepsOfAll(result)),
    String(result.expected.active),
    String(result.expected.inModules),
    ...moduleCells(result),
    ...lossCells(result),
  ]);
  return tableOf(head, rows);
}

/** The value of a setting in a cell. */
function settingText(value: Config[keyof Config]): string {
  if (Array.isArray(value)) return value.length === 0 ? "none" : `${value.length} stages`;
  return String(value);
}

/** Settings that are not compared. Every step back changes them alike, or they have a column of their own. */
const NOT_COMPARED: readonly (keyof Config)[] = ["steps", "attempts", "acceptanceCriteria"];

/**
 * The settings in which a recipe differs from the reference. `here` has the values of the recipe, and `there` those of
 * the reference.
 */
export function changedSettings(config: Config, reference: Config): { here: string; there: string } {
  const keys = (Object.keys(config) as (keyof Config)[]).filter(
    (key) => !NOT_COMPARED.includes(key) && !isDeepStrictEqual(config[key], reference[key]),
  );
  const text = (of: Config): string => keys.map((key) => `\`${key}\` ${settingText(of[key])}`).join(", ");
  return { here: text(config), there: text(reference) };
}

/** A row for each step back to the paper: its verdict, the setting that was changed, and its modules. */
function stepsTable(results: readonly Result[], reference: Config): string[] {
  const head = [
    ...VERDICT_HEAD,
    "the paper's",
    "`fast` has",
    "steps",
    "active",
    "in modules",
    ...MODULE_HEAD,
    "Inv",
    "ConIso",
  ];
  const rows = results.map((result) => {
    const { here, there } = changedSettings(result.model.config, reference);
    const [, inv, , con] = lossCells(result);
    return [
      ...verdictCells(result),
      here,
      there,
      String(stepsOfAll(result)),
      String(result.expected.active),
      String(result.expected.inModules),
      ...moduleCells(result),
      inv!,
      con!,
    ];
  });
  return tableOf(head, rows);
}

/** The page of results with its tables remade from golden/models and golden/expected. */
export function resultsPage(page = readFileSync(RESULTS_PAGE, "utf8")): string {
  const results = modelNames().map((name) => ({ model: loadModel(name), expected: readExpected(name) }));
  const kind = (test: (name: string) => boolean): Result[] => results.filter(({ model }) => test(model.name));
  const isSeed = (name: string): boolean => name.startsWith("seed-");
  const isStep = (name: string): boolean => name.startsWith("paper-");
  const tables: [string, string[]][] = [
    ["seeds", resultsTable(kind(isSeed))],
    ["ablations", resultsTable(kind((name) => !isSeed(name) && !isStep(name)))],
    ["steps back to the paper", stepsTable(kind(isStep), recipe(REFERENCE))],
  ];
  return tables.reduce((text, [name, lines]) => withGeneratedBlock(text, name, COMMAND, lines), page);
}
