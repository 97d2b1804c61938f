/** The requirement with its number, as a heading of spec/ gives it. */
export interface Requirement {
  number: string;
  title: string;
}

/** A place in the code or a test title, and the numbers that it cites. */
export interface Citation {
  name: string;
  numbers: string[];
}

/** The letters that numbers begin with: data, network, losses, training, measures, ports, claims. */
const NUMBER = "[DNLTMPC]\\d+";

/** The numbers in a text, each once; "L1 to L4" stands for all four. */
export function numbersIn(text: string): string[] {
  const ranges = [...text.matchAll(new RegExp(`\\b([DNLTMPC])(\\d+) to \\1(\\d+)\\b`, "g"))].flatMap(
    ([, letter, first, last]) =>
      Array.from({ length: Number(last) - Number(first) + 1 }, (_, k) => `${letter!}${Number(first) + k}`),
  );
  const single = [...text.matchAll(new RegExp(`\\b${NUMBER}\\b`, "g"))].map(([number]) => number);
  return [...new Set([...ranges, ...single])];
}

/** The requirements that a page of spec/ has headings for: `## L1 Separation`. */
export function requirementsIn(markdown: string): Requirement[] {
  const headings = markdown.matchAll(new RegExp(`^## (${NUMBER}) (.+)$`, "gm"));
  return [...headings].map(([, number, title]) => ({ number: number!, title: title! }));
}

/** The functions, classes, methods and constants of a source file whose docstring cites a number. */
export function citationsIn(source: string): Citation[] {
  const documented = source.matchAll(
    /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(?:export\s+|default\s+|async\s+|private\s+|static\s+|readonly\s+)*(function\*?|const|class|interface|type)?\s*#?(\w+)/g,
  );
  return [...documented]
    .filter(([, , kind]) => kind !== "interface" && kind !== "type")
    .map(([, comment, , name]) => ({ name: name!, numbers: numbersIn(comment!) }))
    .filter((citation) => citation.numbers.length > 0);
}

/** The titles of a test file's tests and groups that cite a number; a row of a table of tests has its number first: `["L1", "title", ...]`. */
export function titlesIn(source: string): Citation[] {
  const titles = source.matchAll(/\b(?:it|test|describe)(?:\.\w+(?:\([^()]*\))?)*\(\s*(["'`])((?:(?!\1)[\s\S])*)\1/g);
  const rows = source.matchAll(new RegExp(`^\\s*\\[\\s*"(${NUMBER})",\\s*"([^"]*)"`, "gm"));
  return [
    ...[...titles].map(([, , title]) => ({ name: title!, numbers: numbersIn(title!) })),
    ...[...rows].map(([, number, title]) => ({ name: `${number!} ${title!}`, numbers: [number!] })),
  ].filter((citation) => citation.numbers.length > 0);
}
