import { Command, InvalidArgumentError } from "commander";
import { InputError } from "../io/error.ts";

/** A command whose bad input ends in one sentence on stderr and exit code 2. */
export function command(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .allowExcessArguments(false)
    .showSuggestionAfterError(false)
    .exitOverride((error) => {
      process.exit(error.exitCode === 0 ? 0 : 2);
    })
    .configureOutput({
      outputError: (text, write) => {
        write(text.replace(/(unknown option '.*')\n/, "$1; expected one of those that --help lists\n"));
      },
    });
}

/** Runs a command with the process's arguments; an InputError is told in one line, any other error keeps its stack. */
export async function main(program: Command): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    process.stderr.write(`error: ${error.message}\n`);
    process.exitCode = 2;
  }
}

/** A path as a shell takes it for one word: quoted where it has other characters than plain ones. */
export function shellQuoted(path: string): string {
  return /^[\w./:@%+=,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

/** An option's text as a positive number. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value > 0 && value < Infinity))
    throw new InvalidArgumentError("Expected a positive number.");
  return value;
}

/** An option's text as a whole number of at least 0. */
export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("Expected a whole number of at least 0.");
  return Number(text);
}

/** An option's text as a whole number of at least 1. */
export function countFromOne(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) < 1) throw new InvalidArgumentError("Expected a whole number of at least 1.");
  return Number(text);
}
