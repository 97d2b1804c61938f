import { availableParallelism } from "node:os";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { InputError } from "../io/error.ts";
import { outsideErrorInWords } from "../io/outside-error.ts";

/** The number of characters of a message that are shown. */
const LONGEST_MESSAGE = 2000;

/** A command. After bad input it prints one sentence to standard error and ends with exit code 2. */
export function command(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .allowExcessArguments(false)
    .showSuggestionAfterError(false)
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => {
        write(text.replace(/(unknown option '.*')\n/, "$1; expected one of those that --help lists\n"));
      },
    });
}

/**
 * Runs a command with the process's arguments. Bad input, and an error of the file system or of a child process, is
 * reported in one line, with exit code 2. Any other error is a mistake in the program and keeps its stack.
 */
export async function main(program: Command): Promise<void> {
  const tell = (error: unknown): void => {
    if (error instanceof CommanderError) {
      process.exitCode ??= error.exitCode === 0 ? 0 : 2; // commander has written already
      return;
    }
    const message = messageOf(error);
    if (message === undefined) throw error;
    process.stderr.write(`error: ${inOneLine(message)}\n`);
    process.exitCode = 2;
  };
  // It is no error if the reader of the output closes it early, as `head` does.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") tell(error);
  });
  process.on("uncaughtException", (error) => {
    try {
      tell(error);
    } catch {
      process.stderr.write(`${error.stack ?? String(error)}\n`);
      process.exitCode = 1;
    }
    process.exit();
  });
  try {
    await program.parseAsync();
  } catch (error) {
    tell(error);
  }
}

/** The message for an error that is no mistake in the program. It is undefined for a mistake. */
export function messageOf(error: unknown): string | undefined {
  return error instanceof InputError ? error.message : outsideErrorInWords(error);
}

/**
 * A message as one line of limited length. Names of files, keys and tensors may contain line breaks and be of any
 * length.
 */
function inOneLine(message: string): string {
  const line = message.replace(/[\p{Cc}\u2028\u2029]+/gu, " ");
  return line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)}...` : line;
}

/** A path as one word for a shell. It is quoted if it has other characters than plain ones. */
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

/** The option `--workers`: how many of something go on at the same time, one for each core unless it is given. */
export function workersOption(what: string): Option {
  return new Option("--workers <count>", `number of ${what} at the same time`)
    .argParser(countFromOne)
    .default(availableParallelism(), "one for each core");
}
