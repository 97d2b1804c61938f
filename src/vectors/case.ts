import type { Operations } from "../port/operations.ts";
import type { MeasureOperations } from "./measure-operations.ts";

/** Every operation that vectors are made for, with its input and output. */
export type AllOperations = Operations & MeasureOperations;

/** The name of an operation. */
export type OperationName = keyof AllOperations;

/** A case before it is answered: which operation on which input, what it holds an implementation to, and what is special about it. */
export type Case = {
  [Name in OperationName]: {
    operation: Name;
    name: string;
    requirements: string[];
    about: string;
    input: AllOperations[Name]["input"];
  };
}[OperationName];

/** Makes the cases of one operation: all share its requirements. */
export function casesOf<Name extends OperationName>(operation: Name, requirements: string[]) {
  return (name: string, about: string, input: AllOperations[Name]["input"]): Case =>
    ({ operation, name, requirements, about, input }) as Case;
}
