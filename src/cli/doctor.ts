import { ENGINES } from "../backend/engines.ts";
import { probe } from "../backend/probe.ts";
import { command, main } from "./command.ts";

await main(
  command("doctor", "Shows Node, each engine with version, device and speed, and how to mend what is missing.").action(
    () => {
      const say = (text: string): void => void process.stdout.write(`${text}\n`);
      say(`node        ${process.version} on ${process.platform} ${process.arch}`);
      for (const name of ENGINES) {
        const result = probe(name);
        say(
          "reason" in result
            ? `${name.padEnd(11)} ${result.reason.replace(`${name} is `, "")}`
            : `${name.padEnd(11)} ${result.version} on ${result.device}, ${result.gflops.toFixed(0)} GFLOP/s in a matrix product`,
        );
      }
    },
  ),
);
