import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readJson } from "../io/files.ts";
import type { Judgement, Module, Pair } from "../measure/judgement.ts";
import { differentLattices, emergence } from "../measure/emergence.ts";
import { InputError } from "../io/error.ts";

/** golden/expected: for each golden model what it must show in the golden walk. */
export const GOLDEN_EXPECTED = fileURLToPath(new URL("../../golden/expected", import.meta.url));

/** A module as it is kept, without its members' indices and the reason in words. */
type ExpectedModule = Omit<Module, "units" | "reason" | "null"> & { size: number };

/** What a model must show. */
export interface Expected {
  units: number;
  active: number;
  inModules: number;
  /** How many different lattices the modules are on. */
  lattices: number;
  /** How many of the modules are grid modules by the emergence criterion, equal lattices counted once. */
  gridModules: number;
  /** Largest first. */
  modules: ExpectedModule[];
  pairs: Pair[];
}

/** A judgement as it is kept in golden/expected, numbers rounded to four decimals. */
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

/** The stored expectation of a model. Throws an InputError when there is none. */
export function readExpected(name: string, folder = GOLDEN_EXPECTED): Expected {
  const file = join(folder, `${name}.json`);
  if (!existsSync(file)) throw new InputError(`${file} is not there; expected what npm run golden:measure writes`);
  return readJson(file) as Expected;
}
