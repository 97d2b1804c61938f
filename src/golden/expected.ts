import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readJson } from "../io/files.ts";
import type { Judgement, Module, Pair } from "../measure/judgement.ts";
import { differentLattices, emergence } from "../measure/emergence.ts";
import { InputError } from "../io/error.ts";

/** The folder that holds, for each golden model, what it must show in the golden walk. */
export const GOLDEN_EXPECTED = fileURLToPath(new URL("../../golden/expected", import.meta.url));

/** A module as it is stored: without the indices of its units, its null, and the reason in words. */
type ExpectedModule = Omit<Module, "units" | "reason" | "null"> & { size: number };

/** The stored expectation of a model. */
export interface Expected {
  units: number;
  active: number;
  inModules: number;
  /** The number of different lattices among the modules. */
  lattices: number;
  /** The number of grid modules (M14), where equal lattices count once. */
  gridModules: number;
  /** Largest first. */
  modules: ExpectedModule[];
  pairs: Pair[];
}

/** A judgement as it is stored in golden/expected, with numbers rounded to four decimals. */
export function expectedOf(judgement: Judgement): Expected {
  const { units, active, modules, pairs } = judgement;
  const kept = modules.map(
    ({
      units: members,
      class: name,
      spacing,
      angle,
      orientation,
      gridness,
      correctedGridness,
      ellipticity,
      periodicity,
      peak,
    }) => ({
      ...{ size: members.length, class: name, spacing, angle, orientation, gridness },
      ...{ correctedGridness, ellipticity, periodicity, peak },
    }),
  );
  const inModules = kept.reduce((sum, { size }) => sum + size, 0);
  const lattices = differentLattices(judgement).length;
  const gridModules = emergence(judgement).gridModules;
  return JSON.parse(
    JSON.stringify({ units, active, inModules, lattices, gridModules, modules: kept, pairs }, rounded),
  ) as Expected;
}

function rounded(_: string, value: unknown): unknown {
  return typeof value === "number" ? Number(value.toFixed(4)) : value;
}

/**
 * The stored expectation of a model.
 * @throws InputError if there is none
 */
export function readExpected(name: string, folder = GOLDEN_EXPECTED): Expected {
  const file = join(folder, `${name}.json`);
  if (!existsSync(file))
    throw new InputError(`${file} does not exist; expected the file that npm run golden:measure writes`);
  return readJson(file) as Expected;
}
