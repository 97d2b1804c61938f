import { InputError } from "./error.ts";

/** Levels of lists and objects that a JSON file may have; ours have at most ten. */
const DEEPEST = 64;

/**
 * What a list or an object takes in memory, in bytes, and how many times its own length a text of more than a MiB may take for them.
 * Text of nothing but brackets takes twenty times its length; numbers take less than five.
 */
const BYTES_OF_ITEM = 64;
const LARGEST_RATIO = 8;
const SMALL = 2 ** 20;

/** Keys that one object may have. */
const MOST_KEYS = 10_000;

/**
 * The value of a JSON text.
 * @param from what a message calls the text, as in the name of its file
 * @throws InputError for text that is not JSON, that is nested more than 64 levels deep, that has an object with one key twice or with
 * more than 10,000 keys, that has a number which float64 does not hold, or that would take many times its length in memory
 */
export function parseJson(text: string, from: string): unknown {
  requireModest(text, from);
  requireFlatAndUnique(text, from);
  let value: unknown;
  try {
    value = JSON.parse(text) as unknown;
  } catch (error) {
    throw new InputError(`${from}: ${(error as Error).message}; expected JSON`);
  }
  if (PERHAPS_INFINITE.test(text)) requireFinite(value, from);
  return value;
}

/** JSON.parse makes infinite what float64 does not hold, as in 1e999. */
const PERHAPS_INFINITE = /[eE]\+?\d{3}|\d{300}/;

function requireFinite(value: unknown, from: string): void {
  if (value === Infinity || value === -Infinity)
    throw new InputError(`${from} has a number that is too large for float64; expected finite numbers`);
  if (typeof value === "object" && value !== null) for (const inner of Object.values(value)) requireFinite(inner, from);
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
        if ((open.at(-1)?.size ?? 0) > MOST_KEYS)
          throw new InputError(`${from} has an object with more than ${MOST_KEYS} keys; expected fewer`);
      }
      i = end;
    }
  }
}

/**
 * Refuses a text of more than a MiB that JSON.parse would turn into many times its length in memory.
 * @throws InputError for a text that is made of brackets with next to nothing between them
 */
export function requireModest(text: string, from: string): void {
  if (text.length <= SMALL) return;
  let items = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === "{" || character === "[") items++;
    else if (character === '"') i = endOfString(text, i);
  }
  if (BYTES_OF_ITEM * items > LARGEST_RATIO * text.length)
    throw new InputError(
      `${from} is made of ${items} lists and objects with next to nothing in them; expected numbers`,
    );
}

/** Where the string that begins at `start` has its closing quote; the text's end where it has none. */
function endOfString(text: string, start: number): number {
  for (let end = start + 1; ; end++) {
    const character = text[end];
    if (character === undefined || character === '"') return end;
    if (character === "\\") end++;
  }
}
