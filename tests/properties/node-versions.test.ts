import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

// Kills: a Node that package.json promises and that nothing is tried on.
test("the tests of pull requests run on the oldest Node of each line that package.json names", () => {
  const { engines } = JSON.parse(readFileSync("package.json", "utf8")) as { engines: { node: string } };
  const workflow = readFileSync(".github/workflows/ci.yml", "utf8");
  const tried = /node: \[(.*)\]/.exec(workflow)![1]!.match(/\d+\.\d+\.\d+/g);
  expect(tried).toEqual(engines.node.match(/\d+\.\d+\.\d+/g));
});
