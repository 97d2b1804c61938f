import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { misreadings } from "../../src/port/misreadings.ts";
import { requirementsWithOperation } from "../../src/port/operations.ts";
import { requirementsIn } from "../../src/port/requirements.ts";
import { here } from "./commands.ts";
import { rules } from "./rules.ts";

// P10: each rule that an operation can be asked about has a mutant that breaks it. mutants.test.ts demands that the vectors catch every mutant, and
// that none fails where its own rule is not asked about.

const spec = here("../../spec");
const pages = readdirSync(spec).filter((name) => name.endsWith(".md"));
const onOneLine = (text: string): string => text.replace(/\s+/g, " ");

/** The text under each numbered heading. */
const sections = new Map(
  pages.flatMap((name) => {
    const page = readFileSync(`${spec}/${name}`, "utf8");
    return requirementsIn(page).map(({ number, title }): [string, string] => {
      const [, after] = page.split(`\n## ${number} ${title}\n`);
      return [number, onOneLine(after!.split("\n## ")[0]!)];
    });
  }),
);

/** The mutants of the NumPy port in one of the tables of its file. */
function mutantsIn(table: string): string[] {
  const text = new RegExp(`^${table} = \\{\n(.*?)\n\\}`, "ms").exec(
    readFileSync(here("numpy/mutants.py"), "utf8"),
  )![1]!;
  return [...text.matchAll(/^ {4}"([\w-]+)":/gm)].map(([, name]) => name!);
}

const known = misreadings.map(({ name }) => name);
const mutants = new Set([...known, ...mutantsIn("STRANGERS")]);

test("every mutant but the strangers is a known misreading (mutant: one that the diagnosis cannot name)", () => {
  expect(mutantsIn("MORE").length).toBeGreaterThan(50);
  expect(mutantsIn("MORE").filter((name) => !known.includes(name))).toEqual([]);
  expect(mutantsIn("STRANGERS").filter((name) => known.includes(name))).toEqual([]);
});

test.each(rules)("$requirement: $sentence", ({ requirement, sentence, mutants: breaking }) => {
  // Mutants: a sentence that the page does not have; a mutant that nobody has written.
  expect(sections.get(requirement)).toContain(onOneLine(sentence));
  expect(breaking).not.toEqual([]);
  for (const name of breaking) expect(mutants).toContain(name);
});

test("every mutant breaks a rule, and every requirement with an operation has a rule (mutant: a line left out)", () => {
  const breaking = rules.flatMap((rule) => rule.mutants);
  expect([...mutants].filter((name) => !breaking.includes(name))).toEqual([]);
  const ruled = new Set(rules.map(({ requirement }) => requirement));
  expect([...requirementsWithOperation].filter((number) => !ruled.has(number))).toEqual([]);
});
