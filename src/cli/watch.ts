import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { InputError } from "../io/error.ts";
import { makeWritable, writeAtomically } from "../io/files.ts";
import { buildPage } from "../watch/build.ts";
import { serve } from "../watch/serve.ts";
import { command, main, wholeNumber } from "./command.ts";

interface Flags {
  out?: string;
  port?: number;
}

const program = command("watch", "Serves a page on this machine that trains a network while you watch. Ctrl-C ends it.")
  .option("--port <number>", "number of the TCP port (default: any free one)", wholeNumber)
  .option("--out <folder>", "writes the page to a folder, for any web server, and serves nothing")
  .action(async ({ out, port = 0 }: Flags) => {
    if (port > 65_535) throw new InputError(`--port is ${port}; expected a whole number of at most 65535`);
    const files = await buildPage();
    if (out !== undefined) {
      makeWritable(out);
      for (const [path, content] of files) {
        makeWritable(dirname(join(out, path)));
        writeAtomically(join(out, path), content);
      }
      process.stdout.write(`page: ${join(out, "index.html")}\n`);
      return;
    }
    const server = await serve(files, port);
    const { port: taken } = server.address() as AddressInfo;
    process.stdout.write(`watch at http://127.0.0.1:${taken}/ and end with Ctrl-C\n`);
    const stop = (): void => {
      server.close();
      server.closeAllConnections();
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, stop);
  });

await main(program);
