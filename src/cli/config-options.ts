import type { Command } from "commander";
import { InputError } from "../io/error.ts";
import { readJson } from "../io/json.ts";
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
  program.option("--preset <name>", `where to start from: ${Object.keys(PRESETS).join(", ")}`);
  program.option("--config <file>", "JSON with any of the keys below, over the preset");
  for (const key of CONFIG_KEYS)
    program.option(
      `--${kebab(key)} <value>`,
      `${configSchema.shape[key].description ?? key} [fast: ${inWords(PRESETS.fast[key])}]`,
    );
  return program;
}

/** The config that the options ask for: the preset, the file over it, single keys over both. Throws an InputError on a bad one. */
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

/** Text as the type of the value it replaces; text that is none of that type stays text, for the validation to refuse. */
function convert(text: string, like: Config[ConfigKey]): unknown {
  if (typeof like === "number" && text.trim() !== "" && !Number.isNaN(Number(text))) return Number(text);
  if (typeof like === "boolean" && (text === "true" || text === "false")) return text === "true";
  if (Array.isArray(like)) return parsed(text);
  return text;
}

/** JSON's value; text that is no JSON stays text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function inWords(value: Config[ConfigKey]): string {
  return Array.isArray(value) ? JSON.stringify(value) : String(value);
}

function kebab(key: string): string {
  return key.replace(/[A-Z]|\d+/g, (c) => (/\d/.test(c) ? c : `-${c.toLowerCase()}`));
}
