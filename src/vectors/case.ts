import type { OperationName, Operations } from "../port/operations.ts";

/** A case without its answer: the operation, the input, and a few words on what is special about it. */
export type Case = {
  [Name in OperationName]: { operation: Name; name: string; about: string; input: Operations[Name]["input"] };
}[OperationName];

/** Makes the cases of one operation. */
export function casesOf<Name extends OperationName>(operation: Name) {
  return (name: string, about: string, input: Operations[Name]["input"]): Case =>
    ({ operation, name, about, input }) as Case;
}
