import { openEngine } from "./engines.ts";
import { matrixProductGflops } from "./gflops.ts";

// One engine in a process of its own: prints what it is and how fast as a line of JSON. Used by `npm run engine` and `npm run doctor`.
const engine = await openEngine(process.argv[2], "products");
process.stdout.write(`${JSON.stringify({ ...engine, gflops: await matrixProductGflops() })}\n`);
