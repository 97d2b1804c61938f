import { z } from "zod";
import { operationNames, operations, parametersSchema } from "../port/operations.ts";
import type { FieldNotes } from "../port/shapes.ts";

const BEGIN = "<!-- Made by `npm run golden:vectors` from src/port/operations.ts: do not edit. -->";
const END = "<!-- End of what is made. -->";

/** The families of operations, by the letter of the requirement under which each is filed. */
const families: [letter: string, title: string][] = [
  ["D", "Data"],
  ["N", "Network"],
  ["L", "Losses"],
  ["T", "Training"],
  ["M", "Measures"],
];

/**
 * A page with the glossary of all operations between its two markers.
 * @throws Error if the page lacks the markers
 */
export function withGlossary(page: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`the page lacks the markers; expected ${BEGIN} and ${END}`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${glossary()}\n\n${page.slice(end)}`;
}

function glossary(): string {
  const shared = new Map<string, z.ZodObject>([["Parameters", parametersSchema]]);
  const sections = families.flatMap(([letter, title]) => [
    `### ${title}`,
    ...operationNames
      .filter((name) => operations[name].requirements[0].startsWith(letter))
      .map((name) => {
        const { says, requirements, input, output } = operations[name];
        for (const schema of [input, output]) gather(schema, shared);
        const heading = `#### \`${name}\` (${requirements.join(", ")})`;
        const result = idOf(output) ? `- ${link(idOf(output)!)}` : fields(output);
        return [heading, says, "Input:", fields(input), "Output:", result].join("\n\n");
      }),
  ]);
  const objects = [...shared].map(([id, schema]) =>
    [`#### ${id}`, notesOf(schema).description ?? "", fields(schema)].join("\n\n"),
  );
  return [...sections, "### Objects", ...objects].join("\n\n");
}

/** A line for each field: its name, its shape, and its meaning. */
function fields(schema: z.ZodObject): string {
  return Object.entries(schema.shape as Record<string, z.ZodType>)
    .map(([name, field]) => {
      const { shape, description } = notesOf(field);
      const inner = innermost(field);
      const id = idOf(inner);
      const optional = field instanceof z.ZodExactOptional ? "may be left out; " : "";
      const size = shape ? ` ${shape}` : "";
      const of = id ? `${link(id)}: ` : "";
      return `- \`${name}${size}\`: ${optional}${of}${description ?? ""}`;
    })
    .join("\n");
}

/** Collects the objects that have a name of their own, in the order in which they are first used. */
function gather(schema: z.ZodType, into: Map<string, z.ZodObject>): void {
  const inner = innermost(schema);
  if (!(inner instanceof z.ZodObject)) return;
  const id = idOf(inner);
  if (id) into.set(id, into.get(id) ?? inner);
  const fieldsOf: Record<string, z.ZodType> = inner.shape;
  for (const field of Object.values(fieldsOf)) gather(field, into);
}

/** What a list or an optional field is made of. */
function innermost(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodArray) return innermost(schema.element as z.ZodType);
  if (isWrapped(schema)) return innermost(schema.unwrap() as z.ZodType);
  return schema;
}

/** Whether a value may be left out or null. */
function isWrapped(schema: z.ZodType): schema is z.ZodExactOptional | z.ZodNullable {
  return schema instanceof z.ZodExactOptional || schema instanceof z.ZodNullable;
}

function notesOf(schema: z.ZodType): FieldNotes {
  const inner = isWrapped(schema) ? notesOf(schema.unwrap() as z.ZodType) : {};
  return { ...inner, ...(schema.meta() as FieldNotes | undefined) };
}

/** The name of an object that several operations share. A described copy of it has lost its id, but has its fields. */
function idOf(schema: z.ZodType): string | undefined {
  for (let at: z.core.$ZodType | undefined = schema; at; at = at._zod.parent) {
    const id = z.globalRegistry.get(at)?.id;
    if (id) return id;
  }
  return undefined;
}

function link(id: string): string {
  return `[${id}](#${id.toLowerCase()})`;
}
