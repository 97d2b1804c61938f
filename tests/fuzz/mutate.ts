import type { Random } from "../../src/train/random-source.ts";

/** Numbers and texts that readers stumble over. */
const VALUES: unknown[] = [
  null,
  true,
  0,
  -0,
  -1,
  1,
  1.5,
  1e-320,
  1e308,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  "",
  "NaN",
  "Infinity",
  "__proto__",
  "constructor",
  "../../x",
  "\u0000\n\u2028",
  "x".repeat(10_000),
  [],
  [[]],
  {},
  [null],
  Array<number>(1000).fill(0),
];

/** Pieces of text that are no JSON, or hardly. */
const PIECES = [
  "NaN",
  "Infinity",
  "-",
  "1e999",
  "{",
  "}",
  "[",
  "]",
  '"',
  ",",
  ":",
  "\\u",
  "//",
  "\0",
  "[".repeat(300),
  "'",
];

function pick<T>(random: Random, list: readonly T[]): T {
  return list[random.below(list.length)]!;
}

/** Bytes with a few of them changed, removed, doubled, or put in from another input; sometimes bytes of nothing at all. */
export function mutatedBytes(random: Random, seeds: readonly Buffer[]): Buffer {
  let bytes = Buffer.from(pick(random, seeds));
  if (random.below(20) === 0) return Buffer.from(Array.from({ length: random.below(200) }, () => random.below(256)));
  for (let changes = 1 + random.below(4); changes > 0; changes--) {
    const [at, length] = [random.below(bytes.length + 1), random.below(1 + random.below(64))];
    switch (random.below(6)) {
      case 0:
        if (bytes.length > 0) bytes[random.below(bytes.length)] = random.below(256);
        break;
      case 1:
        if (bytes.length > 0) bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
        break;
      case 2:
        bytes = bytes.subarray(0, at);
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
        break;
      case 4:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + length), bytes.subarray(at)]);
        break;
      default: {
        const other = pick(random, seeds);
        const from = random.below(other.length + 1);
        bytes = Buffer.concat([bytes.subarray(0, at), other.subarray(from, from + length), bytes.subarray(at)]);
      }
    }
  }
  return bytes;
}

/** JSON with values, keys and lists changed somewhere within; sometimes text that is no JSON any more. */
export function mutatedJson(random: Random, seeds: readonly Buffer[]): Buffer {
  if (random.below(5) === 0) return mutatedBytes(random, seeds);
  let value: unknown = JSON.parse(pick(random, seeds).toString());
  for (let changes = 1 + random.below(3); changes > 0; changes--) value = changed(random, value);
  let text = JSON.stringify(value);
  if (random.below(6) === 0) {
    const at = random.below(text.length + 1);
    text = text.slice(0, at) + pick(random, PIECES) + text.slice(at + random.below(3));
  }
  return Buffer.from(text);
}

/** A value with one place in it changed: down a random way, to its end or not. */
function changed(random: Random, value: unknown): unknown {
  const isList = Array.isArray(value);
  if (typeof value !== "object" || value === null || random.below(6) === 0)
    return structuredClone(pick(random, VALUES));
  const entries: [string, unknown][] = Object.entries(value);
  if (entries.length === 0) return pick(random, VALUES);
  const k = random.below(entries.length);
  const [key, inner] = entries[k]!;
  switch (random.below(8)) {
    case 0:
      entries.splice(k, 1);
      break;
    case 1:
      entries.splice(k, 0, [pick(random, ["__proto__", "constructor", "x", "step", key]), inner]);
      break;
    case 2:
      entries[k] = [pick(random, ["__proto__", "toString", "", `${key}x`]), inner];
      break;
    default:
      entries[k] = [key, changed(random, inner)];
  }
  return isList ? entries.map(([, entry]) => entry) : Object.fromEntries(entries);
}

/** A command line with words changed, left out, doubled, or taken from other lines. */
export function mutatedWords(random: Random, seeds: readonly string[][]): string[] {
  const words = [...pick(random, seeds)];
  for (let changes = 1 + random.below(3); changes > 0; changes--) {
    const at = random.below(words.length + 1);
    const word = random.below(2) === 0 ? pick(random, seeds.flat()) : String(pick(random, [...VALUES, ...PIECES]));
    if (random.below(3) === 0) words.splice(at, 1);
    else words.splice(at, random.below(2), word);
  }
  return words;
}
