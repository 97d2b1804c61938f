import type { z } from "zod";
import { InputError } from "./error.ts";

const TYPES: Record<string, string> = {
  number: "a finite number",
  int: "a whole number",
  boolean: "true or false",
  string: "text",
  record: "an object",
};

/** What a value that zod refused should have been, in words. */
export function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return TYPES[issue.expected] ?? `an ${issue.expected}`;
    case "invalid_value":
      return `one of ${issue.values.join(", ")}`;
    case "too_small":
      return `${counted(issue.origin)} ${issue.inclusive ? "of at least" : "above"} ${issue.minimum}`;
    case "too_big":
      return `${counted(issue.origin)} ${issue.inclusive ? "of at most" : "below"} ${issue.maximum}`;
    default:
      return issue.message;
  }
}

/** `value`, read from the file `from`, as the schema has it. Throws an InputError that says it is not `what`, and where. */
export function parsedAs<T>(schema: z.ZodType<T>, value: unknown, from: string, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  throw new InputError(
    `${from} is not ${what}: ${issue.path.join(".") || "its content"}; expected ${expectation(issue)}`,
  );
}

function counted(origin: string): string {
  return origin === "array" || origin === "string" ? "a length" : "a number";
}
