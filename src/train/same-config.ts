import { isDeepStrictEqual } from "node:util";
import { InputError } from "../io/error.ts";
import { CONFIG_KEYS, inWords, type Config } from "./config.ts";

/** Throws an InputError that names the first key in which a config read from `from` differs from the one that `whose` says. */
export function requireSameConfig(config: Config, expected: Config, from: string, whose: string): void {
  for (const key of CONFIG_KEYS)
    if (!isDeepStrictEqual(config[key], expected[key]))
      throw new InputError(`${from}: ${key} is ${inWords(config[key])}; expected ${inWords(expected[key])}, ${whose}`);
}
