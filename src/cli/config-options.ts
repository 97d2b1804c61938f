import type { Command } from "commander";
import { InputError } from "../io/error.ts";
import { readJson } from "../io/files.ts";
import { parseJson } from "../io/json.ts";
import {
  CONFIG_KEYS,
  configSchema,
  parseConfig,
  preset,
  PRESETS,
  type Config,
  type ConfigKey,
} from "../train/config.ts";

/** Adds --preset, --config and one option for every key of the config. */
export function addConfigOptions(program: Command): Command {
  program.option("--preset <name>", `named config to start from: ${Object.keys(PRESETS).join(", ")} (default: fast)`);
  program.option("--config <file>", "JSON file with some of the keys below, which replace those of the preset");
  for (const key of CONFIG_KEYS)
    program.option(
      `--${kebab(key)} <value>`,
      `${configSchema.shape[key].description ?? key} [fast: ${inWords(PRESETS.fast[key])}]`,
    );
  return program;
}

/**
 * The config that the options ask for. The keys of a file replace those of the preset, and options replace both.
 * @throws InputError for a key or value that the config does not allow
 */
export function configFrom(options: Record<string, string | undefined>): Config {
  const base = preset(options["preset"] ?? "fast");
  const file = options["config"] === undefined ? {} : readJson(options["config"]);
  if (typeof file !== "object" || file === null || Array.isArray(file))
    throw new InputError(
      `${options["config"]}: ${JSON.stringify(file)}; expected a JSON object with keys of the config`,
    );
  const merged = parseConfig({ ...base, ...file }, options["config"] ?? "preset");
  return parseConfig({ ...merged, ...overrides(options, base) }, "options");
}

/** The keys of the config that were given as options. */
export function givenKeys(options: Record<string, string | undefined>): string[] {
  return ["preset", "config", ...CONFIG_KEYS].filter((key) => options[key] !== undefined);
}

function overrides(options: Record<string, string | undefined>, base: Config): Record<string, unknown> {
  return Object.fromEntries(
    CONFIG_KEYS.filter((key) => options[key] !== undefined).map((key) => [key, convert(options[key]!, base[key])]),
  );
}

/**
 * Converts text to the type of the value that it replaces. Text that is not of that type stays text, and the validation
 * refuses it.
 */
function convert(text: string, like: Config[ConfigKey]): unknown {
  if (typeof like === "number" && text.trim() !== "" && !Number.isNaN(Number(text))) return Number(text);
  if (typeof like === "boolean" && (text === "true" || text === "false")) return text === "true";
  if (Array.isArray(like)) return parsed(text);
  return text;
}

/** The value of a JSON text. Text that is not JSON stays text. */
function parsed(text: string): unknown {
  try {
    return parseJson(text, "the option");
  } catch {
    return text;
  }
}

function inWords(value: Config[ConfigKey]): string {
  return Array.isArray(value) ? `a list of ${value.length}` : String(value);
}

function kebab(key: string): string {
  return key.replace(/[A-Z]|\d+/g, (c) => (/\d/.test(c) ? c : `-${c.toLowerCase()}`));
}
