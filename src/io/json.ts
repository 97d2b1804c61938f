import { InputError } from "./error.ts";
import { readBytes } from "./files.ts";

/** Levels of lists and objects that a JSON file may have; ours have at most ten. */
const DEEPEST = 64;

/**
 * The value of a JSON text.
 * @param from what a message calls the text, as in the name of its file
 * @throws InputError for text that is not JSON, that is nested more than 64 levels deep, or that has an object with one key twice
 */
export function parseJson(text: string, from: string): unknown {
  requireFlatAndUnique(text, from);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new InputError(`${from}: ${(error as Error).message}; expected JSON`);
  }
}

/** The value of a JSON file, under the same rules. */
export function readJson(file: string): unknown {
  return parseJson(readBytes(file).toString("utf8"), file);
}

/** What follows a string that is a key. */
const COLON = /\s*:/y;

/** JSON.parse keeps the last of two equal keys in silence, and a very deep value overflows the stack of whatever walks it. */
function requireFlatAndUnique(text: string, from: string): void {
  const open: (Set<string> | undefined)[] = []; // the keys of each object that is open, and nothing for a list
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === "{" || character === "[") {
      open.push(character === "{" ? new Set() : undefined);
      if (open.length > DEEPEST)
        throw new InputError(`${from} is nested more than ${DEEPEST} levels deep; expected fewer`);
    } else if (character === "}" || character === "]") open.pop();
    else if (character === '"') {
      const end = endOfString(text, i);
      COLON.lastIndex = end + 1;
      if (COLON.test(text)) {
        const key = text.slice(i, end + 1);
        if (open.at(-1)?.has(key))
          throw new InputError(`${from}: the key ${key} stands twice in an object; expected once`);
        open.at(-1)?.add(key);
      }
      i = end;
    }
  }
}

/** Where the string that begins at `start` has its closing quote; the text's end where it has none. */
function endOfString(text: string, start: number): number {
  for (let end = start + 1; ; end++) {
    const character = text[end];
    if (character === undefined || character === '"') return end;
    if (character === "\\") end++;
  }
}
