// A child for tests of src/cli/processes.ts: does what its job says.
import { InputError } from "../../src/io/error.ts";
import { answerParent } from "../../src/cli/processes.ts";

export interface Echo {
  name: string;
  /** Numbers in each of `parts` parts. */
  numbers: number;
  parts: number;
  fails?: "input" | "otherwise";
}

await answerParent((given, send) => {
  const { name, numbers, parts, fails } = given as Echo;
  if (fails === "input") throw new InputError(`${name} is wrong; expected another`);
  if (fails === "otherwise") process.exit(3);
  for (let part = 0; part < parts; part++) send({ name, part, values: new Float64Array(numbers).fill(part) });
  return Promise.resolve();
});
