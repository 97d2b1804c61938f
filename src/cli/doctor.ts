import { ENGINES } from "../backend/engines.ts";
import { probe } from "../backend/probe.ts";
import { textTable } from "../io/text-table.ts";
import { command, main } from "./command.ts";

await main(
  command(
    "doctor",
    "Shows the version, device and speed of each engine, and explains how to get what is missing.",
  ).action(() => {
    const engines = ENGINES.map((name) => {
      const result = probe(name);
      return "reason" in result
        ? [name, result.reason.replace(new RegExp(`^${name} (is )?`), "")]
        : [name, `${result.version} on ${result.device}, ${result.gflops.toFixed(0)} GFLOP/s in a matrix product`];
    });
    const node = ["node", `${process.version} on ${process.platform} ${process.arch}`];
    process.stdout.write(`${textTable([node, ...engines]).join("\n")}\n`);
  }),
);
